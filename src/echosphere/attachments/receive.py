"""Receives the one file of a multipart request into a local file, in bounded memory."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

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

from echosphere.attachments.attachment import clean_name
from echosphere.attachments.content_type import HEAD
from echosphere.core.errors import Invalid, TooLarge, Unavailable

FIELD = "file"
PIECE = 64 * 1024
"""Bytes that are given to the parser at once."""

MAX_HEADERS = 16 * 1024
"""Bytes of a part's headers, and of what surrounds the part."""

MAX_BOUNDARY = 70
"""RFC 2046, section 5.1.1."""

WRITTEN_AT_ONCE = 256 * 1024

MAX_AT_ONCE = 32
"""Files that are received at the same time; each takes a megabyte of memory, wherever it waits."""

LONGEST_WAIT = 10.0
"""Seconds that a sender waits, unread, for one of the others to finish."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How slow a sender may be.

    Attributes:
        silence: Seconds without a byte.
        start: Seconds before the speed counts.
        speed: Bytes a second, on average since the start.
    """

    silence: float = 30.0
    start: float = 30.0
    speed: int = 4096


@dataclass(slots=True)
class Received:
    """A file that has arrived: where it lies, how it was called, how it begins."""

    path: Path
    name: str = ""
    size: int = 0
    head: bytearray = field(default_factory=bytearray)


def boundary_of(content_type: str | None, content_length: int | None, most: int) -> bytes:
    """Return what separates the parts of a request.

    Raises:
        Invalid: It is no multipart form.
        TooLarge: It says that it is longer than a file may be.
    """
    kind, options = parse_options_header(content_type)
    boundary = options.get("boundary", "").encode("latin-1", errors="replace")
    if kind != "multipart/form-data" or not 1 <= len(boundary) <= MAX_BOUNDARY:
        raise Invalid("Send the file as multipart/form-data, in the field 'file'.")
    if (content_length or 0) > most + 2 * MAX_HEADERS:
        raise too_large(most)
    return boundary


def too_large(most: int) -> TooLarge:
    """Return the refusal of a file that is longer than `most` bytes."""
    return TooLarge(f"A file may have {most // (1024 * 1024)} MiB at most.")


_places = asyncio.Semaphore(MAX_AT_ONCE)


@asynccontextmanager
async def _a_place() -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(LONGEST_WAIT):
            await _places.acquire()
    except TimeoutError:
        sentence = "Too many files are arriving just now. Try again soon."
        raise Unavailable(sentence, retry_after=5) from None
    try:
        yield
    finally:
        _places.release()


async def receive_file(
    body: AsyncIterator[bytes], boundary: bytes, path: Path, most: int, patience: Patience
) -> Received:
    """Write the file of a multipart body to `path`, which is made.

    Raises:
        Invalid: Not one file in the field `file`, an empty one, or no proper form.
        TooLarge: More than `most` bytes.
        RequestTimeout: The sender is too slow.
        Unavailable: As many others are sending as the server has memory for.
    """
    async with _a_place():
        return await _receive(body, _Form(boundary, Received(path), most), patience)


async def _receive(body: AsyncIterator[bytes], form: "_Form", patience: Patience) -> Received:
    path = form.received.path
    with await asyncio.to_thread(path.open, "xb") as file:
        try:
            async for piece in _paced(body, patience):
                form.take(piece)
                if len(form.waiting) >= WRITTEN_AT_ONCE:
                    await _write(file, form.waiting)
            form.finish()
        except UnicodeDecodeError as error:
            raise Invalid("The form's headers are not text in UTF-8.") from error
        except ValueError as error:
            raise Invalid("The body is not a complete multipart form.") from error
        await _write(file, form.waiting)
    return form.received


async def _write(file: BinaryIO, waiting: bytearray) -> None:
    await asyncio.to_thread(file.write, bytes(waiting))
    waiting.clear()


async def _paced(body: AsyncIterator[bytes], patience: Patience) -> AsyncIterator[memoryview]:
    """Pass the body on in pieces; give up on a sender who only wants to hold a connection."""
    clock = asyncio.get_running_loop().time
    started, count = clock(), 0
    pieces = aiter(body)
    while True:
        slowest = started + patience.start + count / patience.speed
        try:
            async with asyncio.timeout_at(min(clock() + patience.silence, slowest)):
                chunk = await anext(pieces)
        except StopAsyncIteration:
            return
        except TimeoutError:
            raise RequestTimeout("The file arrived too slowly. Try again.") from None
        count += len(chunk)
        for place in range(0, len(chunk), PIECE):
            yield memoryview(chunk)[place : place + PIECE]


class _Form:
    """Follows a multipart form that must consist of one file.

    Attributes:
        waiting: Bytes of the file that are still to be written.
    """

    def __init__(self, boundary: bytes, received: Received, most: int) -> None:
        self.received = received
        self.waiting = bytearray()
        self._most = most
        self._found = False
        self._complete = False
        self._surplus = 0
        self._decoder = MultipartDecoder(boundary, PIECE + MAX_HEADERS, max_parts=2)

    def take(self, piece: memoryview) -> None:
        """Follow the next bytes of the body."""
        if self._complete:
            self._surplus += len(piece)
            if self._surplus > MAX_HEADERS:
                raise Invalid("The form goes on after its end.")
        self._feed(bytes(piece))

    def finish(self) -> None:
        """Make sure that the form was complete and had a file in it."""
        self._feed(None)
        if not self._found:
            raise _no_file()
        if self.received.size == 0:
            raise Invalid("The file is empty.", fields={FIELD: "is empty"})

    def _feed(self, data: bytes | None) -> None:
        try:
            self._decoder.receive_data(data)
            for event in self._events():
                self._follow(event)
        except HTTPException as error:  # the decoder's own limit on headers and parts
            raise Invalid("The form's parts or headers are too long.") from error

    def _events(self) -> Iterator[Event]:
        while not isinstance(event := self._decoder.next_event(), NeedData):
            yield event
            if isinstance(event, Epilogue):
                return

    def _follow(self, event: Event) -> None:
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
        self.received.name = clean_name(part.filename)

    def _add(self, part: Data) -> None:
        self.received.size += len(part.data)
        if self.received.size > self._most:
            raise too_large(self._most)
        missing = HEAD - len(self.received.head)
        if missing > 0:
            self.received.head += part.data[:missing]
        self.waiting += part.data
        self._complete = self._complete or not part.more_data


def _no_file() -> Invalid:
    return Invalid("Send one file in the field 'file'.", fields={FIELD: "is missing"})
