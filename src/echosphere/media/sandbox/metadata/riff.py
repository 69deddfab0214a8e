"""Strips WAV and AVI files: chunks that are not needed for playback become `JUNK`."""

from collections.abc import Iterator
from typing import NamedTuple

from echosphere.media.sandbox.inspection import UnreadableError
from echosphere.media.sandbox.metadata.file_patch import BoundedReader, FilePatch, RecordingInfo

KEPT = {
    b"WAVE": frozenset(
        {b"fmt ", b"data", b"fact", b"cue ", b"smpl", b"inst", b"plst", b"PEAK", b"wavl", b"slnt",
         b"ds64"}
    ),
    b"AVI ": frozenset({b"movi", b"hdrl", b"idx1"}),
    b"AVIX": frozenset({b"movi", b"idx1"}),
    b"hdrl": frozenset({b"avih", b"strl", b"odml"}),
    b"strl": frozenset({b"strh", b"strf", b"indx", b"vprp"}),
}  # fmt: skip
"""The chunks that are kept, by parent; `LIST` and `RIFF` chunks count by their form type."""

LISTS = (b"LIST", b"RIFF")


class Chunk(NamedTuple):
    """A chunk: its type, and the positions of its start, its content and its end."""

    kind: bytes
    start: int
    body: int
    end: int


def strip_riff(reader: BoundedReader, patch: FilePatch, kind: str) -> RecordingInfo:
    """Add the personal metadata to the patch, and return what the file is.

    Raises:
        UnreadableError: It cannot be parsed completely.
    """
    name = reader.read(8, 4)
    end = 0
    while end + 12 <= reader.size and reader.read(end, 4) in (b"RIFF", b"RF64"):
        first = _chunk(reader, end, reader.size)
        inside = reader.read(first.body, 4)
        if inside not in KEPT:
            raise UnreadableError("it is of an unknown kind")
        _strip_chunk(reader, first, inside, patch)
        end = first.end
        if inside not in (b"AVI ", b"AVIX"):
            break
    patch.truncate(min(end + end % 2, reader.size))
    return _inspect_avi(reader, kind) if name == b"AVI " else RecordingInfo(kind)


def _strip_chunk(reader: BoundedReader, parent: Chunk, inside: bytes, patch: FilePatch) -> None:
    for chunk in _chunks(reader, parent):
        name = reader.read(chunk.body, 4) if chunk.kind in LISTS else chunk.kind
        if name not in KEPT[inside]:
            patch.write(chunk.start, b"JUNK")
            patch.fill(chunk.body, chunk.end)
        elif name in KEPT:
            _strip_chunk(reader, chunk, name, patch)
        elif name == b"strh" and reader.read(chunk.body, 4) not in (b"vids", b"auds"):
            raise UnreadableError("it has data that cannot be judged")


def _chunks(reader: BoundedReader, parent: Chunk) -> Iterator[Chunk]:
    position = parent.body + 4
    while position + 8 <= parent.end:
        chunk = _chunk(reader, position, parent.end)
        yield chunk
        position = chunk.end + chunk.end % 2


def _chunk(reader: BoundedReader, start: int, end: int) -> Chunk:
    """Return a chunk, limited to its parent.

    Recorders that are switched off, and files above 4 GiB, leave lengths that are too large.
    """
    reader.count_part()
    kind, size = reader.read(start, 4), int.from_bytes(reader.read(start + 4, 4), "little")
    return Chunk(kind, start, start + 8, min(start + 8 + size, end))


def _inspect_avi(reader: BoundedReader, kind: str) -> RecordingInfo:
    """Read the main header of an AVI file, which has a fixed position."""
    if reader.read(24, 4) != b"avih":
        return RecordingInfo(kind)
    head = reader.read(32, 40)
    each, frames, width, height = (
        int.from_bytes(head[at : at + 4], "little") for at in (0, 16, 32, 36)
    )
    duration = min(each * frames // 1000, 2**31 - 1) or None
    return RecordingInfo(kind, min(width, 65535) or None, min(height, 65535) or None, duration)
