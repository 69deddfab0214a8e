"""Security headers are on every answer."""

import re
from pathlib import Path
from typing import Any

import pytest

from echosphere.database import Database
from echosphere.web import SecurityHeaders
from tests.doors import House, open_house, settings_in

ALWAYS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/login", 200),
        ("GET", "/", 302),
        ("GET", "/nothing", 404),
        ("PUT", "/login", 405),
        ("POST", "/login", 403),
        ("GET", "/api/v1/me", 401),
        ("GET", "/api/v1/nothing", 404),
        ("POST", "/api/v1/sessions", 400),
    ],
)
async def test_pages_answers_and_errors_carry_them(
    house: House, method: str, path: str, status: int
) -> None:
    browser = house.browser()
    if status == 403:
        browser.headers["origin"] = "https://evil.example"
    response = await browser.open(method, path, headers={"accept": "text/html"})
    assert response.status_code == status
    assert {name: response.headers[name] for name in ALWAYS} == ALWAYS
    permissions = response.headers["permissions-policy"].split(", ")
    assert {"camera=()", "geolocation=()", "microphone=(self)", "autoplay=(self)"} <= {*permissions}
    assert [one for one in permissions if not one.endswith(("=()", "=(self)"))] == []
    assert "strict-transport-security" not in response.headers
    policy = _policy(response.headers["content-security-policy"])
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert policy["require-trusted-types-for"] == "'script'"
    # One name for each place in the client that vouches for an address of script.
    policies = {"svelte-trusted-html", "echosphere-worker", "echosphere-pdf"}
    assert set(policy["trusted-types"].split()) == policies
    assert "unsafe" not in str(policy)


async def test_on_https_browsers_are_told_to_stay_there(database: Database, tmp_path: Path) -> None:
    settings = settings_in(tmp_path, BASE_URL="https://chat.example.org")
    async with open_house(database, settings) as house:
        response = await house.browser().open("GET", "/login")
    assert re.match(r"max-age=\d{8}", response.headers["strict-transport-security"])


async def test_a_stricter_answer_keeps_its_own_headers() -> None:
    headers = await _headers_of(
        "/api/v1/attachments/x",
        [(b"Content-Security-Policy", b"sandbox"), (b"cache-control", b"private, max-age=60")],
    )
    assert headers.count("content-security-policy") == headers.count("cache-control") == 1


async def test_files_named_after_their_content_are_kept_by_browsers_for_a_year() -> None:
    asset, missing = "/static/client/assets/pages-abc.js", "/static/client/assets/gone.js"
    assert "immutable" in dict(await _pairs_of(asset, []))["cache-control"]
    assert dict(await _pairs_of(missing, [], status=404))["cache-control"] == "no-store"


async def test_other_kinds_of_connections_pass_untouched() -> None:
    seen: list[str] = []

    async def app(scope: Any, _receive: Any, _send: Any) -> None:
        seen.append(scope["type"])

    await SecurityHeaders(app, secure=True)({"type": "lifespan"}, _never, _never)
    assert seen == ["lifespan"]


async def _headers_of(path: str, given: list[tuple[bytes, bytes]]) -> list[str]:
    return [name for name, _ in await _pairs_of(path, given)]


async def _pairs_of(
    path: str, given: list[tuple[bytes, bytes]], status: int = 200
) -> list[tuple[str, str]]:
    sent: list[Any] = []

    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": status, "headers": given})

    async def take(message: Any) -> None:
        sent.append(message)

    await SecurityHeaders(app, secure=False)({"type": "http", "path": path}, _never, take)
    return [(name.decode().lower(), value.decode()) for name, value in sent[0]["headers"]]


async def _never(*_given: Any) -> Any:
    raise AssertionError("nothing is read or sent here")


def _policy(header: str) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in header.split(";"))
    return {name: value for name, _, value in parts}
