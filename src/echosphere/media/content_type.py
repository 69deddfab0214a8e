"""Detects the type of a file by its first bytes; names and headers are not trusted."""

import codecs
from collections.abc import Callable

HEAD = 8192
"""Bytes of a file that are inspected."""

UNKNOWN_TYPE = "application/octet-stream"
PROGRAM = "application/x-executable"
"""Programs of Windows, Linux and macOS."""

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
    (0, b"\x7fELF", PROGRAM),
    (0, b"\xcf\xfa\xed\xfe", PROGRAM),
    (0, b"\xce\xfa\xed\xfe", PROGRAM),
    # Types that hold personal metadata which cannot be removed.
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
GENERIC_IMAGE_BRANDS = (b"mif1", b"msf1", b"mif2", b"miaf")
"""The compatible brands say which type of image it is."""

DEFAULT_BRAND_TYPE = "video/mp4"
"""Of every other brand; inspecting the tracks may show that it is audio."""

RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
QUICKTIME_BOXES = (b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")
PACKET_SIZE, SYNC_BYTE = 188, 0x47
OFFICE = "application/vnd.openxmlformats-officedocument."
OFFICE_FOLDERS = (
    (b"word/", OFFICE + "wordprocessingml.document"),
    (b"xl/", OFFICE + "spreadsheetml.sheet"),
    (b"ppt/", OFFICE + "presentationml.presentation"),
)
OPEN_DOCUMENT = b"mimetypeapplication/vnd.oasis.opendocument."


def detect_type(head: bytes) -> str:
    """Return the media type of a file that begins with these bytes, `HEAD` of them at most."""
    for offset, signature, kind in SIGNATURES:
        if head.startswith(signature, offset):
            return kind
    for offset, signature, detect in CONTAINERS:
        if head.startswith(signature, offset):
            return detect(head)
    if head[4:8] in QUICKTIME_BOXES and int.from_bytes(head[:4]) != 0 and b"\0" in head[:4]:
        return "video/quicktime"
    if _is_transport_stream(head):
        return "video/mp2t"
    return "text/plain" if is_text(head) else UNKNOWN_TYPE


def is_text(head: bytes) -> bool:
    """Whether this is UTF-8 without control characters; the last character may be cut off."""
    if any(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in head) or b"\x7f" in head:
        return False
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head, final=len(head) < HEAD)
    except UnicodeDecodeError:
        return False
    return True


def _detect_iso_media(head: bytes) -> str:
    major = head[8:12]
    if major in GENERIC_IMAGE_BRANDS:
        end = min(int.from_bytes(head[:4]), len(head))
        brands = (head[at : at + 4] for at in range(16, end - 3, 4))
        kinds = [BRANDS[brand] for brand in brands if brand in BRANDS]
        return next((kind for kind in kinds if kind.startswith("image/")), "image/heif")
    if major.startswith((b"3gp", b"3g2", b"3gr", b"3gs", b"3ge", b"kddi")):
        return "video/3gpp"
    return BRANDS.get(major, DEFAULT_BRAND_TYPE)


def _is_transport_stream(head: bytes) -> bool:
    """Whether it is an MPEG transport stream; camcorders add four bytes to each packet."""
    return any(
        len(head) > start + 2 * size and all(head[start + n * size] == SYNC_BYTE for n in range(3))
        for start, size in ((0, PACKET_SIZE), (4, PACKET_SIZE + 4))
    )


def _detect_riff(head: bytes) -> str:
    return RIFF.get(head[8:12], UNKNOWN_TYPE)


def _detect_ogg(head: bytes) -> str:
    return "video/ogg" if b"\x80theora" in head else "audio/ogg"


def _detect_matroska(head: bytes) -> str:
    if b"webm" not in head[:64]:
        return "video/x-matroska"
    return "video/webm" if b"V_VP" in head or b"V_AV1" in head else "audio/webm"


def _detect_windows_program(head: bytes) -> str:
    at = int.from_bytes(head[60:64], "little")
    return PROGRAM if head[at : at + 4] == b"PE\0\0" else UNKNOWN_TYPE


def _detect_zip(head: bytes) -> str:
    """Tell office documents from other archives by their first entries."""
    if head.startswith(OPEN_DOCUMENT, 30):
        for name in ("text", "spreadsheet", "presentation", "graphics"):
            if head.startswith(name.encode(), 30 + len(OPEN_DOCUMENT)):
                return f"application/vnd.oasis.opendocument.{name}"
    if b"[Content_Types].xml" in head:
        for folder, kind in OFFICE_FOLDERS:
            if folder in head:
                return kind
    return "application/zip"


CONTAINERS: tuple[tuple[int, bytes, Callable[[bytes], str]], ...] = (
    (4, b"ftyp", _detect_iso_media),
    (0, b"RIFF", _detect_riff),
    (0, b"RF64", _detect_riff),
    (0, b"OggS", _detect_ogg),
    (0, b"\x1aE\xdf\xa3", _detect_matroska),
    (0, b"PK\x03\x04", _detect_zip),
    (0, b"MZ", _detect_windows_program),
)
