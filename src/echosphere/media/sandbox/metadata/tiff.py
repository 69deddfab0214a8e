"""Strips TIFF files: only tags that describe the pixels are kept."""

import struct

from echosphere.media.sandbox.inspection import UnreadableError
from echosphere.media.sandbox.metadata.file_patch import BoundedReader, FilePatch, RecordingInfo

KEPT = frozenset(
    {
        254, 255, 256, 257, 258, 259, 262, 263, 264, 265, 266, 273, 274, 277, 278, 279, 280, 281,
        282, 283, 284, 290, 291, 292, 293, 296, 297, 301, 317, 318, 319, 320, 321, 322, 323, 324,
        325, 332, 334, 336, 338, 339, 340, 341, 347, 512, 513, 514, 515, 517, 518, 519, 520, 521,
        529, 530, 531, 532, 34675,
    }
)  # fmt: skip
RAW_TAGS = frozenset({330, 50706})
"""Sub-images, and the version tag of DNG: raw camera files, which need the metadata of the camera."""

SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
WIDTH, HEIGHT, ORIENTATION = 256, 257, 274
MAX_PAGES = 10_000


def strip_tiff(reader: BoundedReader, patch: FilePatch, kind: str) -> RecordingInfo:
    """Add the personal metadata to the patch.

    Raises:
        UnreadableError: It cannot be parsed, or is a raw camera file.
    """
    order = "<" if reader.read(0, 2) == b"II" else ">"
    (position,) = struct.unpack(f"{order}I", reader.read(4, 4))
    if reader.read(8, 2) == b"CR" and position > 8:
        raise UnreadableError("it is the raw picture of a camera")
    seen: set[int] = set()
    sizes: list[tuple[int, int]] = []
    while position:
        if position in seen or len(seen) >= MAX_PAGES:
            raise UnreadableError("its pages lead in a circle")
        seen.add(position)
        position, size = _strip_directory(reader, patch, position, order)
        sizes.append(size)
    width, height = sizes[0] if sizes else (0, 0)
    return RecordingInfo(kind, min(width, 65535) or None, min(height, 65535) or None)


def _strip_directory(
    reader: BoundedReader, patch: FilePatch, position: int, order: str
) -> tuple[int, tuple[int, int]]:
    """Keep only allowed tags of a directory; return the position of the next one, and the size."""
    (count,) = struct.unpack(f"{order}H", reader.read(position, 2))
    table = reader.read(position + 2, count * 12 + 4)
    kept, numbers = [], {}
    for at in range(0, count * 12, 12):
        entry = table[at : at + 12]
        tag, form, length, value = struct.unpack(f"{order}HHII", entry)
        if tag in RAW_TAGS:
            raise UnreadableError("it is the raw picture of a camera")
        if tag in KEPT:
            kept.append(entry)
            short = form == 3
            numbers[tag] = struct.unpack(f"{order}H", entry[8:10])[0] if short else value
        else:
            size = SIZES.get(form, 1) * length
            if size > 4:
                patch.fill(value, min(value + size, reader.size))
            _erase_sub_directory(reader, patch, tag, value, order)
    rest = struct.pack(f"{order}H", len(kept)) + b"".join(kept) + table[-4:]
    patch.write(position, rest.ljust(2 + len(table), b"\0"))
    width, height = numbers.get(WIDTH, 0), numbers.get(HEIGHT, 0)
    if numbers.get(ORIENTATION, 1) >= 5:
        width, height = height, width
    (following,) = struct.unpack(f"{order}I", table[-4:])
    return following, (width, height)


def _erase_sub_directory(
    reader: BoundedReader, patch: FilePatch, tag: int, position: int, order: str
) -> None:
    """Erase a nested directory, such as Exif and GPS."""
    if tag not in (34665, 34853, 40965):
        return
    (count,) = struct.unpack(f"{order}H", reader.read(position, 2))
    table = reader.read(position + 2, count * 12)
    patch.fill(position, position + 2 + count * 12 + 4)
    for at in range(0, count * 12, 12):
        inner, form, length, value = struct.unpack(f"{order}HHII", table[at : at + 12])
        size = SIZES.get(form, 1) * length
        if size > 4:
            patch.fill(value, min(value + size, reader.size))
        if tag == 34665 and inner != 34665:
            _erase_sub_directory(reader, patch, inner, value, order)
