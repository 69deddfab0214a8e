"""Tells a file's type from its first bytes; names and headers are never believed."""

import codecs
from collections.abc import Callable

from echosphere.attachments.attachment import UNKNOWN_TYPE

HEAD = 8192
"""How many bytes of a file are looked at."""

SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"fLaC", "audio/flac"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"\xff\xf3", "audio/mpeg"),
    (0, b"\xff\xf2", "audio/mpeg"),
    (0, b"\xff\xf1", "audio/aac"),
    (0, b"\xff\xf9", "audio/aac"),
    (0, b"\x1f\x8b\x08", "application/gzip"),
    (0, b"BZh", "application/x-bzip2"),
    (0, b"\xfd7zXZ\0", "application/x-xz"),
    (0, b"(\xb5/\xfd", "application/zstd"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"Rar!\x1a\x07", "application/vnd.rar"),
    (257, b"ustar", "application/x-tar"),
)
BRANDS = {
    b"avif": "image/avif",
    b"avis": "image/avif",
    b"M4A ": "audio/mp4",
    b"M4B ": "audio/mp4",
    b"qt  ": "video/quicktime",
    b"isom": "video/mp4",
    b"iso2": "video/mp4",
    b"iso4": "video/mp4",
    b"iso5": "video/mp4",
    b"iso6": "video/mp4",
    b"mp41": "video/mp4",
    b"mp42": "video/mp4",
    b"avc1": "video/mp4",
    b"dash": "video/mp4",
    b"M4V ": "video/mp4",
    b"MSNV": "video/mp4",
}
RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav"}
OFFICE = "application/vnd.openxmlformats-officedocument."
OFFICE_FOLDERS = (
    (b"word/", OFFICE + "wordprocessingml.document"),
    (b"xl/", OFFICE + "spreadsheetml.sheet"),
    (b"ppt/", OFFICE + "presentationml.presentation"),
)
OPEN_DOCUMENT = b"mimetypeapplication/vnd.oasis.opendocument."


def type_of(head: bytes) -> str:
    """Return the media type of a file that begins with these bytes (`HEAD` of them at most)."""
    for offset, signature, kind in SIGNATURES:
        if head.startswith(signature, offset):
            return kind
    for offset, signature, look_inside in CONTAINERS:
        if head.startswith(signature, offset):
            return look_inside(head)
    return "text/plain" if is_text(head) else UNKNOWN_TYPE


def is_text(head: bytes) -> bool:
    """Whether these are characters in UTF-8 and nothing else; the last may be cut off."""
    if any(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in head) or b"\x7f" in head:
        return False
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head, final=len(head) < HEAD)
    except UnicodeDecodeError:
        return False
    return True


def _of_brand(head: bytes) -> str:
    kind = BRANDS.get(head[8:12], UNKNOWN_TYPE)
    return "audio/mp4" if kind == "video/mp4" and _only_sound(head) else kind


def _only_sound(head: bytes) -> bool:
    """Whether the tracks are all here and none is a picture: browsers record voices like that.

    Boxes and handlers are those of ISO 14496-12; only what lies wholly in the head counts, so that
    a film whose picture is described further on stays a film.
    """
    tracks = _box(head, b"moov")
    return b"soun" in (found := _handlers(tracks)) and b"vide" not in found


def _box(head: bytes, name: bytes) -> bytes:
    start = 0
    while start + 8 <= len(head):
        size = int.from_bytes(head[start : start + 4])
        if size < 8 or start + size > len(head):
            break
        if head[start + 4 : start + 8] == name:
            return head[start : start + size]
        start += size
    return b""


def _handlers(tracks: bytes) -> set[bytes]:
    return {part[8:12] for part in tracks.split(b"hdlr")[1:]}


def _of_riff(head: bytes) -> str:
    return RIFF.get(head[8:12], UNKNOWN_TYPE)


def _of_ogg(head: bytes) -> str:
    return "video/ogg" if b"\x80theora" in head else "audio/ogg"


def _of_matroska(head: bytes) -> str:
    if b"webm" not in head[:64]:
        return "video/x-matroska"
    return "video/webm" if b"V_VP" in head or b"V_AV1" in head else "audio/webm"


def _of_archive(head: bytes) -> str:
    """Office documents are archives whose first entries tell the program."""
    place = head.find(OPEN_DOCUMENT, 30)
    if place == 30:
        for name in ("text", "spreadsheet", "presentation", "graphics"):
            if head.startswith(name.encode(), place + len(OPEN_DOCUMENT)):
                return f"application/vnd.oasis.opendocument.{name}"
    if b"[Content_Types].xml" in head:
        for folder, kind in OFFICE_FOLDERS:
            if folder in head:
                return kind
    return "application/zip"


CONTAINERS: tuple[tuple[int, bytes, Callable[[bytes], str]], ...] = (
    (4, b"ftyp", _of_brand),
    (0, b"RIFF", _of_riff),
    (0, b"OggS", _of_ogg),
    (0, b"\x1aE\xdf\xa3", _of_matroska),
    (0, b"PK\x03\x04", _of_archive),
)
