"""A file's type is told by its first bytes; what could run script is never more than text."""

import io
import zipfile

import pytest

from echosphere.media.content_type import HEAD, UNKNOWN_TYPE, detect_type
from echosphere.media.headers import INLINE_TYPES
from tests.media import made


def archive(*names: str) -> bytes:
    """A ZIP file with these entries; `mimetype` says that it is an open document."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name in names:
            is_type = name == "mimetype"
            file.writestr(name, "application/vnd.oasis.opendocument.text" if is_type else "x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (made.picture("JPEG"), "image/jpeg"),
        (made.picture("PNG"), "image/png"),
        (made.picture("WEBP"), "image/webp"),
        (made.picture("AVIF"), "image/avif"),
        (made.animation(2), "image/gif"),
        (made.document(), "application/pdf"),
        (b"\0\0\0\x20ftypisom\0\0\2\0", "video/mp4"),
        (b"\0\0\0\x20ftypM4A \0\0\2\0", "audio/mp4"),
        (b"\0\0\0\x20ftypiso3\0\0\2\0", "video/mp4"),
        (b"\0\0\0\x20ftypXAVC\0\0\2\0", "video/mp4"),
        (b"\0\0\0\x20ftypqt  \0\0\2\0", "video/quicktime"),
        (b"\0\0\0\x08wide\0\0\1\0mdat", "video/quicktime"),
        (b"\0\0\0\x20ftyp3gp4\0\0\2\0", "video/3gpp"),
        (b"\0\0\0\x20ftyp3g2a\0\0\2\0", "video/3gpp"),
        (b"\0\0\0\x20ftypheic\0\0\2\0", "image/heic"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", "image/heic"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1avif", "image/avif"),
        (b"\0\0\0\x10ftypmif1\0\0\0\0", "image/heif"),
        (b"\0\0\0\x20ftypcrx \0\0\2\0", "image/x-raw"),
        ((b"G" + bytes(187)) * 3 + b"G", "video/mp2t"),
        ((bytes(4) + b"G" + bytes(187)) * 4, "video/mp2t"),
        (b"FORM\0\0\0\4AIFF", "audio/x-aiff"),
        (b"FORMULA for the cake", "text/plain"),
        (b"\x1aE\xdf\xa3....webm....V_VP9", "video/webm"),
        (b"\x1aE\xdf\xa3....webm....A_OPUS", "audio/webm"),
        (b"\x1aE\xdf\xa3....matroska", "video/x-matroska"),
        (b"OggS\0....OpusHead", "audio/ogg"),
        (b"OggS\0....\x80theora", "video/ogg"),
        (b"RIFF....WAVEfmt ", "audio/wav"),
        (b"RIFF....AVI LIST", "video/x-msvideo"),
        (b"ID3\4\0\0", "audio/mpeg"),
        (b"fLaC\0", "audio/flac"),
        (archive("a.txt"), "application/zip"),
        (archive("mimetype", "content.xml"), "application/vnd.oasis.opendocument.text"),
        (
            archive("[Content_Types].xml", "word/document.xml"),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        ("Grüße, 世界\r\n\tund mehr".encode(), "text/plain"),
        (b"\xef\xbb\xbfwith a mark", "text/plain"),
        (b"<!doctype html><html>", "text/plain"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "text/plain"),
        (b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'/>", "text/plain"),
        (b"%!PS-Adobe", "text/plain"),
        (b" %PDF-1.7", "text/plain"),
        (b"BM\x36\0\0\0", UNKNOWN_TYPE),
        (b"MZ\x90\0", UNKNOWN_TYPE),
        (b"caf\xe9", UNKNOWN_TYPE),
        (b"\xff\xfe<\0h\0t\0m\0l\0>\0", UNKNOWN_TYPE),
        (b"text\0", UNKNOWN_TYPE),
        (b"RIFF", UNKNOWN_TYPE),
        (b"\xff", UNKNOWN_TYPE),
    ],
)
def test_the_first_bytes_tell_the_type(body: bytes, kind: str) -> None:
    assert detect_type(body[:HEAD]) == kind


def test_text_that_is_cut_in_the_middle_of_a_letter_is_text() -> None:
    assert detect_type(("x" + "é" * HEAD).encode()[:HEAD]) == "text/plain"
    assert detect_type("é".encode()[:1]) == UNKNOWN_TYPE


def test_nothing_that_can_run_script_is_ever_shown_in_place() -> None:
    assert all(kind.partition("/")[0] in ("image", "audio", "video") for kind in INLINE_TYPES)
    assert not any("xml" in kind or "html" in kind for kind in INLINE_TYPES)
