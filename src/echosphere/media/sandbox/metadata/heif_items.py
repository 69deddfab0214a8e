"""Erases the items of HEIF and AVIF files (ISO 23008-12) that are not images."""

from typing import NamedTuple

from echosphere.media.sandbox.inspection import UnreadableError
from echosphere.media.sandbox.metadata.file_patch import BoundedReader, FilePatch
from echosphere.media.sandbox.metadata.iso_boxes import EMPTY, Box, iterate_boxes, make_free

KEPT = frozenset(
    {b"hdlr", b"pitm", b"iinf", b"iloc", b"iprp", b"iref", b"idat", b"dinf", b"grpl", b"ipro"}
)
IMAGE_ITEMS = frozenset(
    {
        b"hvc1", b"hev1", b"lhv1", b"av01", b"avc1", b"vvc1", b"evc1", b"jpeg", b"j2k1", b"jxs1",
        b"unci", b"grid", b"iovl", b"iden", b"tmap", b"tili", b"mski", b"hvt1", b"vvs1",
    }
)  # fmt: skip
EMPTY_EXIF = b"\0\0\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0"
"""The offset of a TIFF header, and a TIFF header without entries."""


class Item(NamedTuple):
    """An item: its type, and the ranges of the file that it consists of."""

    kind: bytes
    ranges: list[tuple[int, int]]


def strip_items(reader: BoundedReader, meta: Box, patch: FilePatch) -> bool:
    """Strip a `meta` box; return whether it holds images.

    Raises:
        UnreadableError: It cannot be parsed, or stores an item in an unsupported way.
    """
    boxes = list(iterate_boxes(reader, meta.body + 4, meta.end))
    by_kind = {box.kind: box for box in boxes}
    if b"hdlr" not in by_kind or reader.read(by_kind[b"hdlr"].body + 8, 4) != b"pict":
        make_free(meta, patch)
        return False
    for box in boxes:
        if box.kind in EMPTY:
            patch.fill(box.body, box.end)
        elif box.kind not in KEPT:
            make_free(box, patch)
    patch.fill(by_kind[b"hdlr"].body + 12, by_kind[b"hdlr"].end)
    if b"iinf" not in by_kind or b"iloc" not in by_kind:
        raise UnreadableError("the items are not described")
    kinds = _kinds(reader, by_kind[b"iinf"])
    located = _Locations(reader, by_kind[b"iloc"], by_kind.get(b"idat"))
    for number, kind in kinds.items():
        if kind not in IMAGE_ITEMS:
            _erase(Item(kind, located.of(number)), patch)
    return True


def _erase(item: Item, patch: FilePatch) -> None:
    """Overwrite an item with an empty one that is well-formed."""
    for start, end in item.ranges:
        patch.fill(start, end, b" " if item.kind == b"mime" else b"\0")
    if item.kind == b"Exif" and item.ranges:
        start, end = item.ranges[0]
        patch.write(start, EMPTY_EXIF[: max(0, end - start)])


def _kinds(reader: BoundedReader, iinf: Box) -> dict[int, bytes]:
    wide = reader.number(iinf.body, 1) > 0
    kinds: dict[int, bytes] = {}
    for box in iterate_boxes(reader, iinf.body + (8 if wide else 6), iinf.end):
        version = reader.number(box.body, 1)
        if box.kind != b"infe" or version < 2:
            raise UnreadableError("an item is described in an old way")
        digits = 2 if version == 2 else 4
        number = reader.number(box.body + 4, digits)
        kinds[number] = reader.read(box.body + 4 + digits + 2, 4)
    return kinds


class _Locations:
    """The locations of items: an `iloc` box."""

    def __init__(self, reader: BoundedReader, iloc: Box, idat: Box | None) -> None:
        self._reader = reader
        self._idat = idat
        self._end = iloc.end
        self._place = iloc.body
        self._found: dict[int, tuple[int, list[tuple[int, int]]]] = {}
        self._read_all()

    def of(self, number: int) -> list[tuple[int, int]]:
        """Return the ranges of the file that an item consists of."""
        method, ranges = self._found.get(number, (0, []))
        if any(start >= end for start, end in ranges):
            raise UnreadableError("an item does not say how long it is")
        if method == 0:
            return ranges
        if method == 1 and self._idat is not None:
            body, end = self._idat.body, self._idat.end
            return [(min(body + a, end), min(body + b, end)) for a, b in ranges]
        raise UnreadableError("an item lies in another one")

    def _next(self, count: int) -> int:
        if self._place + count > self._end:
            raise UnreadableError("the places of the items go beyond their box")
        value = self._reader.number(self._place, count) if count else 0
        self._place += count
        return value

    def _read_all(self) -> None:
        version = self._next(4) >> 24
        sizes = self._next(2)
        widths = [sizes >> 12, sizes >> 8 & 15, sizes >> 4 & 15, sizes & 15 if version else 0]
        for _ in range(self._next(4 if version == 2 else 2)):
            self._reader.count_part()
            self._read_one(version, widths)

    def _read_one(self, version: int, widths: list[int]) -> None:
        offset, length, base, index = widths
        number = self._next(4 if version == 2 else 2)
        method = self._next(2) & 15 if version else 0
        elsewhere = self._next(2)
        if elsewhere:
            raise UnreadableError("an item lies in another file")
        start = self._next(base)
        ranges = []
        for _ in range(self._next(2)):
            self._reader.count_part()
            self._next(index)
            begin = start + self._next(offset)
            count = self._next(length)
            ranges.append((begin, min(begin + count, self._reader.size)))
        self._found[number] = (method, ranges)
