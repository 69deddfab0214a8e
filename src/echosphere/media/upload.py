"""Receives the one file of a multipart request into a local file, in bounded memory."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import msgspec
from werkzeug.exceptions import HTTPException, RequestTimeout
from werkzeug.http import parse_options_header
from werkzeug.sansio.multipart import (
    Data,
    Epilogue,
    Event,
    Field,
    File,
    MultipartDecoder,
    NeedData,
)

from echosphere.core.errors import Invalid, TooLarge, Unavailable
from echosphere.media.content_type import HEAD
from echosphere.media.file_name import clean_file_name

FIELD = "file"
CHUNK = 64 * 1024
"""Bytes passed to the parser at once."""

MAX_HEADERS = 16 * 1024
"""Bytes of a part's headers, and of what surrounds the part."""

MAX_BOUNDARY = 70
"""RFC 2046, section 5.1.1."""

WRITE_BUFFER = 256 * 1024

MAX_CONCURRENT = 32
"""Files received at the same time; each takes a megabyte of memory, wherever it waits."""

MAX_WAIT = 10.0
"""Seconds that an upload waits, unread, for one of the others to finish."""


class UploadTimeouts(msgspec.Struct, frozen=True):
    """How slow a client may be.

    Attributes:
        idle: Seconds without a byte.
        grace: Seconds before the average speed counts.
        min_speed: Bytes a second on average.
    """

    idle: float = 30.0
    grace: float = 30.0
    min_speed: int = 4096


@dataclass(slots=True)
class ReceivedFile:
    """A complete file: its path, the name that the client gave it, its size and first bytes."""

    path: Path
    name: str = ""
    size: int = 0
    head: bytearray = field(default_factory=bytearray)


def multipart_boundary(content_type: str | None, content_length: int | None, limit: int) -> bytes:
    """Return the boundary between the parts of a request.

    Raises:
        Invalid: It is not a multipart form.
        TooLarge: It is declared to be longer than a file may be.
    """
    kind, options = parse_options_header(content_type)
    boundary = options.get("boundary", "").encode("latin-1", errors="replace")
    if kind != "multipart/form-data" or not 1 <= len(boundary) <= MAX_BOUNDARY:
        raise Invalid("Send the file as multipart/form-data, in the field 'file'.")
    if (content_length or 0) > limit + 2 * MAX_HEADERS:
        raise too_large(limit)
    return boundary


def too_large(limit: int) -> TooLarge:
    """Return the refusal of a file that is longer than `limit` bytes."""
    return TooLarge(f"A file may have {limit // (1024 * 1024)} MiB at most.")


_slots = asyncio.Semaphore(MAX_CONCURRENT)


@asynccontextmanager
async def _upload_slot() -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(MAX_WAIT):
            await _slots.acquire()
    except TimeoutError:
        sentence = "Too many files are arriving just now. Try again soon."
        raise Unavailable(sentence, retry_after=5) from None
    try:
        yield
    finally:
        _slots.release()


async def receive_file(
    body: AsyncIterator[bytes], boundary: bytes, path: Path, limit: int, timeouts: UploadTimeouts
) -> ReceivedFile:
    """Write the file of a multipart body to `path`, which must not exist.

    Raises:
        Invalid: There is not exactly one file, in the field `file`, or it is empty, or the form is
            malformed.
        TooLarge: It has more than `limit` bytes.
        RequestTimeout: The client is too slow.
        Unavailable: Too many uploads are running.
    """
    async with _upload_slot():
        return await _receive(body, _FormParser(boundary, ReceivedFile(path), limit), timeouts)


async def _receive(
    body: AsyncIterator[bytes], form: "_FormParser", timeouts: UploadTimeouts
) -> ReceivedFile:
    path = form.received.path
    with await asyncio.to_thread(path.open, "xb") as file:
        try:
            async for chunk in _read_chunks(body, timeouts):
                form.feed(chunk)
                if len(form.unwritten) >= WRITE_BUFFER:
                    await _write(file, form.unwritten)
            form.finish()
        except UnicodeDecodeError as error:
            raise Invalid("The form's headers are not text in UTF-8.") from error
        except ValueError as error:
            raise Invalid("The body is not a complete multipart form.") from error
        await _write(file, form.unwritten)
    return form.received


async def _write(file: BinaryIO, unwritten: bytearray) -> None:
    await asyncio.to_thread(file.write, bytes(unwritten))
    unwritten.clear()


async def _read_chunks(
    body: AsyncIterator[bytes], timeouts: UploadTimeouts
) -> AsyncIterator[memoryview]:
    """Yield the body in chunks; refuse clients that only want to hold a connection."""
    clock = asyncio.get_running_loop().time
    started, count = clock(), 0
    parts = aiter(body)
    while True:
        too_slow_at = started + timeouts.grace + count / timeouts.min_speed
        try:
            async with asyncio.timeout_at(min(clock() + timeouts.idle, too_slow_at)):
                part = await anext(parts)
        except StopAsyncIteration:
            return
        except TimeoutError:
            raise RequestTimeout("The file arrived too slowly. Try again.") from None
        count += len(part)
        for start in range(0, len(part), CHUNK):
            yield memoryview(part)[start : start + CHUNK]


class _FormParser:
    """Parses a multipart form that must consist of one file.

    Attributes:
        unwritten: Bytes of the file that are not on disk yet.
    """

    def __init__(self, boundary: bytes, received: ReceivedFile, limit: int) -> None:
        self.received = received
        self.unwritten = bytearray()
        self._limit = limit
        self._found = False
        self._complete = False
        self._surplus = 0
        self._decoder = MultipartDecoder(boundary, CHUNK + MAX_HEADERS, max_parts=2)

    def feed(self, chunk: memoryview) -> None:
        """Parse the next bytes of the body."""
        if self._complete:
            self._surplus += len(chunk)
            if self._surplus > MAX_HEADERS:
                raise Invalid("The form goes on after its end.")
        self._decode(bytes(chunk))

    def finish(self) -> None:
        """Check that the form was complete and had a file in it."""
        self._decode(None)
        if not self._found:
            raise _no_file()
        if self.received.size == 0:
            raise Invalid("The file is empty.", fields={FIELD: "is empty"})

    def _decode(self, data: bytes | None) -> None:
        try:
            self._decoder.receive_data(data)
            for event in self._events():
                self._handle(event)
        except HTTPException as error:  # the decoder's own limit on headers and parts
            raise Invalid("The form's parts or headers are too long.") from error

    def _events(self) -> Iterator[Event]:
        while not isinstance(event := self._decoder.next_event(), NeedData):
            yield event
            if isinstance(event, Epilogue):
                return

    def _handle(self, event: Event) -> None:
        if isinstance(event, (File, Field)):
            self._begin(event)
        elif isinstance(event, Data):
            self._add(event)

    def _begin(self, part: File | Field) -> None:
        if self._found:
            raise Invalid("Send one file at a time.", fields={FIELD: "is given more than once"})
        if not isinstance(part, File) or part.name != FIELD:
            raise _no_file()
        self._found = True
        self.received.name = clean_file_name(part.filename)

    def _add(self, part: Data) -> None:
        self.received.size += len(part.data)
        if self.received.size > self._limit:
            raise too_large(self._limit)
        missing = HEAD - len(self.received.head)
        if missing > 0:
            self.received.head += part.data[:missing]
        self.unwritten += part.data
        self._complete = self._complete or not part.more_data


def _no_file() -> Invalid:
    return Invalid("Send one file in the field 'file'.", fields={FIELD: "is missing"})
