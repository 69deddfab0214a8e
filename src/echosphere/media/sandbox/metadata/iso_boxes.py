"""The boxes of ISO base media files (ISO 14496-12), such as MP4, QuickTime, 3GP, HEIF and AVIF."""

from collections.abc import Iterator
from typing import NamedTuple

from echosphere.media.sandbox.inspection import UnreadableError
from echosphere.media.sandbox.metadata.file_patch import BoundedReader, FilePatch

EMPTY = frozenset({b"free", b"skip", b"wide"})


class Box(NamedTuple):
    """A box: its type, and the positions of its start, its content and its end."""

    kind: bytes
    start: int
    body: int
    end: int


def iterate_boxes(reader: BoundedReader, start: int, end: int) -> Iterator[Box]:
    """Yield the boxes of a range; fewer than eight bytes at its end are ignored.

    Raises:
        UnreadableError: A box is longer than its parent, or shorter than its own header.
    """
    while start + 8 <= end:
        box = read_box(reader, start, end)
        if box is None:
            raise UnreadableError("a box has an impossible length")
        yield box
        start = box.end


def read_box(reader: BoundedReader, start: int, end: int) -> Box | None:
    """Return the box at a position; None if its length is impossible."""
    reader.count_part()
    head = reader.read(start, 8)
    size, body = int.from_bytes(head[:4]), start + 8
    if size == 1 and start + 16 <= end:
        size, body = reader.number(body, 8), start + 16
    elif size == 0:
        size = end - start
    if size < body - start or start + size > end:
        return None
    return Box(head[4:8], start, body, start + size)


def make_free(box: Box, patch: FilePatch) -> None:
    """Turn a box into free space of the same length: nothing behind it moves."""
    patch.write(box.start + 4, b"free")
    patch.fill(box.body, box.end)
