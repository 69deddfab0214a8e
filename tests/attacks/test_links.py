"""Attacks through links in messages and push service addresses: requests made by the server."""

import asyncio
import gzip
import io
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from typing import Any

import pytest
from PIL import Image

from tests.attacks.conftest import Cast
from tests.attacks.servers import Servers, Target
from tests.link_previews.site import Site, answer
from tests.product.people import TIMEOUT, Person, people_on
from tests.product.push_service import BrowserKeys


@pytest.fixture
async def canary() -> AsyncIterator[Site]:
    """Something on this machine that no one outside may reach through the server."""
    async with Site() as site:
        site.says("/", "<title>The inner page</title>")
        yield site


INNER = [
    "http://127.0.0.1:{port}/", "http://localhost:{port}/", "http://[::1]:{port}/", "http://127.1:{port}/",
    "http://2130706433:{port}/", "http://0x7f000001:{port}/", "http://0177.0.0.1:{port}/",
    "http://[::ffff:127.0.0.1]:{port}/", "http://[64:ff9b::7f00:1]:{port}/", "http://0.0.0.0:{port}/",
    "http://127.0.0.1.:{port}/", "http://evil.example@127.0.0.1:{port}/", "http://127.0.0.1:{port}\\@evil.example/",
    "http://\uff11\uff12\uff17.0.0.1:{port}/", "http://127。0。0。1:{port}/", "http://localhost.:{port}/",
]  # fmt: skip


@pytest.mark.parametrize("url", INNER)
async def test_no_link_reaches_this_machine(cast: Cast, canary: Site, url: str) -> None:
    said = await cast.ada.say(cast.here, url.format(port=canary.port))
    await all_done(cast.target)
    assert canary.asked == []
    shown = (await cast.ben.get(cast.messages(f"/{said['seq']}")))["message"]
    assert shown["preview"] is None


async def all_done(target: Target) -> None:
    """Wait until no link is left to be looked at."""

    def left() -> int:
        with closing(sqlite3.connect(target.data / "app.db", timeout=30)) as connection:
            query = "SELECT count(*) FROM jobs WHERE kind = 'previews.look'"
            return int(connection.execute(query).fetchone()[0])

    async with asyncio.timeout(TIMEOUT):
        while left():
            await asyncio.sleep(0.05)


PLACES = ["http://169.254.169.254/latest/meta-data/", "http://10.0.0.1/", "http://192.168.0.1/", "http://[fe80::1]/",
          "http://[fd00::1]/", "file:///etc/passwd", "gopher://127.0.0.1:6379/_INFO", "ftp://127.0.0.1/",
          "dict://127.0.0.1:11211/stats", "http://127.0.0.1:22/", "http://metadata.google.internal/"]  # fmt: skip


@pytest.mark.parametrize("url", PLACES)
async def test_no_link_reaches_the_network_of_the_server(cast: Cast, url: str) -> None:
    said = await cast.ada.say(cast.here, f"look: {url}")
    await all_done(cast.target)
    shown = (await cast.ben.get(cast.messages(f"/{said['seq']}")))["message"]
    assert shown["preview"] is None


ENDPOINTS = [
    "http://127.0.0.1:{port}/", "https://127.0.0.1:{port}/", "https://127.0.0.1/", "https://localhost/",
    "https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://10.0.0.1/", "https://169.254.169.254/",
    "https://user:pass@push.example.net/", "ftp://push.example.net/", "https://push.example.net:22/",
    "javascript:alert(1)", "", "x" * 5_000,
]  # fmt: skip


@pytest.mark.parametrize("endpoint", ENDPOINTS)
async def test_no_push_service_is_inside(cast: Cast, canary: Site, endpoint: str) -> None:
    wish = BrowserKeys(endpoint.format(port=canary.port)).wish()
    answer_ = await cast.ada.http.post("/notifications/subscriptions", json=wish)
    assert answer_.status_code == 400
    await cast.ben.say(cast.here, "are you there?")
    await all_done(cast.target)
    assert canary.asked == []


KEYS: list[Any] = [
    {"p256dh": "", "auth": ""},
    {"p256dh": "AAAA", "auth": "AAAA"},
    {"p256dh": "B" * 87, "auth": "AAAAAAAAAAAAAAAAAAAAAA"},
    {"p256dh": None, "auth": None},
]


@pytest.mark.parametrize("keys", KEYS)
async def test_keys_that_are_none_are_refused(cast: Cast, keys: Any) -> None:
    wish = {"endpoint": "https://push.example.net/1", "keys": keys}
    answer_ = await cast.ada.http.post("/notifications/subscriptions", json=wish)
    assert answer_.status_code == 400


# ---- what pages answer, where the operator lets the server reach them --------------------------


@pytest.fixture
async def reading(servers: Servers) -> AsyncIterator[tuple[Person, Person, str]]:
    """Two people who talk on a server that may reach this machine."""
    target = servers("previewing")
    async with people_on(target.base, "Ada Example", "Ben Example") as (ada, ben):
        yield ada, ben, await ada.talk_to(ben)


Reading = tuple[Person, Person, str]


