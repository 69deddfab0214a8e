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
    (0, b"\xff\x0a", "image/jxl"),
    (0, b"\0\0\0\x0cJXL \r\n\x87\n", "image/jxl"),
    (0, b"\0\0\0\x0cjP  \r\n\x87\n", "image/jp2"),
    (0, b"II*\0", "image/tiff"),
    (0, b"MM\0*", "image/tiff"),
    # Of these we know that they tell about their owner, and not how to make them stop.
    (0, b"II+\0", "image/tiff-big"),
    (0, b"MM\0+", "image/tiff-big"),
    (0, b"8BPS", "image/vnd.adobe.photoshop"),
    (0, b"IIRO", "image/x-raw"),
    (0, b"IIRS", "image/x-raw"),
    (0, b"IIU\0", "image/x-raw"),
    (0, b"FUJIFILMCCD-RAW", "image/x-raw"),
    (0, b"FOVb", "image/x-raw"),
    (0, b"0&\xb2u\x8ef\xcf\x11", "video/x-ms-asf"),
    (0, b"FLV\1", "video/x-flv"),
    (0, b".RMF", "video/x-realmedia"),
    (0, b"\0\0\1\xba", "video/mpeg"),
    (0, b"\0\0\1\xb3", "video/mpeg"),
    (8, b"AIFF", "audio/x-aiff"),
    (8, b"AIFC", "audio/x-aiff"),
)
BRANDS = {
    **dict.fromkeys((b"avif", b"avis"), "image/avif"),
    **dict.fromkeys(
        (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"), "image/heic"
    ),
    **dict.fromkeys((b"M4A ", b"M4B ", b"M4P "), "audio/mp4"),
    **dict.fromkeys((b"crx ",), "image/x-raw"),
    b"qt  ": "video/quicktime",
}
PICTURE_BRANDS = (b"mif1", b"msf1", b"mif2", b"miaf")
"""Brands that only say that it is a picture; those that it is compatible with say which."""

FILM = "video/mp4"
"""Every other file of boxes; what its tracks are is told by whoever reads them all."""

RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
OLD_QUICKTIME = (b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")
PACKET, SYNC = 188, 0x47
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
    if head[4:8] in OLD_QUICKTIME and int.from_bytes(head[:4]) != 0 and b"\0" in head[:4]:
        return "video/quicktime"
    if _is_transport_stream(head):
        return "video/mp2t"
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
    major = head[8:12]
    if major in PICTURE_BRANDS:
        end = min(int.from_bytes(head[:4]), len(head))
        brands = (head[at : at + 4] for at in range(16, end - 3, 4))
        kinds = [BRANDS[brand] for brand in brands if brand in BRANDS]
        return next((kind for kind in kinds if kind.startswith("image/")), "image/heif")
    if major.startswith((b"3gp", b"3g2", b"3gr", b"3gs", b"3ge", b"kddi")):
        return "video/3gpp"
    return BRANDS.get(major, FILM)


def _is_transport_stream(head: bytes) -> bool:
    """Whether it is a stream of packets, as camcorders write them; some add four bytes to each."""
    return any(
        len(head) > start + 2 * size and all(head[start + n * size] == SYNC for n in range(3))
        for start, size in ((0, PACKET), (4, PACKET + 4))
    )


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
    (0, b"RF64", _of_riff),
    (0, b"OggS", _of_ogg),
    (0, b"\x1aE\xdf\xa3", _of_matroska),
    (0, b"PK\x03\x04", _of_archive),
)
