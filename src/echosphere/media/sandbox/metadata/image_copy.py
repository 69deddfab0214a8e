"""Copies an image without personal metadata such as place, time, device and editing history.

The encoded pixels are copied unchanged. Color profiles, transparency and animation are kept, and a
new Exif block holds only the orientation. Data after the end of the image are dropped, so a file that
is also valid in another format is only an image afterwards.
"""

import mmap
import re
import struct
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from PIL import Image

Bytes = mmap.mmap
Segment = tuple[int, int] | bytes
"""A range of the original, from start to before end; or bytes that replace it."""

ORIENTATION = 0x0112
JPEG_KEPT = frozenset({0xE0, 0xEE})
JPEG_PROFILE = b"ICC_PROFILE\0"
JPEG_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]", re.DOTALL)
PNG_KEPT = frozenset(
    {
        b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT",
        b"bKGD", b"hIST", b"pHYs", b"sPLT", b"cICP", b"mDCV", b"cLLI", b"acTL", b"fcTL", b"fdAT",
    }
)  # fmt: skip
WEBP_KEPT = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"})
WEBP_EXIF, WEBP_XMP = 0x08, 0x04
GIF_KEPT = frozenset({b"NETSCAPE2.0", b"ANIMEXTS1.0"})


def copy_without_metadata(path: Path, kind: str, target: Path) -> bool:
    """Write a copy without metadata, unless there is none to remove; return whether it was written."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        segments = list(_merge(_until_truncated(SEGMENT_FILTERS[kind](data, _orientation(path)))))
        if segments == [(0, len(data))]:
            return False
        with target.open("wb") as copy:
            _write(data, segments, copy)
        return True


def _orientation(path: Path) -> int:
    with Image.open(path) as image:
        found = image.getexif().get(ORIENTATION, 1)
    return found if found in range(1, 9) else 1


def _exif_with_orientation(orientation: int) -> bytes:
    """Return a TIFF header with the orientation as its only entry."""
    entry = struct.pack(">HHIHH", ORIENTATION, 3, 1, orientation, 0)
    return b"MM\0*" + struct.pack(">IH", 8, 1) + entry + struct.pack(">I", 0)


def _until_truncated(segments: Iterator[Segment]) -> Iterator[Segment]:
    """Stop at the end of a truncated file: decoders accept files without an end marker."""
    with suppress(IndexError, struct.error):
        yield from segments


def _merge(segments: Iterator[Segment]) -> Iterator[Segment]:
    """Merge adjacent ranges, so that a file of a million parts is copied at once."""
    last: tuple[int, int] | None = None
    for segment in segments:
        if isinstance(segment, bytes):
            if last:
                yield last
            last = None
            yield segment
        elif last and last[1] == segment[0]:
            last = (last[0], segment[1])
        else:
            if last:
                yield last
            last = segment
    if last:
        yield last


def _write(data: Bytes, segments: Sequence[Segment], copy: BinaryIO) -> None:
    view = memoryview(data)
    try:
        for segment in segments:
            copy.write(segment if isinstance(segment, bytes) else view[segment[0] : segment[1]])
    finally:
        view.release()


def _filter_jpeg(data: Bytes, orientation: int) -> Iterator[Segment]:
    """ITU T.81: segments up to the first scan, then scans and tables up to the end marker."""
    yield (0, 2)
    if orientation != 1:
        body = b"Exif\0\0" + _exif_with_orientation(orientation)
        yield b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body
    position = 2
    while True:
        found = JPEG_MARKER.search(data, position)
        if found is None:
            yield (position, len(data))
            return
        if found.start() > position:
            yield (position, found.start())
        start, marker = found.start(), data[found.start() + 1]
        if marker == 0xD9:
            yield (start, start + 2)
            return
        end = start + 2 + _number(data, ">H", start + 2)
        if _is_kept_in_jpeg(data, marker, start):
            yield (start, end)
        position = end


def _is_kept_in_jpeg(data: Bytes, marker: int, start: int) -> bool:
    if marker == 0xE2:
        return data[start + 4 : start + 4 + len(JPEG_PROFILE)] == JPEG_PROFILE
    is_application = 0xE0 <= marker <= 0xEF
    return marker in JPEG_KEPT if is_application else marker != 0xFE


def _filter_png(data: Bytes, orientation: int) -> Iterator[Segment]:
    yield (0, 8)
    position, kind = 8, b""
    while kind != b"IEND":
        end = position + 12 + _number(data, ">I", position)
        kind = data[position + 4 : position + 8]
        if kind in PNG_KEPT:
            yield (position, end)
        if kind == b"IHDR" and orientation != 1:
            body = b"eXIf" + _exif_with_orientation(orientation)
            yield struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
        position = end


def _filter_webp(data: Bytes, orientation: int) -> Iterator[Segment]:
    """The RIFF container, whose leading flags and length describe the chunks that follow."""
    kept: list[Segment] = []
    position, last = 12, min(len(data), 8 + _number(data, "<I", 4))
    while position + 8 <= last:
        size = _number(data, "<I", position + 4)
        end = position + 8 + size + size % 2
        kind = data[position : position + 4]
        if kind == b"VP8X":
            flags = data[position + 8] & ~(WEBP_EXIF | WEBP_XMP)
            flags |= WEBP_EXIF if orientation != 1 else 0
            kept += [
                (position, position + 8),
                _replace_if_different(data, position + 8, bytes([flags])),
            ]
            kept.append((position + 9, end))
        elif kind in WEBP_KEPT:
            kept.append((position, end))
        position = end
    if orientation != 1:
        body = _exif_with_orientation(orientation)
        kept.append(b"EXIF" + struct.pack("<I", len(body)) + body)
    length = sum(len(one) if isinstance(one, bytes) else one[1] - one[0] for one in kept)
    yield _replace_if_different(data, 0, b"RIFF" + struct.pack("<I", length + 4) + b"WEBP")
    yield from kept


def _replace_if_different(data: Bytes, position: int, wanted: bytes) -> Segment:
    """Return the range of the original if it has these bytes already, else the bytes."""
    end = position + len(wanted)
    return (position, end) if data[position:end] == wanted else wanted


def _filter_gif(data: Bytes, _orientation: int) -> Iterator[Segment]:
    position = 13 + _color_table_size(data[10])
    yield (0, position)
    while True:
        kind = data[position]
        if kind == 0x3B:
            yield (position, position + 1)
            return
        if kind == 0x2C:
            end = _end_of_blocks(data, position + 11 + _color_table_size(data[position + 9]))
            yield (position, end)
        elif kind == 0x21:
            end = _end_of_blocks(data, position + 2)
            if _is_kept_in_gif(data, position):
                yield (position, end)
        else:
            return
        position = end


def _color_table_size(packed: int) -> int:
    """Return the size of a color table in bytes, by its packed field."""
    return 3 << ((packed & 7) + 1) if packed & 0x80 else 0


def _end_of_blocks(data: Bytes, position: int) -> int:
    while data[position]:
        position += 1 + data[position]
    return position + 1


def _is_kept_in_gif(data: Bytes, position: int) -> bool:
    label = data[position + 1]
    return label == 0xF9 or (label == 0xFF and data[position + 3 : position + 14] in GIF_KEPT)


def _number(data: Bytes, form: str, position: int) -> int:
    value: int = struct.unpack_from(form, data, position)[0]
    return value


SEGMENT_FILTERS: dict[str, Callable[[Bytes, int], Iterator[Segment]]] = {
    "image/jpeg": _filter_jpeg,
    "image/png": _filter_png,
    "image/webp": _filter_webp,
    "image/gif": _filter_gif,
}