async def preview_of(reading: Reading, target: Target, url: str) -> Any:
    ada, ben, here = reading
    said = await ada.say(here, url)
    await all_done(target)
    shown = (await ben.get(f"/conversations/{here}/messages/{said['seq']}"))["message"]
    return shown["preview"]


async def endless(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 So\r\nContent-Type: text/html\r\n\r\n<title>endless</title>")
    while True:
        writer.write(b"<p>" * 20_000)
        await writer.drain()


def packed(body: bytes, kind: str) -> bytes:
    headers = {"Content-Type": kind, "Content-Encoding": "gzip"}
    return answer(200, gzip.compress(body), headers)


def huge_picture() -> bytes:
    out = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")
    return out.getvalue()


PAGES: dict[str, Any] = {
    "a page without end": endless,
    "a compressed bomb": packed(b"<title>bomb</title>" + b" " * 50_000_000, "text/html"),
    "a head without end": b"HTTP/1.1 200 So\r\n" + b"X: " + b"x" * 2_000_000,
    "no HTTP": b"SSH-2.0-OpenSSH_9\r\n",
    "deep elements": answer(
        200, b"<title>deep</title>" + b"<div>" * 200_000, {"Content-Type": "text/html"}
    ),
    "a lying length": b"HTTP/1.1 200 So\r\nContent-Length: 999999999\r\n\r\n<title>x</title>",
    "no page": answer(200, b"\0\1\2" * 1_000, {"Content-Type": "application/octet-stream"}),
    "odd bytes": answer(200, b"<title>\xff\xfe\xed\xa0\x80</title>", {"Content-Type": "text/html"}),
    "a huge picture": answer(200, huge_picture(), {"Content-Type": "image/png"}),
    "nothing": b"",
}


@pytest.mark.parametrize("answered", PAGES.values(), ids=PAGES)
async def test_a_hostile_page_holds_no_one_up(
    servers: Servers, reading: Reading, canary: Site, answered: Any
) -> None:
    canary.answers["/hostile"] = answered
    target = servers("previewing")
    await preview_of(reading, target, f"{canary.address}/hostile")
    assert any(one.path == "/hostile" for one in canary.asked)
    fine = canary.says("/fine", "<title>A fine page</title>")
    assert (await preview_of(reading, target, fine))["title"] == "A fine page"


async def test_redirects_in_a_circle_end(servers: Servers, reading: Reading, canary: Site) -> None:
    here = canary.moves("/circle", "/circle")
    assert await preview_of(reading, servers("previewing"), here) is None
    assert len([one for one in canary.asked if one.path == "/circle"]) <= 4


async def test_no_cookie_and_no_secret_goes_along(
    servers: Servers, reading: Reading, canary: Site
) -> None:
    here = canary.says("/watched", "<title>Watched</title>")
    await preview_of(reading, servers("previewing"), here)
    [asked] = [one for one in canary.asked if one.path == "/watched"]
    told = str(asked.headers)
    for secret in (reading[0].token, reading[0].id, reading[2], reading[0].email):
        assert secret not in told
    assert not {"cookie", "authorization", "referer"} & set(asked.headers)


async def test_a_title_is_text_without_tricks(
    servers: Servers, reading: Reading, canary: Site
) -> None:
    title = "&lt;script&gt;alert(1)&lt;/script&gt; \u202egpj.exe\u0007" + "x" * 50_000
    here = canary.says("/tricky", f"<title>{title}</title>")
    preview = await preview_of(reading, servers("previewing"), here)
    assert "\u202e" not in preview["title"]
    assert len(preview["title"]) <= 1_000
    assert preview["image_url"] is None


async def test_a_picture_of_a_page_is_drawn_again(
    servers: Servers, reading: Reading, canary: Site
) -> None:
    out = io.BytesIO()
    Image.new("RGB", (640, 320), "teal").save(out, "PNG")
    canary.says("/p.png", out.getvalue() + b"<script>alert(1)</script>", "image/png")
    canary.says(
        "/p.svg", b"<svg onload='alert(1)' xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"
    )
    for name, drawn in (("p.png", True), ("p.svg", False)):
        page = f'<title>Pictured {name}</title><meta property="og:image" content="/{name}">'
        preview = await preview_of(
            reading, servers("previewing"), canary.says(f"/{name}.html", page)
        )
        assert (preview["image_url"] is not None) is drawn
        if drawn:
            served = await reading[1].http.get(preview["image_url"].removeprefix("/api/v1"))
            assert served.headers["content-type"] == "image/webp"
            assert b"script" not in served.content


async def test_a_picture_of_a_preview_is_for_who_sees_its_message(
    servers: Servers, reading: Reading, canary: Site
) -> None:
    out = io.BytesIO()
    Image.new("RGB", (640, 320), "teal").save(out, "PNG")
    canary.says("/q.png", out.getvalue(), "image/png")
    page = '<title>Private</title><meta property="og:image" content="/q.png">'
    preview = await preview_of(reading, servers("previewing"), canary.says("/q.html", page))
    path = preview["image_url"].removeprefix("/api/v1")
    async with people_on(servers("previewing").base, "Oscar Outsider") as (oscar,):
        await oscar.get(path, 404)
    assert (await reading[1].http.get(path)).status_code == 200
