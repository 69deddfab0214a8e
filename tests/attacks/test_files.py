"""Attacks with files: their contents, their names, and how they are requested."""

import io
import re
import struct
import zlib
from typing import Any

import pytest
from PIL import Image

from tests.attacks.conftest import Cast
from tests.media.made import picture

HTML = b"<!doctype html><script>alert(document.cookie)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
PDF = b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\n" + HTML
PIXEL = picture()

SCRIPTS: dict[str, tuple[str, bytes]] = {
    "HTML": ("page.html", HTML),
    "HTML named as a picture": ("page.png", HTML),
    "HTML with a mark before it": ("page.html", b"\xef\xbb\xbf" + HTML),
    "HTML in UTF-16": ("page.html", HTML.decode().encode("utf-16")),
    "SVG": ("drawing.svg", SVG),
    "SVG named as a picture": ("drawing.jpg", SVG),
    "SVG with a preamble": ("drawing.svg", b'<?xml version="1.0"?>' + SVG),
    "XML with a style": ("x.xml", b'<?xml-stylesheet href="javascript:alert(1)"?><a/>'),
    "XHTML": ("x.xhtml", b'<html xmlns="http://www.w3.org/1999/xhtml"><script>1</script></html>'),
    "a script": ("x.js", b"alert(document.cookie)"),
    "a module": ("x.mjs", b"export default alert(1)"),
    "a worker": ("sw.js", b"self.addEventListener('fetch', e => e.respondWith(new Response('x')))"),
    "a style": ("x.css", b"body{background:url(//evil.example)}"),
    "a PDF with a script": ("x.pdf", PDF),
    "Flash": ("x.swf", b"CWS\x08" + b"\0" * 100),
    "a GIF that is a script": ("x.gif", b"GIF89a=1;alert(1);//"),
    "a GIF that is HTML": ("x.gif", b"GIF89a" + HTML),
    "a JPEG that is HTML": ("x.jpg", b"\xff\xd8\xff\xe0" + HTML),
    "a PNG with HTML after it": ("x.png", PIXEL + HTML),
    "a picture in two formats": ("x.png", b"\x89PNG\r\n\x1a\n" + b"GIF89a" + HTML),
    "an archive named as a picture": ("x.png", b"PK\x03\x04" + HTML),
    "a web archive": ("x.mhtml", b"MIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n" + HTML),
    "an RTF with an object": ("x.rtf", b"{\\rtf1{\\object\\objdata 1}}"),
    "an office document with HTML": ("x.docx", b"PK\x03\x04[Content_Types].xmlword/" + HTML),
}


@pytest.mark.parametrize(("name", "content"), SCRIPTS.values(), ids=SCRIPTS)
async def test_no_file_runs_in_a_page_of_ours(cast: Cast, name: str, content: bytes) -> None:
    answer = await cast.ada.http.post(
        "/attachments", files={"file": (name, content, "text/html")}, params={"as_it_is": "true"}
    )
    file = answer.json()["attachment"]
    for accept in ("*/*", "text/html", "image/svg+xml"):
        served = await cast.ada.http.get(
            file["url"].removeprefix("/api/v1"), headers={"Accept": accept}
        )
        inert(served.headers)
        if HTML in served.content or SVG in served.content:
            assert served.headers["content-disposition"].startswith("attachment;")


def inert(headers: Any) -> None:
    """Nothing in the browser takes it for a page or a script of ours."""
    assert headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in headers["content-security-policy"]
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "allow-scripts" not in headers["content-security-policy"]
    assert headers["cross-origin-resource-policy"] == "same-origin"
    kind = headers["content-type"].partition(";")[0]
    assert kind not in ("text/html", "image/svg+xml", "text/xml", "application/xhtml+xml")
    assert "javascript" not in kind
    shown = headers["content-disposition"].startswith("inline")
    assert not shown or kind.startswith(("image/", "audio/", "video/"))


