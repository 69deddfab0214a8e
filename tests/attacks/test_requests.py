"""Attacks with requests that no well-behaved client would send."""

import asyncio
import json
import re
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.attacks.conftest import Cast
from tests.attacks.servers import Target
from tests.product.raw_http import request_bytes, send_raw

OK = b"HTTP/1.1 200"


async def exchange(base: str, request: bytes, seconds: float = 5.0) -> bytes:
    """Send bytes and return all that comes back until the server closes or is silent."""
    place = urlsplit(base)
    reader, writer = await asyncio.open_connection(place.hostname, place.port)
    answer = b""
    try:
        writer.write(request)
        async with asyncio.timeout(seconds):
            while piece := await reader.read(65_536):
                answer += piece
    except (TimeoutError, ConnectionError):
        pass
    finally:
        writer.close()
    return answer


INNER = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
POST = b"POST /api/v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"

SMUGGLED = {
    "a length and chunks": POST
    + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    + INNER,
    "two lengths": POST + b"Content-Length: 2\r\nContent-Length: 5\r\n\r\n{}" + INNER,
    "a list of lengths": POST + b"Content-Length: 2, 5\r\n\r\n{}" + INNER,
    "a negative length": POST + b"Content-Length: -1\r\n\r\n{}" + INNER,
    "a length with a sign": POST + b"Content-Length: +2\r\n\r\n{}" + INNER,
    "a hexadecimal length": POST + b"Content-Length: 0x2\r\n\r\n{}" + INNER,
    "a huge length": POST + b"Content-Length: 99999999999999999999999\r\n\r\n{}" + INNER,
    "a chunk that overflows": POST
    + b"Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff2\r\n{}\r\n0\r\n\r\n"
    + INNER,
    "chunks of another spelling": POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + INNER,
    "chunks and more": POST + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + INNER,
    "a blank before the colon": POST + b"Content-Length : 2\r\n\r\n{}" + INNER,
    "a folded header": POST + b"X: a\r\n Content-Length: 2\r\n\r\n{}" + INNER,
    "a NUL in a header": POST + b"X: a\0b\r\nContent-Length: 2\r\n\r\n{}" + INNER,
    "a bare carriage return": POST
    + b"X: a\rContent-Length: 40\r\nContent-Length: 2\r\n\r\n{}"
    + INNER,
}


@pytest.mark.parametrize("request_", SMUGGLED.values(), ids=SMUGGLED)
async def test_no_second_request_hides_behind_a_first_of_two_lengths(
    target: Target, request_: bytes
) -> None:
    answer = await exchange(target.base, request_)
    assert OK not in answer
    assert answer[:12] in (b"", b"HTTP/1.1 400", b"HTTP/1.1 413", b"HTTP/1.1 411", b"HTTP/1.1 501")


HEADS = {
    "one long header": {"X-Long": "x" * 200_000},
    "many headers": {f"X-{number}": "x" for number in range(10_000)},
    "many cookies": {"Cookie": "; ".join(f"c{number}=1" for number in range(20_000))},
}


@pytest.mark.parametrize("headers", HEADS.values(), ids=HEADS)
async def test_a_head_without_end_is_refused(target: Target, headers: dict[str, str]) -> None:
    answer = await send_raw(target.base, request_bytes("GET", "/api/v1/me", headers))
    assert answer.status in (0, 400, 431)


async def test_an_address_without_end_is_refused(target: Target) -> None:
    answer = await send_raw(target.base, request_bytes("GET", f"/{'a' * 200_000}"))
    assert answer.status in (0, 400, 414, 431)
    for path in (f"/api/v1/search?q={'a' * 20_000}", f"/api/v1/users/{'a' * 20_000}"):
        assert 400 <= (await send_raw(target.base, request_bytes("GET", path))).status < 500


