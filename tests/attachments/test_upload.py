"""Uploading: what is accepted, what is rejected, and what is left behind."""

import asyncio
import io
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import httpx
import pytest
from PIL import Image

from echosphere.attachments.attachment import MAX_UNUSED_BYTES
from echosphere.attachments.web import MAX_CONCURRENT
from echosphere.media.upload import UploadTimeouts
from tests.attachments.conftest import MOST, Server, upload_as
from tests.media import made

HTML = b"<!doctype html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
BOUNDARY = "edge"
short_timeouts = pytest.mark.parametrize(
    "timeouts", [UploadTimeouts(idle=0.5, grace=1.5)], ids=["short"]
)
MULTIPART = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}


def part(name: str = "file", filename: str | None = "a.bin", body: bytes = b"abc") -> bytes:
    """One part of a form, written by hand."""
    disposition = f'form-data; name="{name}"'
    if filename is not None:
        disposition += f'; filename="{filename}"'
    head = f"--{BOUNDARY}\r\nContent-Disposition: {disposition}\r\n\r\n"
    return head.encode() + body + b"\r\n"


END = f"--{BOUNDARY}--\r\n".encode()


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One kind of database: what happens here happens before anything is stored in it."""
    return sqlite_url


async def post(server: Server, body: bytes) -> httpx.Response:
    """Send a form written by hand."""
    return await server.as_("member").post("/attachments", content=body, headers=MULTIPART)


async def test_an_upload_is_described_as_the_contract_says(server: Server) -> None:
    attachment = await server.upload(b"Hello, world", "hello.txt")
    place = f"/api/v1/attachments/{attachment['id']}"
    assert attachment == {
        "id": attachment["id"],
        "name": "hello.txt",
        "type": "text/plain",
        "size": 12,
        "width": None,
        "height": None,
        "url": place,
        "thumbnail_url": None,
        "duration": None,
        "waveform": None,
        "animated": False,
        "ground": None,
    }
    assert server.stored() == [attachment["id"]]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
async def test_an_image_is_measured_as_displayed_and_loses_what_it_tells_of_its_owner(
    server: Server, kind: str
) -> None:
    original = made.picture(kind, (1500, 1000), orientation=6)
    assert made.CAMERA.encode() in original
    attachment = await server.upload(original, "holiday")
    assert (attachment["width"], attachment["height"]) == (1000, 1500)
    assert attachment["type"] == f"image/{kind.lower()}"
    member = server.as_("member")
    served = (await member.get(attachment["url"].removeprefix("/api/v1"))).content
    assert made.CAMERA.encode() not in served
    assert attachment["size"] == len(served)
    with Image.open(io.BytesIO(served)) as image, Image.open(io.BytesIO(original)) as before:
        assert dict(image.getexif()) == {0x0112: 6}
        assert image.tobytes() == before.tobytes()
    thumbnail = await member.get(attachment["thumbnail_url"].removeprefix("/api/v1"))
    assert thumbnail.headers["content-type"] == "image/webp"
    with Image.open(io.BytesIO(thumbnail.content)) as image:
        assert image.format == "WEBP"
        assert image.size == (480, 720)
        assert not image.getexif()
        top, bottom = image.convert("RGB").getpixel((240, 50)), image.getpixel((240, 670))
        assert isinstance(top, tuple)
        assert isinstance(bottom, tuple)
        assert top[0] > 200 > 50 > top[2]  # turned: the left half is on top
        assert bottom[2] > 200 > 50 > bottom[0]


async def test_an_animation_stays_one_and_leaves_behind_what_follows_its_end(
    server: Server,
) -> None:
    original = made.animation(12)
    attachment = await server.upload(original + HTML, "dance.gif")
    served = await server.as_("member").get(f"/attachments/{attachment['id']}")
    assert served.content == original
    assert attachment["type"] == "image/gif"
    assert attachment["thumbnail_url"] is not None


async def test_the_first_page_of_a_document_becomes_its_thumbnail(server: Server) -> None:
    attachment = await server.upload(made.document([(200, 400), (10, 10)]), "paper.pdf")
    assert attachment["type"] == "application/pdf"
    assert (attachment["width"], attachment["height"]) == (360, 720)
    thumbnail = await server.as_("member").get(f"/attachments/{attachment['id']}/thumbnail")
    with Image.open(io.BytesIO(thumbnail.content)) as image:
        assert image.size == (360, 720)


async def test_a_document_that_cannot_be_drawn_is_still_a_document(server: Server) -> None:
    broken = made.document()[:60]
    for body in (b"%PDF-1.7\nnothing", broken, made.document_with_password()):
        attachment = await server.upload(body, "paper.pdf")
        assert attachment["type"] == "application/pdf"
        assert attachment["thumbnail_url"] is None
        assert attachment["width"] is None


async def test_a_disguised_file_is_what_it_contains_and_only_downloaded(server: Server) -> None:
    disguised = {
        "page.png": (HTML, "text/plain"),
        "drawing.jpg": (SVG, "text/plain"),
        "half.png": (made.picture("PNG")[:90], "application/octet-stream"),
        "pretends.gif": (b"GIF89a" + HTML, "application/octet-stream"),
        "pretends.jpg": (b"\xff\xd8\xff\xe0" + HTML, "application/octet-stream"),
        "too small.png": (made.png_that_claims(4000, 4000), "application/octet-stream"),
        "program.jpg": (b"MZ\x90\0\x03" + HTML, "application/octet-stream"),
        "script.pdf": (made.document_with_script(), "application/pdf"),
    }
    for name, (body, kind) in disguised.items():
        taken = await server.as_("member").post(
            "/attachments", files={"file": (name, body)}, params={"as_it_is": "true"}
        )
        attachment = taken.json()["attachment"]
        assert attachment["type"] == kind, name
        served = await server.as_("member").get(f"/attachments/{attachment['id']}")
        assert served.content == body
        assert served.headers["content-disposition"].startswith("attachment;")
        assert served.headers["x-content-type-options"] == "nosniff"
        assert served.headers["content-security-policy"] == "sandbox; default-src 'none'"


async def test_bombs_are_refused_with_a_sentence_and_leave_nothing(server: Server) -> None:
    for body in (made.png_that_claims(40_000, 40_000), made.png_that_claims(6_000, 6_000)):
        refused = await server.refused_or_taken(body)
        assert refused.status_code == 400
        assert refused.json()["detail"] == "The image has more than 32 megapixels."
    refused = await server.refused_or_taken(made.animation(1_100, (2, 2)))
    assert refused.json()["detail"] == "The animation is too long: 1100 frames."
    assert server.stored() == []


async def test_a_file_that_is_too_long_is_refused_by_its_announced_length(server: Server) -> None:
    reader, writer = await begin(server, 99_999_999)  # and not one byte of the body
    status = await asyncio.wait_for(reader.readline(), 10)
    assert status.split()[1] == b"413"
    writer.close()
    assert server.stored() == []


async def test_a_file_that_is_too_long_is_refused_while_it_streams(server: Server) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        yield part().removesuffix(b"\r\n")
        while sent < 200 * MOST:
            sent += 65536
            yield bytes(65536)

    try:
        refused = await server.as_("member").post(
            "/attachments", content=endless(), headers=MULTIPART
        )
        assert refused.status_code == 413
        assert refused.json()["code"] == "too_large"
    except httpx.WriteError:  # the server hung up on the sender
        assert sent < 200 * MOST
    assert server.stored() == []


async def test_the_largest_allowed_file_is_taken_whole(server: Server) -> None:
    body = bytes(range(256)) * (MOST // 256)
    attachment = await server.upload(body)
    assert attachment["size"] == MOST
    served = await server.as_("member").get(f"/attachments/{attachment['id']}")
    assert served.content == body
    assert (await server.refused_or_taken(body + b"x")).status_code == 413


NO_FILE = "Send one file in the field 'file'."
ONE_FILE = "Send one file at a time."
INCOMPLETE = "The body is not a complete multipart form."
TOO_LONG = "The form's parts or headers are too long."
FORMS = [
    (part("picture") + END, NO_FILE),
    (part(filename=None) + END, NO_FILE),
    (END, NO_FILE),
    (part() + part() + END, ONE_FILE),
    (part() + part("more", None) + END, ONE_FILE),
    (part(body=b"") + END, "The file is empty."),
    (part(), INCOMPLETE),
    (b"nonsense", INCOMPLETE),
    (b"", INCOMPLETE),
    (b"--edge\r\nX: y\r\n\r\nabc\r\n" + END, INCOMPLETE),
    (b"x" * 200_000, TOO_LONG),
    (part(filename="x" * 100_000) + END, TOO_LONG),
    (b"--edge\r\nX: \xff\xfe\r\n\r\nabc\r\n" + END, "The form's headers are not text in UTF-8."),
    (part() + END + bytes(100_000), "The form continues after its end."),
]


async def test_a_form_that_is_not_one_file_is_refused(server: Server) -> None:
    for body, detail in FORMS:
        refused = await post(server, body)
        assert (refused.status_code, refused.json()["detail"]) == (400, detail)
        assert server.stored() == []


async def test_a_body_that_is_not_a_form_is_refused(server: Server) -> None:
    too_long = f"multipart/form-data; boundary={'x' * 71}"
    for content_type in ("", "application/json", "multipart/form-data", too_long):
        refused = await server.as_("member").post(
            "/attachments", content=part() + END, headers={"Content-Type": content_type}
        )
        assert refused.status_code == 400, content_type


async def test_no_one_uploads_without_being_signed_in(server: Server) -> None:
    refused = await server.refused_or_taken(b"abc", as_="a stranger")
    assert refused.status_code == 401
    assert server.stored() == []


NAMES = {
    "../../etc/passwd": "passwd",
    "C:\\Users\\me\\photo.jpg": "photo.jpg",
    "a\u202egpj.exe": "agpj.exe",
    "tab\there.txt": "tab here.txt",
    "...": "file",
    "文件.txt": "文件.txt",
    "n" * 300 + ".pdf": "n" * 251 + ".pdf",
    "é" * 200 + ".pdf": "é" * 125 + ".pdf",
    "a" * 7_000 + "b" * 996 + ".pdf": "b" * 251 + ".pdf",
}


async def test_a_name_is_kept_without_folders_and_tricks(server: Server) -> None:
    for given, kept in NAMES.items():
        answer = await post(server, part(filename=given.replace("\\", "\\\\")) + END)
        attachment = answer.json()["attachment"]
        assert attachment["name"] == kept
        assert server.stored() == [attachment["id"]]
        await server.as_("member").delete(f"/attachments/{attachment['id']}")
        await server.storage.remove(attachment["id"])


async def test_an_upload_beyond_what_one_may_hold_is_refused_and_leaves_nothing(
    server: Server,
) -> None:
    await server.database.write(upload_as, "member", MAX_UNUSED_BYTES - 2, "large")
    refused = await server.refused_or_taken(b"abc")
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    assert server.stored() == []
    await server.upload(b"ab")
    assert (await server.refused_or_taken(b"abc", as_="second")).status_code == 201


async def test_a_person_may_have_some_uploads_under_way_and_no_more(server: Server) -> None:
    begun = [await begin(server, 900_000) for _ in range(MAX_CONCURRENT)]
    for _, writer in begun:
        writer.write(part(body=b"x" * 300_000))
    async with asyncio.timeout(10):
        while len(server.stored()) < MAX_CONCURRENT:
            await asyncio.sleep(0.01)
    refused = await server.refused_or_taken(b"abc")
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "5")
    await server.upload(b"abc", as_="second")
    for _, writer in begun:
        writer.transport.abort()
    async with asyncio.timeout(10):
        while len(server.stored()) > 1:
            await asyncio.sleep(0.01)
    await server.upload(b"abc")


async def begin(server: Server, length: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Announce an upload over a connection of one's own."""
    url = urlsplit(server.address)
    reader, writer = await asyncio.open_connection(url.hostname, url.port)
    writer.write(
        b"POST /api/v1/attachments HTTP/1.1\r\nHost: here\r\nAuthorization: Bearer member\r\n"
        b"Content-Type: multipart/form-data; boundary=edge\r\n"
        b"Content-Length: %d\r\n\r\n" % length
    )
    return reader, writer


async def test_a_sender_who_vanishes_leaves_nothing(server: Server) -> None:
    _, writer = await begin(server, 900_000)
    writer.write(part(body=b"x" * 400_000))
    async with asyncio.timeout(10):
        while not server.stored():  # the beginning has arrived
            await asyncio.sleep(0.01)
        writer.transport.abort()
        while server.stored():
            await asyncio.sleep(0.01)


@short_timeouts
async def test_a_sender_who_only_holds_the_line_is_told_so(server: Server) -> None:
    reader, writer = await begin(server, 900_000)
    writer.write(part())
    status = await asyncio.wait_for(reader.readline(), 10)
    assert status.split()[1] == b"408"
    writer.close()
    assert server.stored() == []


@short_timeouts
async def test_a_sender_who_drips_is_told_so(server: Server) -> None:
    reader, writer = await begin(server, 900_000)
    writer.write(part().removesuffix(b"\r\n"))
    status = asyncio.ensure_future(reader.readline())
    async with asyncio.timeout(10):
        while not status.done():
            writer.write(b"x")
            await asyncio.wait({status}, timeout=0.05)
    assert status.result().split()[1] == b"408"
    writer.close()
    assert server.stored() == []