NAMES: dict[str, str] = {
    "folders": "../../../../etc/passwd",
    "folders of Windows": "..\\..\\windows\\system32\\evil.exe",
    "an absolute path": "/etc/cron.d/evil",
    "a drive": "C:\\evil.exe",
    "NUL": "notes.txt\0.html",
    "line breaks": "notes.txt\r\nX-Evil: 1\r\n\r\n<script>",
    "quotes": 'a"; filename="evil.html',
    "direction": "photo\u202egpj.exe",
    "invisible": "\u200b\u200b",
    "only dots": "....",
    "very long": "x" * 5_000 + ".txt",
    "accents without end": "a" + "\u0301" * 20_000,
    "a device": "CON",
    "a template": "{{7*7}}${7*7}",
    "a shell": "$(id).txt;rm -rf x",
    "percent": "%2e%2e%2fevil%00.txt",
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
async def test_a_name_reaches_neither_the_disk_nor_the_headers(cast: Cast, name: str) -> None:
    given = name.encode("utf-8", errors="replace").replace(b'"', b'\\"')
    given = given.replace(b"\r", b"%0D").replace(b"\n", b"%0A")
    body = b'--x\r\nContent-Disposition: form-data; name="file"; filename="' + given
    body += b'"\r\n\r\nnotes\r\n--x--\r\n'
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = await cast.ada.http.post("/attachments", content=body, headers=headers)
    if answer.status_code == 400:
        return
    file = answer.json()["attachment"]
    assert not re.search(r"[/\\\x00-\x1f\u202a-\u202e\u2066-\u2069\u200b]", file["name"])
    assert 0 < len(file["name"].encode()) <= 255
    served = await cast.ada.http.get(f"/attachments/{file['id']}")
    assert "x-evil" not in served.headers
    assert "\n" not in served.headers["content-disposition"]
    assert served.headers["content-disposition"].count('filename="') == 1
    for path in cast.target.data.rglob("*"):
        assert re.fullmatch(r"[\w.@-]+", path.name), path


def part(name: str, rest: str = "", content: bytes = b"notes") -> bytes:
    return (
        f'--x\r\nContent-Disposition: form-data; name="{name}"{rest}\r\n\r\n'.encode()
        + content
        + b"\r\n"
    )


FILE = '; filename="a.txt"'
END = b"--x--\r\n"
FORMS: dict[str, tuple[str, bytes]] = {
    "no form": ("application/json", b"{}"),
    "no boundary": ("multipart/form-data", part("file", FILE) + END),
    "an empty boundary": ("multipart/form-data; boundary=", part("file", FILE) + END),
    "a very long boundary": (f"multipart/form-data; boundary={'x' * 5_000}", b"--" + b"x" * 5_000),
    "no end": ("multipart/form-data; boundary=x", part("file", FILE)),
    "nothing": ("multipart/form-data; boundary=x", b""),
    "only the end": ("multipart/form-data; boundary=x", END),
    "two files": ("multipart/form-data; boundary=x", part("file", FILE) * 2 + END),
    "another field": ("multipart/form-data; boundary=x", part("upload", FILE) + END),
    "no file": ("multipart/form-data; boundary=x", part("file") + END),
    "an empty file": ("multipart/form-data; boundary=x", part("file", FILE, b"") + END),
    "ten thousand fields": ("multipart/form-data; boundary=x", part("a") * 10_000 + END),
    "a header without end": (
        "multipart/form-data; boundary=x",
        b"--x\r\nX: " + b"x" * 100_000 + b"\r\n\r\n" + END,
    ),
    "headers of another script": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="\xff\xfe"\r\n\r\nx\r\n'
        + END,
    ),
    "a form in a form": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="file"\r\n'
        b"Content-Type: multipart/mixed; boundary=y\r\n\r\n--y\r\n\r\nx\r\n--y--\r\n" + END,
    ),
}


@pytest.mark.parametrize(("kind", "body"), FORMS.values(), ids=FORMS)
async def test_an_odd_form_is_refused_and_leaves_nothing(
    cast: Cast, kind: str, body: bytes
) -> None:
    answer = await cast.ada.http.post("/attachments", content=body, headers={"Content-Type": kind})
    assert answer.status_code in (400, 413)
    assert list((cast.target.data / "files").rglob("*.part")) == []


async def test_a_file_that_is_too_large_is_refused_by_what_it_says_and_by_what_it_is(
    cast: Cast,
) -> None:
    too_large = b"x" * (26 * 1024 * 1024)
    answer = await cast.ada.http.post("/attachments", files={"file": ("x.bin", too_large)})
    assert answer.status_code == 413

    async def endless() -> Any:
        yield part("file", FILE, b"")[:-2]
        for _ in range(27):
            yield b"x" * 1024 * 1024

    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = await cast.ada.http.post("/attachments", content=endless(), headers=headers)
    assert answer.status_code == 413
    assert list((cast.target.data / "files").rglob("*.part")) == []