DEEP = 200_000
BODIES = {
    "a deep array": b'{"name": ' + b"[" * DEEP,
    "a deep object": b'{"a":' * (DEEP // 5),
    "a closed deep array": b'{"settings": {"x": ' + b"[" * 90_000 + b"]" * 90_000 + b"}}",
    "NaN": b'{"status": {"until": NaN}}',
    "infinity": b'{"status": {"until": 1e999}}',
    "a huge number": b'{"status": {"until": ' + b"9" * 10_000 + b"}}",
    "a lone surrogate": b'{"name": "\\ud800"}',
    "a surrogate in bytes": b'{"name": "\xed\xa0\x80"}',
    "an escaped NUL": b'{"name": "a\\u0000b"}',
    "a bare NUL": b'{"name": "a\x00b"}',
    "no UTF-8": b'{"name": "\xff\xfe"}',
    "a byte order mark": b"\xef\xbb\xbf{}",
    "UTF-16": '{"name": "Eve"}'.encode("utf-16"),
    "UTF-7": b'{"name": "+ADw-script+AD4-"',
    "another prototype": b'{"__proto__": {"role": "owner"}}',
    "a constructor": b'{"constructor": {"prototype": {"role": "owner"}}}',
    "a pickle": b"\x80\x04\x95\x1a\x00\x00\x00\x00\x00\x00\x00\x8c\x05posix\x94\x8c\x06system\x94",
    "XML": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
    "YAML": b"!!python/object/apply:os.system ['id']",
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
async def test_an_odd_body_is_refused_at_once(cast: Cast, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    answer = await cast.ada.http.patch("/me", content=body, headers=headers)
    assert answer.status_code in (400, 413)
    assert (await cast.ada.get("/me"))["user"]["name"] == "Ada Example"


async def test_a_body_that_is_too_long_is_refused_before_it_came(cast: Cast) -> None:
    """Told in its head, or found while it comes: the rest is not waited for."""
    bearer = {"Authorization": f"Bearer {cast.ada.token}", "Content-Type": "application/json"}
    told = request_bytes("PATCH", "/api/v1/me", bearer | {"Content-Length": "999999999"}, b"{")
    assert (await send_raw(cast.target.base, told)).status == 413
    chunked = request_bytes("PATCH", "/api/v1/me", bearer | {"Transfer-Encoding": "chunked"})
    chunked += (b"10000\r\n" + b" " * 0x10000 + b"\r\n") * 6
    assert (await send_raw(cast.target.base, chunked)).status == 413


async def test_a_compressed_body_is_not_unpacked(cast: Cast) -> None:
    import gzip  # noqa: PLC0415 - this attack alone

    bomb = gzip.compress(b'{"name": "Eve"' + b" " * 10_000_000 + b"}")
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    answer = await cast.ada.http.patch("/me", content=bomb, headers=headers)
    assert answer.status_code in (400, 415)


async def test_who_sends_slowly_holds_no_one_up(cast: Cast) -> None:
    place = urlsplit(cast.target.base)
    slow = []
    for number in range(200):
        _, writer = await asyncio.open_connection(place.hostname, place.port)
        head = request_bytes("POST", "/api/v1/sessions", {"Content-Length": "100"})
        writer.write(head[: len(head) - number % 40] or b"G")
        slow.append(writer)
    try:
        for _ in range(5):
            assert await cast.ada.get("/me")
    finally:
        for writer in slow:
            writer.close()


async def test_a_head_that_never_ends_is_given_up(target: Target) -> None:
    answer = await exchange(target.base, b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ", seconds=30)
    assert answer == b"" or answer.startswith(b"HTTP/1.1 408")


UP = [
    "/static/../../../../etc/passwd",
    "/static/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
    "/static/..%2f..%2f..%2fetc%2fpasswd",
    "/static/....//....//etc/passwd",
    "/static/..%5c..%5c..%5cetc%5cpasswd",
    "/static/%252e%252e%252fetc%252fpasswd",
    "/static//etc/passwd",
    "/static/client/../../create.py",
    "/static/client/%2e%2e%2fcreate.py",
    "/static/..%00/secret.key",
    "/static/client/assets/..%c0%af..%c0%afsettings.py",
    "/../secret.key",
    "/data/app.db",
    "/.env",
    "/.git/config",
    "/app.db",
    "/secret.key",
    "/files/",
    "/static/",
]


@pytest.mark.parametrize("path", UP)
async def test_no_path_leads_to_other_files(target: Target, path: str) -> None:
    answer = await send_raw(target.base, request_bytes("GET", path))
    assert answer.status in (303, 302, 400, 404)
    for secret in (b"root:", b"import ", b"SQLite format", b"[core]"):
        assert secret not in answer.body


@pytest.mark.parametrize(
    "method", ["TRACE", "CONNECT", "TRACK", "PROPFIND", "DEBUG", "get", "X" * 500]
)
async def test_other_methods_are_refused(cast: Cast, method: str) -> None:
    bearer = {"Authorization": f"Bearer {cast.ada.token}", "X-Secret": "in a header"}
    for path in ("/", "/api/v1/me", "/socket.io/?EIO=4&transport=polling"):
        answer = await send_raw(cast.target.base, request_bytes(method, path, bearer))
        assert answer.status in (0, 400, 403, 404, 405, 501)
        assert b"in a header" not in answer.body


async def test_an_absolute_address_is_ours_or_nothing(target: Target) -> None:
    """The server is no proxy."""
    for address in ("http://evil.example/", "https://evil.example:443", "//evil.example/x"):
        answer = await send_raw(target.base, request_bytes("GET", address))
        assert answer.status < 500
        assert b"evil.example" not in answer.body


async def test_measurements_are_not_for_outsiders(target: Target) -> None:
    for headers in ({}, {"Authorization": "Bearer "}, {"Authorization": "Bearer None"}):
        answer = await send_raw(target.base, request_bytes("GET", "/metrics", headers))
        assert answer.status == 404


ERRORS = [
    ("GET", "/api/v1/nothing"),
    ("GET", "/api/v1/conversations/%00"),
    ("POST", "/api/v1/me"),
    ("GET", "/api/v1/search?limit=x"),
    ("GET", "/api/v1/conversations/x/messages/99999999999999999999999"),
    ("GET", "/api/v1/sync?versions=%7B"),
    ("GET", "/api/v1/directory?cursor=%ff"),
    ("GET", "/nothing/at/all"),
    ("POST", "/login"),
    ("GET", "/socket.io/?EIO=4&transport=polling&sid=x"),
]


@pytest.mark.parametrize(("method", "path"), ERRORS)
async def test_no_refusal_tells_how_the_server_is_made(cast: Cast, method: str, path: str) -> None:
    bearer = {"Authorization": f"Bearer {cast.ada.token}"}
    answer = await send_raw(cast.target.base, request_bytes(method, path, bearer))
    assert 400 <= answer.status < 500
    told = answer.body.decode() + json.dumps(answer.headers)
    pattern = (
        r"Traceback|File \"|\.py\b|sqlalchemy|sqlite|SELECT |uvicorn|quart|werkzeug|/home/|/tmp/"
    )
    assert not re.search(pattern, told, re.IGNORECASE), told


async def test_lines_in_a_request_make_no_lines_in_the_log(cast: Cast) -> None:
    forged = "FORGED-LINE all is well"
    before = len(cast.target.served.log)
    for path in (f"/nothing%0d%0a{forged.replace(' ', '%20')}", "/nothing%1b[31mred"):
        await send_raw(cast.target.base, request_bytes("GET", path))
    async with cast.target.browser(**{"User-Agent": "x\ty" + "z" * 5_000}) as http:
        for email in (f"a\r\n{forged}@example.org", f"a\u2028{forged}@example.org"):
            await http.post("/api/v1/sessions", json={"email": email, "password": "x" * 12})
    await cast.ada.http.post("/contacts", json={"email": f"x@example.org\n{forged}"})
    for line in cast.target.served.log[before:].splitlines():
        assert not line.startswith(forged)
        assert "\x1b[31mred" not in line


async def test_the_log_holds_no_secret(cast: Cast) -> None:
    secret = "a body that only Ben may read"
    await cast.ada.say(cast.here, secret)
    invite = (await cast.ada.post("/me/invites", {}))["invite"]["token"]
    async with cast.target.browser() as http:
        await http.get(f"/invite/{invite}")
        await http.get(f"/reset-password/{invite}")
        await http.get(f"/api/v1/me?token={cast.ada.token}")
        await http.get("/api/v1/me", headers={"Authorization": f"Bearer {cast.ada.token}x"})
        bad = {"email": cast.ada.email, "password": "correct horse battery stable"}
        await http.post("/api/v1/sessions", json=bad)
    log = cast.target.served.log
    for word in (secret, invite, cast.ada.token, "battery stable", "battery staple"):
        assert word not in log


async def test_secrets_on_the_disk_are_their_owners_alone(target: Target) -> None:
    for name in ("secret.key", "vapid.key", "app.db", "control.sock"):
        assert (target.data / name).stat().st_mode & 0o077 == 0, name


ODD_IDS: list[Any] = ["%00", "%FF%FE", "..", "x" * 65, "%ED%A0%80", "%0d%0aX-Evil:%201", "-1", "*"]


@pytest.mark.parametrize("odd", ODD_IDS)
async def test_odd_ids_are_no_ones(cast: Cast, odd: str) -> None:
    document = (await cast.ada.get("/openapi.json"))["paths"]
    bearer = {"Authorization": f"Bearer {cast.ada.token}"}
    for path, methods in document.items():
        if "{" not in path or "get" not in methods:
            continue
        target = re.sub(r"\{\w+\}", odd, path)
        answer = await send_raw(cast.target.base, request_bytes("GET", target, bearer))
        assert 300 <= answer.status < 500, target
        assert "x-evil" not in answer.headers
