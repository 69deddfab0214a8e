"""Copies an image without what it tells about its owner: place, time, device, edits, leftovers.

The pixels are copied as they are, bit by bit. What a viewer needs stays: colour profiles,
transparency, animation, and the orientation, which is written anew. Whatever follows the end of
the image is left out, so a file that is an image and something else as well is only an image.
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
Piece = tuple[int, int] | bytes
"""A stretch of the original, from here to before there; or bytes in its place."""

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


def clean(path: Path, kind: str, target: Path) -> bool:
    """Write a copy without metadata; return whether there is one to be taken in its place."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        pieces = list(_joined(_while_whole(PIECES[kind](data, _orientation(path)))))
        if pieces == [(0, len(data))]:
            return False
        with target.open("wb") as copy:
            _write(data, pieces, copy)
        return True


def _orientation(path: Path) -> int:
    with Image.open(path) as image:
        found = image.getexif().get(ORIENTATION, 1)
    return found if found in range(1, 9) else 1


def _exif(orientation: int) -> bytes:
    """Return a TIFF header with one entry: how the image is to be turned."""
    entry = struct.pack(">HHIHH", ORIENTATION, 3, 1, orientation, 0)
    return b"MM\0*" + struct.pack(">IH", 8, 1) + entry + struct.pack(">I", 0)


def _while_whole(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Decoders take files without an end mark, so they are copied up to where they stop."""
    with suppress(IndexError, struct.error):
        yield from pieces


def _joined(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Join stretches that follow each other; a file cut into a million parts is copied in one."""
    last: tuple[int, int] | None = None
    for piece in pieces:
        if isinstance(piece, bytes):
            if last:
                yield last
            last = None
            yield piece
        elif last and last[1] == piece[0]:
            last = (last[0], piece[1])
        else:
            if last:
                yield last
            last = piece
    if last:
        yield last


def _write(data: Bytes, pieces: Sequence[Piece], copy: BinaryIO) -> None:
    view = memoryview(data)
    try:
        for piece in pieces:
            copy.write(piece if isinstance(piece, bytes) else view[piece[0] : piece[1]])
    finally:
        view.release()


def _jpeg(data: Bytes, orientation: int) -> Iterator[Piece]:
    """ITU T.81: segments up to the first scan, then scans and tables up to the end marker."""
    yield (0, 2)
    if orientation != 1:
        body = b"Exif\0\0" + _exif(orientation)
        yield b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body
    place = 2
    while True:
        found = JPEG_MARKER.search(data, place)
        if found is None:
            yield (place, len(data))
            return
        if found.start() > place:
            yield (place, found.start())
        start, marker = found.start(), data[found.start() + 1]
        if marker == 0xD9:
            yield (start, start + 2)
            return
        end = start + 2 + _number(data, ">H", start + 2)
        if _is_kept_in_jpeg(data, marker, start):
            yield (start, end)
        place = end


def _is_kept_in_jpeg(data: Bytes, marker: int, start: int) -> bool:
    if marker == 0xE2:
        return data[start + 4 : start + 4 + len(JPEG_PROFILE)] == JPEG_PROFILE
    is_application = 0xE0 <= marker <= 0xEF
    return marker in JPEG_KEPT if is_application else marker != 0xFE


def _png(data: Bytes, orientation: int) -> Iterator[Piece]:
    yield (0, 8)
    place, kind = 8, b""
    while kind != b"IEND":
        end = place + 12 + _number(data, ">I", place)
        kind = data[place + 4 : place + 8]
        if kind in PNG_KEPT:
            yield (place, end)
        if kind == b"IHDR" and orientation != 1:
            body = b"eXIf" + _exif(orientation)
            yield struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
        place = end


def _webp(data: Bytes, orientation: int) -> Iterator[Piece]:
    """The RIFF container: the flags and the length at the front speak of what follows."""
    kept: list[Piece] = []
    place, last = 12, min(len(data), 8 + _number(data, "<I", 4))
    while place + 8 <= last:
        size = _number(data, "<I", place + 4)
        end = place + 8 + size + size % 2
        kind = data[place : place + 4]
        if kind == b"VP8X":
            flags = data[place + 8] & ~(WEBP_EXIF | WEBP_XMP)
            flags |= WEBP_EXIF if orientation != 1 else 0
            kept += [(place, place + 8), _changed(data, place + 8, bytes([flags]))]
            kept.append((place + 9, end))
        elif kind in WEBP_KEPT:
            kept.append((place, end))
        place = end
    if orientation != 1:
        body = _exif(orientation)
        kept.append(b"EXIF" + struct.pack("<I", len(body)) + body)
    length = sum(len(one) if isinstance(one, bytes) else one[1] - one[0] for one in kept)
    yield _changed(data, 0, b"RIFF" + struct.pack("<I", length + 4) + b"WEBP")
    yield from kept


def _changed(data: Bytes, place: int, wanted: bytes) -> Piece:
    """Return the original where it says what is wanted already."""
    end = place + len(wanted)
    return (place, end) if data[place:end] == wanted else wanted


def _gif(data: Bytes, _orientation: int) -> Iterator[Piece]:
    place = 13 + _colours(data[10])
    yield (0, place)
    while True:
        kind = data[place]
        if kind == 0x3B:
            yield (place, place + 1)
            return
        if kind == 0x2C:
            end = _after_blocks(data, place + 11 + _colours(data[place + 9]))
            yield (place, end)
        elif kind == 0x21:
            end = _after_blocks(data, place + 2)
            if _is_kept_in_gif(data, place):
                yield (place, end)
        else:
            return
        place = end


def _colours(packed: int) -> int:
    """Return the bytes of a colour table, told by a field of flags."""
    return 3 << ((packed & 7) + 1) if packed & 0x80 else 0


def _after_blocks(data: Bytes, place: int) -> int:
    while data[place]:
        place += 1 + data[place]
    return place + 1


def _is_kept_in_gif(data: Bytes, place: int) -> bool:
    label = data[place + 1]
    return label == 0xF9 or (label == 0xFF and data[place + 3 : place + 14] in GIF_KEPT)


def _number(data: Bytes, form: str, place: int) -> int:
    value: int = struct.unpack_from(form, data, place)[0]
    return value


PIECES: dict[str, Callable[[Bytes, int], Iterator[Piece]]] = {
    "image/jpeg": _jpeg,
    "image/png": _png,
    "image/webp": _webp,
    "image/gif": _gif,
}
