"""Pictures of people and groups: what is accepted, how it is converted, and who sees it."""

import asyncio
import io
import os
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image, ImageCms

from echosphere.attachments import AttachmentCleanup
from echosphere.avatars import AvatarCleanup
from tests.media.made import (
    CAMERA,
    animation,
    document,
    document_with_script,
    picture,
    png_that_claims,
)
from tests.product.conftest import Running
from tests.product.groups import Group, group_on
from tests.product.once import on_one_database
from tests.product.people import PASSWORD, Person
from tests.product.samples import SOMEBODY

MOST = 8 * 1024 * 1024


@pytest.fixture
async def group(server: str) -> AsyncIterator[Group]:
    """The group and the people around it."""
    async with group_on(server) as group:
        yield group


async def put(person: Person, path: str, content: bytes, name: str = "me.png") -> httpx.Response:
    """Send a picture."""
    return await person.http.put(path, files={"file": (name, content)})


async def set_own(person: Person, content: bytes) -> str:
    """Set someone's picture, which must be taken; return its address."""
    answer = await put(person, "/me/avatar", content)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["user"]["avatar_url"])


async def look(person: Person, address: str) -> httpx.Response:
    """Ask for a picture."""
    return await person.http.get(person.base + address)


def stored(running: Running) -> list[str]:
    """Return the names of all stored pictures, and of what is being received."""
    files = Path(running.application.settings.data) / "files"
    folders = (files / "avatars", files / "incoming")
    return sorted(path.name for one in folders for path in one.rglob("*") if path.is_file())


def decoded(content: bytes) -> Image.Image:
    """Return a picture, decoded as a browser does."""
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def is_(colour: str, pixel: Any) -> bool:
    """Whether a pixel is of a colour, as far as a lossy format keeps it."""
    red, green, blue = pixel[:3]
    wanted = {"red": red > 200 > 100 > blue, "blue": blue > 200 > 100 > red}[colour]
    return bool(wanted and green < 100)


def luminance(image: Image.Image, at: tuple[int, int]) -> float:
    """Return how bright a pixel is, as the rules for contrast reckon it."""
    parts = [value / 255 for value in image.getpixel(at)]  # type: ignore[union-attr]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


# ---- one's own picture ------------------------------------------------------------------------


async def test_a_picture_becomes_a_square_without_a_trace_of_the_camera(group: Group) -> None:
    given = picture("JPEG", (900, 300))
    assert CAMERA.encode() in given
    address = await set_own(group.owner, given)
    shown = await look(group.outsider, address)
    assert shown.status_code == 200
    assert shown.headers["content-type"] == "image/webp"
    assert CAMERA.encode() not in shown.content
    image = decoded(shown.content)
    assert (image.size, image.format) == ((512, 512), "WEBP")
    assert not image.getexif()
    assert not {"exif", "xmp", "icc_profile"} & image.info.keys()
    middle = image.convert("RGB")
    assert is_("red", middle.getpixel((10, 256)))
    assert is_("blue", middle.getpixel((500, 256)))


@on_one_database
async def test_the_middle_is_kept_upright(group: Group) -> None:
    """The camera lay on its side: what the file calls left is above."""
    turned = await set_own(group.owner, picture("JPEG", (300, 300), orientation=6))
    image = decoded((await look(group.owner, turned)).content).convert("RGB")
    assert is_("red", image.getpixel((256, 20)))
    assert is_("blue", image.getpixel((256, 490)))


@pytest.mark.parametrize("kind", ["PNG", "GIF", "WEBP", "AVIF", "JPEG"])
@on_one_database
async def test_every_kind_of_picture_is_taken(group: Group, kind: str) -> None:
    small = Image.new("RGB", (40, 60), "red")
    out = io.BytesIO()
    small.save(out, kind)
    address = await set_own(group.owner, out.getvalue())
    assert decoded((await look(group.owner, address)).content).size == (512, 512)


@on_one_database
async def test_of_an_animation_the_first_picture_is_kept(group: Group) -> None:
    address = await set_own(group.owner, animation(5))
    image = decoded((await look(group.owner, address)).content)
    assert getattr(image, "n_frames", 1) == 1


