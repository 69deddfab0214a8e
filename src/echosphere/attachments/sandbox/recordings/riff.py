"""Cleans WAV and AVI files: chunks that are not needed for playing become `JUNK`."""

from collections.abc import Iterator
from typing import NamedTuple

from echosphere.attachments.sandbox.outcome import UnreadableError
from echosphere.attachments.sandbox.recordings.source import Facts, Overwrites, Source

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
"""What is kept where; chunks of the kinds `LIST` and `RIFF` count by the name inside them."""

LISTS = (b"LIST", b"RIFF")


class Chunk(NamedTuple):
    """A chunk: its kind, where it starts, where its content starts, and where it ends."""

    kind: bytes
    start: int
    body: int
    end: int


def clean_riff(source: Source, overwrites: Overwrites, kind: str) -> Facts:
    """Find what tells about the owner, and what the file consists of.

    Raises:
        UnreadableError: It cannot be followed to its end.
    """
    name = source.read(8, 4)
    end = 0
    while end + 12 <= source.size and source.read(end, 4) in (b"RIFF", b"RF64"):
        first = _chunk(source, end, source.size)
        inside = source.read(first.body, 4)
        if inside not in KEPT:
            raise UnreadableError("it is of an unknown kind")
        _clean(source, first, inside, overwrites)
        end = first.end
        if inside not in (b"AVI ", b"AVIX"):
            break
    overwrites.cut(min(end + end % 2, source.size))
    return _film(source, kind) if name == b"AVI " else Facts(kind)


def _clean(source: Source, parent: Chunk, inside: bytes, overwrites: Overwrites) -> None:
    for chunk in _chunks(source, parent):
        name = source.read(chunk.body, 4) if chunk.kind in LISTS else chunk.kind
        if name not in KEPT[inside]:
            overwrites.put(chunk.start, b"JUNK")
            overwrites.zero(chunk.body, chunk.end)
        elif name in KEPT:
            _clean(source, chunk, name, overwrites)
        elif name == b"strh" and source.read(chunk.body, 4) not in (b"vids", b"auds"):
            raise UnreadableError("it has data that cannot be judged")


def _chunks(source: Source, parent: Chunk) -> Iterator[Chunk]:
    place = parent.body + 4
    while place + 8 <= parent.end:
        chunk = _chunk(source, place, parent.end)
        yield chunk
        place = chunk.end + chunk.end % 2


def _chunk(source: Source, start: int, end: int) -> Chunk:
    """Return a chunk; one that is said to be longer than its parent goes to the parent's end.

    Recorders that were switched off leave such, and files above 4 GiB have no true lengths here.
    """
    source.count_part()
    kind, size = source.read(start, 4), int.from_bytes(source.read(start + 4, 4), "little")
    return Chunk(kind, start, start + 8, min(start + 8 + size, end))


def _film(source: Source, kind: str) -> Facts:
    """Read the main head of an AVI file, which stands at a fixed place."""
    if source.read(24, 4) != b"avih":
        return Facts(kind)
    head = source.read(32, 40)
    each, frames, width, height = (
        int.from_bytes(head[at : at + 4], "little") for at in (0, 16, 32, 36)
    )
    duration = min(each * frames // 1000, 2**31 - 1) or None
    return Facts(kind, min(width, 65535) or None, min(height, 65535) or None, duration)
