"""The boxes of ISO base media files (ISO 14496-12): what MP4, QuickTime, 3GP, HEIF, AVIF are made of."""

from collections.abc import Iterator
from typing import NamedTuple

from echosphere.attachments.sandbox.outcome import UnreadableError
from echosphere.attachments.sandbox.recordings.source import Overwrites, Source

EMPTY = frozenset({b"free", b"skip", b"wide"})


class Box(NamedTuple):
    """A box: its kind, where it starts, where its content starts, and where it ends."""

    kind: bytes
    start: int
    body: int
    end: int


def children(source: Source, start: int, end: int) -> Iterator[Box]:
    """Yield the boxes that fill a stretch; fewer than eight bytes at its end are no box.

    Raises:
        UnreadableError: A box is longer than what it lies in, or shorter than its own head.
    """
    while start + 8 <= end:
        box = read_box(source, start, end)
        if box is None:
            raise UnreadableError("a box has an impossible length")
        yield box
        start = box.end


def read_box(source: Source, start: int, end: int) -> Box | None:
    """Return the box at a position; None if its length is impossible."""
    source.count_part()
    head = source.read(start, 8)
    size, body = int.from_bytes(head[:4]), start + 8
    if size == 1 and start + 16 <= end:
        size, body = source.number(body, 8), start + 16
    elif size == 0:
        size = end - start
    if size < body - start or start + size > end:
        return None
    return Box(head[4:8], start, body, start + size)


def empty(box: Box, overwrites: Overwrites) -> None:
    """Turn a box into free space of the same length: nothing behind it moves."""
    overwrites.put(box.start + 4, b"free")
    overwrites.zero(box.body, box.end)