@on_one_database
@pytest.mark.parametrize("drawn", ["black", "white", "#757575"])
async def test_what_is_transparent_gets_a_ground_on_which_all_of_it_is_seen(
    group: Group, drawn: str
) -> None:
    picture = Image.new("RGBA", (100, 100), (255, 0, 0, 0))
    picture.paste(drawn, (0, 0, 50, 100))
    out = io.BytesIO()
    picture.save(out, "PNG")
    shown = decoded((await look(group.owner, await set_own(group.owner, out.getvalue()))).content)
    assert shown.mode == "RGB"
    lighter, darker = sorted((luminance(shown, (x, 256)) for x in (100, 400)), reverse=True)
    # WebP keeps a colour nearly, not quite.
    assert (lighter + 0.05) / (darker + 0.05) >= 4.4


@on_one_database
async def test_wide_colours_become_common_ones(group: Group) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    out = io.BytesIO()
    Image.new("RGB", (100, 100), "red").save(out, "PNG", icc_profile=profile)
    plain = decoded((await look(group.owner, await set_own(group.owner, out.getvalue()))).content)
    assert "icc_profile" not in plain.info
    assert is_("red", plain.convert("RGB").getpixel((200, 200)))
    out = io.BytesIO()
    Image.new("RGB", (100, 100), "blue").save(out, "PNG", icc_profile=b"not a profile at all")
    broken = decoded((await look(group.owner, await set_own(group.owner, out.getvalue()))).content)
    assert is_("blue", broken.convert("RGB").getpixel((200, 200)))


async def test_people_see_the_new_picture_and_the_old_one_is_gone_for_good(
    running: Running, group: Group
) -> None:
    socket = await group.member.connect()
    first = await set_own(group.owner, picture(size=(50, 50)))
    contact = await socket.next("contact")
    assert contact["contact"]["user"]["avatar_url"] == first
    members = (await group.seen_by(group.member))["members"]
    assert first in [one["user"]["avatar_url"] for one in members]
    assert (await group.owner.get("/me"))["user"]["avatar_url"] == first
    second = await set_own(group.owner, picture(size=(51, 51)))
    assert second != first
    assert (await look(group.owner, first)).status_code == 404
    assert (await look(group.owner, second)).status_code == 200
    removed = await group.owner.delete("/me/avatar", 200)
    assert removed["user"]["avatar_url"] is None
    assert (await look(group.owner, second)).status_code == 404
    await group.owner.delete("/me/avatar", 200)
    await until_nothing_is_stored(running)


async def until_nothing_is_stored(running: Running) -> None:
    """Wait for the jobs that remove pictures."""
    deadline = time.monotonic() + 10
    while stored(running) and time.monotonic() < deadline:
        await asyncio.sleep(0.02)
    assert stored(running) == []


async def test_a_picture_is_kept_by_browsers_because_it_never_changes(group: Group) -> None:
    address = await set_own(group.owner, picture(size=(50, 50)))
    shown = await look(group.owner, address)
    assert shown.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert shown.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert shown.headers["content-disposition"].startswith("inline")
    headers = {"If-None-Match": shown.headers["etag"]}
    again = await group.owner.http.get(group.owner.base + address, headers=headers)
    assert (again.status_code, again.content) == (304, b"")


async def test_closing_the_account_removes_the_picture(running: Running, group: Group) -> None:
    address = await set_own(group.member, picture(size=(50, 50)))
    answer = await group.member.http.request("DELETE", "/me", json={"password": PASSWORD})
    assert answer.status_code == 204
    assert (await look(group.owner, address)).status_code == 404
    await until_nothing_is_stored(running)
    assert address not in str(await group.seen_by(group.owner))


# ---- what is refused --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"just text", 400),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", 400),
        (b"<html><script>alert(1)</script></html>", 400),
        (document(), 400),
        (document_with_script(), 400),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, 400),
        (picture()[:100], 400),
        (b"\xff\xd8\xff" + b"<script>", 400),
        (b"", 400),
        (png_that_claims(60_000, 60_000), 400),
        (animation(1_100), 400),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * MOST, 413),
    ],
    ids=[
        "text", "svg", "html", "document", "script", "torn", "half", "polyglot", "nothing",
        "bomb", "endless", "huge",
    ],
)  # fmt: skip
@on_one_database
async def test_only_a_picture_of_sensible_size_is_taken(
    running: Running, group: Group, content: bytes, status: int
) -> None:
    for path in ("/me/avatar", group.path("/avatar")):
        answer = await put(group.owner, path, content)
        assert answer.status_code == status, answer.text
        assert len(answer.json()["detail"]) > 10
    assert (await group.owner.get("/me"))["user"]["avatar_url"] is None
    assert (await group.seen_by(group.owner))["avatar_url"] is None
    assert stored(running) == []