def png_of(width: int, height: int) -> bytes:
    """A small file that unpacks to very many pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    rows = zlib.compress(b"\0" * ((width // 8 + 1) * min(height, 4_000)), 9)
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def endless_gif() -> bytes:
    frames = [Image.new("P", (900, 900), number % 2) for number in range(400)]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], duration=1, loop=0)
    return out.getvalue()


BOMBS: dict[str, Any] = {
    "pixels": lambda: png_of(60_000, 60_000),
    "a side": lambda: png_of(2**31 - 1, 1),
    "frames": endless_gif,
    "text": lambda: (
        PIXEL[:33] + b"\0\0\0\x10zTXtx\0\0" + zlib.compress(b"x" * 10_000_000) + PIXEL[33:]
    ),
    "metadata": lambda: b"\xff\xd8" + (b"\xff\xe1\xff\xff" + b"x" * 65_533) * 300 + b"\xff\xd9",
    "a PDF of pages": lambda: (
        b"%PDF-1.7\n" + b"1 0 obj<</Type/Pages/Kids[1 0 R]/Count 99999999>>\n" * 9_999
    ),
    "boxes in boxes": lambda: b"\0\0\0\x18ftypisom\0\0\0\0isommp42" + b"\0\0\1\0moov" * 20_000,
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
async def test_a_bomb_does_no_harm(cast: Cast, bomb: Any) -> None:
    answer = await cast.ada.http.post("/attachments", files={"file": ("x.png", bomb())})
    assert answer.status_code in (201, 400, 413)
    if answer.status_code == 201:
        file = answer.json()["attachment"]
        assert (file["width"] or 0) * (file["height"] or 0) <= 32_000_000
    assert await cast.ada.get("/me")


RANGES: dict[str, str] = {
    "many": "bytes=" + ",".join("0-" for _ in range(5_000)),
    "overlapping": "bytes=0-99,0-99,0-99",
    "backwards": "bytes=50-10",
    "far": "bytes=99999999999999999999-",
    "negative": "bytes=--5",
    "another unit": "items=0-5",
    "nothing": "bytes=",
    "no numbers": "bytes=a-b",
    "of another script": "bytes=\u0661-\u0662",
    "a huge end": "bytes=0-99999999999999999999999999",
}


@pytest.mark.parametrize("wanted", RANGES.values(), ids=RANGES)
async def test_an_odd_range_gets_the_file_or_nothing(cast: Cast, wanted: str) -> None:
    file = await cast.ada.upload("notes.txt", b"0123456789")
    headers = [(b"Range", wanted.encode())]
    answer = await cast.ada.http.get(f"/attachments/{file['id']}", headers=headers)
    assert answer.status_code in (200, 206, 416)
    assert answer.content in (b"0123456789", b"")


async def test_a_picture_tells_nothing_of_where_it_was_taken(cast: Cast) -> None:
    shot = Image.new("RGB", (40, 40), "red")
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera 3000"
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 36.0)})
    out = io.BytesIO()
    shot.save(out, "JPEG", exif=exif, comment=b"a secret comment")
    file = await cast.ada.upload("shot.jpg", out.getvalue())
    served = (await cast.ada.http.get(f"/attachments/{file['id']}")).content
    assert b"SecretCamera" in out.getvalue()
    assert b"SecretCamera" not in served
    assert b"a secret comment" not in served
    assert 0x8825 not in Image.open(io.BytesIO(served)).getexif()


@pytest.mark.parametrize("content", [SVG, HTML, PDF, b"GIF89a" + HTML, b"", png_of(60_000, 60_000)])
async def test_a_portrait_is_a_picture_that_we_drew_again(cast: Cast, content: bytes) -> None:
    answer = await cast.ada.http.put("/me/avatar", files={"file": ("me.png", content)})
    assert answer.status_code in (400, 413)
    assert (await cast.ada.get("/me"))["user"]["avatar_url"] is None


async def test_a_portrait_carries_nothing_but_pixels(cast: Cast) -> None:
    content = picture() + HTML
    answer = await cast.ada.http.put("/me/avatar", files={"file": ("me.png", content)})
    served = await cast.ben.http.get(answer.json()["user"]["avatar_url"].removeprefix("/api/v1"))
    assert served.headers["content-type"] == "image/webp"
    assert b"script" not in served.content


async def test_no_one_fills_the_disk_with_files_that_no_message_uses(cast: Cast) -> None:
    statuses = [
        (await cast.ada.http.post("/attachments", files={"file": ("a.txt", b"x")})).status_code
        for _ in range(42)
    ]
    assert statuses[:40] == [201] * 40
    assert statuses[-1] in (409, 429, 507)


async def test_a_picture_is_not_shown_where_it_only_begins_like_one(cast: Cast) -> None:
    content = b"\x89PNG\r\n\x1a\n" + HTML
    refused = await cast.ada.http.post("/attachments", files={"file": ("x.png", content)})
    assert (refused.status_code, "as_it_is" in refused.json()["fields"]) == (400, True)
    made = await cast.ada.http.post(
        "/attachments", files={"file": ("x.png", content)}, params={"as_it_is": "true"}
    )
    served = await cast.ada.http.get(f"/attachments/{made.json()['attachment']['id']}")
    inert(served.headers)
    assert served.headers["content-type"] == "application/octet-stream"
    assert served.headers["content-disposition"].startswith("attachment")
