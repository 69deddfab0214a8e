"""Receives the files of a multipart request into local files, in bounded memory."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from pathlib import Path

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
MAX_FIELDS = 50
"""Fields of a form beside its files."""

MAX_CONCURRENT = 32
"""Requests with files received at the same time; each takes a megabyte of memory, wherever it waits,
and the text beside the files."""

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


class FormLimits(msgspec.Struct, frozen=True):
    """What a form may have.

    Attributes:
        file_size: Bytes of each file.
        files: How many files.
        text: Bytes of all other fields together; 0 where there may be none.
    """

    file_size: int
    files: int = 1
    text: int = 0

    @property
    def total(self) -> int:
        """Bytes of a whole form, without what surrounds its parts."""
        return self.files * self.file_size + self.text


@dataclass(frozen=True, slots=True)
class ReceivedForm:
    """A complete form: its files in their order, and its other fields."""

    files: list[ReceivedFile]
    fields: dict[str, str]


def multipart_boundary(
    content_type: str | None, content_length: int | None, limit: int | FormLimits
) -> bytes:
    """Return the boundary between the parts of a request.

    Args:
        content_type: Of the request.
        content_length: Its declared length, if it has one.
        limit: Bytes of a file, or what a form may have.

    Raises:
        Invalid: It is not a multipart form.
        TooLarge: It is declared to be longer than it may be.
    """
    most = FormLimits(limit) if isinstance(limit, int) else limit
    kind, options = parse_options_header(content_type)
    boundary = options.get("boundary", "").encode("latin-1", errors="replace")
    if kind != "multipart/form-data" or not 1 <= len(boundary) <= MAX_BOUNDARY:
        raise Invalid("Send the file as multipart/form-data, in the field 'file'.")
    parts = most.files + (MAX_FIELDS if most.text else 0)
    if (content_length or 0) > most.total + 2 * parts * MAX_HEADERS:
        raise too_large(most.file_size)
    return boundary


def too_large(limit: int) -> TooLarge:
    """Return the refusal of a file that is longer than `limit` bytes."""
    return TooLarge(f"A file can be up to {limit // (1024 * 1024)} MiB.")


_slots = asyncio.Semaphore(MAX_CONCURRENT)


@asynccontextmanager
async def _upload_slot() -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(MAX_WAIT):
            await _slots.acquire()
    except TimeoutError:
        sentence = "Too many files are arriving right now. Try again in a moment."
        raise Unavailable(sentence, retry_after=5) from None
    try:
        yield
    finally:
        _slots.release()


async def receive_file(
    body: AsyncIterator[bytes], boundary: bytes, path: Path, limit: int, timeouts: UploadTimeouts
) -> ReceivedFile:
    """Write the file of a multipart body to `path`, where there must be none.

    Raises:
        Invalid: There is not exactly one file, in the field `file`, or it is empty, or the form is
            malformed.
        TooLarge: It has more than `limit` bytes.
        RequestTimeout: The client is too slow.
        Unavailable: Too many uploads are running.
    """
    async with _upload_slot():
        form = _FileParser(boundary, FormLimits(limit), lambda: path)
        await _receive(body, form, timeouts)
    if not form.files:
        raise _no_file()
    return form.files[0]


async def receive_form(
    body: AsyncIterator[bytes],
    boundary: bytes,
    limits: FormLimits,
    new_path: Callable[[], Path],
    timeouts: UploadTimeouts,
) -> ReceivedForm:
    """Write the files of a multipart body, all in the field `file`, to new paths.

    Whoever calls removes them, also those of a form that is refused.

    Raises:
        Invalid: There are too many files, one is empty or in another field, or the form is malformed.
        TooLarge: A file, or the text beside the files, has too many bytes.
        RequestTimeout: The client is too slow.
        Unavailable: Too many uploads are running.
    """
    async with _upload_slot():
        form = _FormParser(boundary, limits, new_path)
        await _receive(body, form, timeouts)
    return ReceivedForm(form.files, form.fields())


async def _receive(
    body: AsyncIterator[bytes], form: "_FormParser", timeouts: UploadTimeouts
) -> None:
    try:
        async for chunk in _read_chunks(body, timeouts):
            form.feed(chunk)
            if sum(len(piece) for _, piece in form.unwritten) >= WRITE_BUFFER:
                await _write(form.unwritten)
        form.finish()
    except UnicodeDecodeError as error:
        raise Invalid("The form's headers are not text in UTF-8.") from error
    except ValueError as error:
        raise Invalid("The body is not a complete multipart form.") from error
    await _write(form.unwritten)


async def _write(unwritten: list[tuple[Path, bytes]]) -> None:
    await asyncio.to_thread(_append, unwritten)
    unwritten.clear()


def _append(pieces: list[tuple[Path, bytes]]) -> None:
    for path, of_file in groupby(pieces, key=itemgetter(0)):
        with path.open("ab") as file:
            file.writelines(piece for _, piece in of_file)


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
    """Parses a multipart form of files and texts.

    Attributes:
        files: Those whose beginning was seen.
        unwritten: Bytes of files that are not on disk yet, with the paths that they belong to.
    """

    def __init__(self, boundary: bytes, limits: FormLimits, new_path: Callable[[], Path]) -> None:
        self.files: list[ReceivedFile] = []
        self.unwritten: list[tuple[Path, bytes]] = []
        self._limits = limits
        self._new_path = new_path
        self._texts: dict[str, bytearray] = {}
        self._add: Callable[[Data], None] = self._add_to_file
        # One more than is allowed is seen, so that it can be said what is too much.
        parts = limits.files + 1 + (MAX_FIELDS if limits.text else 0)
        self._decoder = MultipartDecoder(boundary, CHUNK + MAX_HEADERS, max_parts=parts)

    def feed(self, chunk: memoryview) -> None:
        """Parse the next bytes of the body."""
        self._decode(bytes(chunk))

    def finish(self) -> None:
        """Check that the form was complete."""
        self._decode(None)

    def fields(self) -> dict[str, str]:
        """Return what is not a file; of several fields with the same name the last."""
        try:
            return {name: text.decode() for name, text in self._texts.items()}
        except UnicodeDecodeError as error:
            raise Invalid("The body is not text in UTF-8.") from error

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
        if isinstance(part, File):
            self._begin_file(part)
        elif part.name == FIELD:
            sentence = "The field 'file' contains no file. With curl, use -F file=@PATH."
            raise Invalid(sentence, fields={FIELD: "is not a file"})
        else:
            text = self._texts[part.name or ""] = bytearray()
            self._add = lambda data: self._add_to_text(text, data)

    def _begin_file(self, part: File) -> None:
        if part.name != FIELD:
            raise Invalid("Send files in the field 'file'.", fields={FIELD: "is missing"})
        if len(self.files) == self._limits.files:
            sentence = f"Send at most {self._limits.files} files with a message."
            raise Invalid(sentence, fields={FIELD: "is given too many times"})
        self.files.append(ReceivedFile(self._new_path(), clean_file_name(part.filename)))
        self._add = self._add_to_file

    def _add_to_file(self, part: Data) -> None:
        file = self.files[-1]
        file.size += len(part.data)
        if file.size > self._limits.file_size:
            raise too_large(self._limits.file_size)
        missing = HEAD - len(file.head)
        if missing > 0:
            file.head += part.data[:missing]
        self.unwritten.append((file.path, bytes(part.data)))
        if not part.more_data and file.size == 0:
            raise Invalid("The file is empty.", fields={FIELD: "is empty"})

    def _add_to_text(self, text: bytearray, part: Data) -> None:
        text += part.data
        if sum(map(len, self._texts.values())) > self._limits.text:
            raise TooLarge("The fields sent with the files are too large.")


class _FileParser(_FormParser):
    """Parses a multipart form that must consist of one file."""

    _surplus = 0
    _complete = False

    def feed(self, chunk: memoryview) -> None:
        """Parse the next bytes of the body."""
        if self._complete:
            self._surplus += len(chunk)
            if self._surplus > MAX_HEADERS:
                raise Invalid("The form continues after its end.")
        super().feed(chunk)

    def _begin(self, part: File | Field) -> None:
        if self.files:
            raise Invalid("Send one file at a time.", fields={FIELD: "is given more than once"})
        if not isinstance(part, File) or part.name != FIELD:
            raise _no_file()
        self._begin_file(part)

    def _add_to_file(self, part: Data) -> None:
        super()._add_to_file(part)
        self._complete = self._complete or not part.more_data


def _no_file() -> Invalid:
    return Invalid("Send one file in the field 'file'.", fields={FIELD: "is missing"})