@on_one_database
async def test_a_picture_comes_as_one_file_of_a_form(running: Running, group: Group) -> None:
    for path in ("/me/avatar", group.path("/avatar")):
        for form in (
            {"json": {"file": "x"}},
            {"content": b"x", "headers": {"content-type": "image/png"}},
            {"files": {"picture": ("a.png", picture())}},
            {"files": [("file", ("a.png", picture())), ("file", ("b.png", picture()))]},
        ):
            answer = await group.owner.http.put(path, **form)
            assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert stored(running) == []


@on_one_database
async def test_no_one_signed_in_sets_or_sees_nothing(group: Group) -> None:
    address = await set_own(group.owner, picture())
    async with httpx.AsyncClient(base_url=f"{group.owner.base}/api/v1") as nobody:
        files = {"file": ("a.png", picture())}
        assert (await nobody.put("/me/avatar", files=files)).status_code == 401
        assert (await nobody.get(group.owner.base + address)).status_code == 401


# ---- the picture of a group -------------------------------------------------------------------


async def test_the_picture_of_a_group_is_for_its_members(running: Running, group: Group) -> None:
    sockets = [await group.member.connect(), await group.owner.connect(transports=["polling"])]
    before = (await group.seen_by(group.owner))["version"]
    answer = await put(group.admin, group.path("/avatar"), picture(size=(80, 80)))
    address = answer.json()["conversation"]["avatar_url"]
    for socket in sockets:
        told = await socket.next("conversation", conversation=group.id, version=before + 1)
        assert told["avatar_url"] == address
        line = await socket.next("message", conversation=group.id, version=before + 2)
        assert line["message"]["system"] == {"type": "avatar"}
    assert (await look(group.member, address)).status_code == 200
    hidden = await look(group.outsider, address)
    nowhere = await look(group.outsider, f"/api/v1/avatars/{SOMEBODY}")
    assert (hidden.status_code, hidden.content) == (nowhere.status_code, nowhere.content)
    assert hidden.status_code == 404
    await group.owner.delete(group.of(group.member))
    assert (await look(group.member, address)).status_code == 404
    removed = await group.owner.delete(group.path("/avatar"), 200)
    assert removed["conversation"]["avatar_url"] is None
    assert (await look(group.owner, address)).status_code == 404
    version = removed["conversation"]["version"]
    again = await group.owner.delete(group.path("/avatar"), 200)
    assert again["conversation"]["version"] == version, "there is no picture: nothing changes"
    await until_nothing_is_stored(running)


async def test_who_may_not_set_a_groups_picture_leaves_nothing_behind(
    running: Running, group: Group
) -> None:
    before = await group.seen_by(group.owner)
    member = await put(group.member, group.path("/avatar"), picture())
    outsider = await put(group.outsider, group.path("/avatar"), picture())
    nowhere = await put(group.outsider, f"/conversations/{SOMEBODY}/avatar", picture())
    assert member.status_code == 403
    assert (outsider.status_code, outsider.content) == (nowhere.status_code, nowhere.content)
    assert outsider.status_code == 404
    assert await group.seen_by(group.owner) == before
    assert stored(running) == []


# ---- cleanup -----------------------------------------------------------------------------------


@on_one_database
async def test_pictures_and_attachments_are_swept_apart(running: Running, group: Group) -> None:
    """A sweep of the one must not take the other for orphans."""
    address = await set_own(group.owner, picture())
    sent = await group.owner.upload("plan.txt", b"the plan")
    await group.owner.say(group.id, "the plan", attachments=[sent["id"]])
    application = running.application
    files = Path(application.settings.data) / "files"
    orphan = files / "avatars" / "aa" / "aaaaaaaaaaaaaaaaaaaa"
    orphan.parent.mkdir(exist_ok=True)
    orphan.write_bytes(b"nobody's")
    for path in files.rglob("*"):
        if path.is_file():
            os.utime(path, (time.time() - 10**8, time.time() - 10**8))
    await AttachmentCleanup(application.database, application.storage).clean_up()
    await AvatarCleanup(application.database, application.storage).delete_orphans()
    assert not orphan.exists()
    assert (await look(group.owner, address)).status_code == 200
    assert (await group.owner.http.get(f"/attachments/{sent['id']}")).content == b"the plan"
