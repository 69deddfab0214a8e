"""Overwrites the items of HEIF and AVIF files (ISO 23008-12) that are no pictures."""

from typing import NamedTuple

from echosphere.attachments.sandbox.outcome import UnreadableError
from echosphere.attachments.sandbox.recordings.boxes import EMPTY, Box, children, empty
from echosphere.attachments.sandbox.recordings.source import Overwrites, Source

KEPT = frozenset(
    {b"hdlr", b"pitm", b"iinf", b"iloc", b"iprp", b"iref", b"idat", b"dinf", b"grpl", b"ipro"}
)
PICTURES = frozenset(
    {
        b"hvc1", b"hev1", b"lhv1", b"av01", b"avc1", b"vvc1", b"evc1", b"jpeg", b"j2k1", b"jxs1",
        b"unci", b"grid", b"iovl", b"iden", b"tmap", b"tili", b"mski", b"hvt1", b"vvs1",
    }
)  # fmt: skip
NO_TIFF = b"\0\0\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0"
"""Four bytes that lead to a TIFF header, and one without entries."""


class Item(NamedTuple):
    """An item: its kind, and the stretches of the file in which it lies."""

    kind: bytes
    stretches: list[tuple[int, int]]


def clean_items(source: Source, meta: Box, overwrites: Overwrites) -> bool:
    """Clean a `meta` box; return whether it holds pictures.

    Raises:
        UnreadableError: It cannot be followed, or an item lies in a way that is not understood.
    """
    boxes = list(children(source, meta.body + 4, meta.end))
    by_kind = {box.kind: box for box in boxes}
    if b"hdlr" not in by_kind or source.read(by_kind[b"hdlr"].body + 8, 4) != b"pict":
        empty(meta, overwrites)
        return False
    for box in boxes:
        if box.kind in EMPTY:
            overwrites.zero(box.body, box.end)
        elif box.kind not in KEPT:
            empty(box, overwrites)
    overwrites.zero(by_kind[b"hdlr"].body + 12, by_kind[b"hdlr"].end)
    if b"iinf" not in by_kind or b"iloc" not in by_kind:
        raise UnreadableError("the items are not described")
    kinds = _kinds(source, by_kind[b"iinf"])
    located = _Locations(source, by_kind[b"iloc"], by_kind.get(b"idat"))
    for number, kind in kinds.items():
        if kind not in PICTURES:
            _blank(Item(kind, located.of(number)), overwrites)
    return True


def _blank(item: Item, overwrites: Overwrites) -> None:
    """Overwrite an item, so that it is well-formed and says nothing."""
    for start, end in item.stretches:
        overwrites.zero(start, end, b" " if item.kind == b"mime" else b"\0")
    if item.kind == b"Exif" and item.stretches:
        start, end = item.stretches[0]
        overwrites.put(start, NO_TIFF[: max(0, end - start)])


def _kinds(source: Source, iinf: Box) -> dict[int, bytes]:
    wide = source.number(iinf.body, 1) > 0
    kinds: dict[int, bytes] = {}
    for box in children(source, iinf.body + (8 if wide else 6), iinf.end):
        version = source.number(box.body, 1)
        if box.kind != b"infe" or version < 2:
            raise UnreadableError("an item is described in an old way")
        digits = 2 if version == 2 else 4
        number = source.number(box.body + 4, digits)
        kinds[number] = source.read(box.body + 4 + digits + 2, 4)
    return kinds


class _Locations:
    """Where the items lie, as `iloc` says."""

    def __init__(self, source: Source, iloc: Box, idat: Box | None) -> None:
        self._source = source
        self._idat = idat
        self._end = iloc.end
        self._place = iloc.body
        self._found: dict[int, tuple[int, list[tuple[int, int]]]] = {}
        self._read_all()

    def of(self, number: int) -> list[tuple[int, int]]:
        """Return the stretches of an item in the file."""
        method, stretches = self._found.get(number, (0, []))
        if any(start >= end for start, end in stretches):
            raise UnreadableError("an item does not say how long it is")
        if method == 0:
            return stretches
        if method == 1 and self._idat is not None:
            body, end = self._idat.body, self._idat.end
            return [(min(body + a, end), min(body + b, end)) for a, b in stretches]
        raise UnreadableError("an item lies in another one")

    def _next(self, count: int) -> int:
        if self._place + count > self._end:
            raise UnreadableError("the places of the items go beyond their box")
        value = self._source.number(self._place, count) if count else 0
        self._place += count
        return value

    def _read_all(self) -> None:
        version = self._next(4) >> 24
        sizes = self._next(2)
        widths = [sizes >> 12, sizes >> 8 & 15, sizes >> 4 & 15, sizes & 15 if version else 0]
        for _ in range(self._next(4 if version == 2 else 2)):
            self._source.count_part()
            self._read_one(version, widths)

    def _read_one(self, version: int, widths: list[int]) -> None:
        offset, length, base, index = widths
        number = self._next(4 if version == 2 else 2)
        method = self._next(2) & 15 if version else 0
        elsewhere = self._next(2)
        if elsewhere:
            raise UnreadableError("an item lies in another file")
        start = self._next(base)
        stretches = []
        for _ in range(self._next(2)):
            self._source.count_part()
            self._next(index)
            begin = start + self._next(offset)
            count = self._next(length)
            stretches.append((begin, min(begin + count, self._source.size)))
        self._found[number] = (method, stretches)
