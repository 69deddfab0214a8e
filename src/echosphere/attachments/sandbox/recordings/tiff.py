"""Cleans TIFF files: of what they say only what describes the pixels stays."""

import struct

from echosphere.attachments.sandbox.outcome import UnreadableError
from echosphere.attachments.sandbox.recordings.source import Facts, Overwrites, Source

KEPT = frozenset(
    {
        254, 255, 256, 257, 258, 259, 262, 263, 264, 265, 266, 273, 274, 277, 278, 279, 280, 281,
        282, 283, 284, 290, 291, 292, 293, 296, 297, 301, 317, 318, 319, 320, 321, 322, 323, 324,
        325, 332, 334, 336, 338, 339, 340, 341, 347, 512, 513, 514, 515, 517, 518, 519, 520, 521,
        529, 530, 531, 532, 34675,
    }
)  # fmt: skip
RAW = frozenset({330, 50706})
"""Pictures inside pictures, and the mark of DNG: the negative of a camera, which is not a TIFF file
that could do without what the camera wrote."""

SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
WIDTH, HEIGHT, TURNED = 256, 257, 274
MAX_PAGES = 10_000


def clean_tiff(source: Source, overwrites: Overwrites, kind: str) -> Facts:
    """Find what tells about the owner.

    Raises:
        UnreadableError: It cannot be followed, or is the raw picture of a camera.
    """
    order = "<" if source.read(0, 2) == b"II" else ">"
    (place,) = struct.unpack(f"{order}I", source.read(4, 4))
    if source.read(8, 2) == b"CR" and place > 8:
        raise UnreadableError("it is the raw picture of a camera")
    seen: set[int] = set()
    sizes: list[tuple[int, int]] = []
    while place:
        if place in seen or len(seen) >= MAX_PAGES:
            raise UnreadableError("its pages lead in a circle")
        seen.add(place)
        place, size = _clean_page(source, overwrites, place, order)
        sizes.append(size)
    width, height = sizes[0] if sizes else (0, 0)
    return Facts(kind, min(width, 65535) or None, min(height, 65535) or None)


def _clean_page(
    source: Source, overwrites: Overwrites, place: int, order: str
) -> tuple[int, tuple[int, int]]:
    """Write a page's list without what is not kept; return where the next is, and the size."""
    (count,) = struct.unpack(f"{order}H", source.read(place, 2))
    table = source.read(place + 2, count * 12 + 4)
    kept, numbers = [], {}
    for at in range(0, count * 12, 12):
        entry = table[at : at + 12]
        tag, form, length, value = struct.unpack(f"{order}HHII", entry)
        if tag in RAW:
            raise UnreadableError("it is the raw picture of a camera")
        if tag in KEPT:
            kept.append(entry)
            short = form == 3
            numbers[tag] = struct.unpack(f"{order}H", entry[8:10])[0] if short else value
        else:
            size = SIZES.get(form, 1) * length
            if size > 4:
                overwrites.zero(value, min(value + size, source.size))
            _clean_inner(source, overwrites, tag, value, order)
    rest = struct.pack(f"{order}H", len(kept)) + b"".join(kept) + table[-4:]
    overwrites.put(place, rest.ljust(2 + len(table), b"\0"))
    width, height = numbers.get(WIDTH, 0), numbers.get(HEIGHT, 0)
    if numbers.get(TURNED, 1) >= 5:
        width, height = height, width
    (following,) = struct.unpack(f"{order}I", table[-4:])
    return following, (width, height)


def _clean_inner(source: Source, overwrites: Overwrites, tag: int, place: int, order: str) -> None:
    """Overwrite a list inside the list: what the camera, and what the satellites said."""
    if tag not in (34665, 34853, 40965):
        return
    (count,) = struct.unpack(f"{order}H", source.read(place, 2))
    table = source.read(place + 2, count * 12)
    overwrites.zero(place, place + 2 + count * 12 + 4)
    for at in range(0, count * 12, 12):
        inner, form, length, value = struct.unpack(f"{order}HHII", table[at : at + 12])
        size = SIZES.get(form, 1) * length
        if size > 4:
            overwrites.zero(value, min(value + size, source.size))
        if tag == 34665 and inner != 34665:
            _clean_inner(source, overwrites, inner, value, order)
