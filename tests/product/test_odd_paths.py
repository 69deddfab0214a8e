"""Every route with unexpected paths: rejected in an orderly way, never a failure."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.product.conftest import Running, settings_for
from tests.product.people import people_on
from tests.product.raw_http import request_bytes, send_raw

ODD = (
    "a" * 256,
    "a" * 5_000,
    "%61" * 300,
    "%00",
    "a%00b",
    "%",
    "%2",
    "%zz",
    "%FF%FE",
    "%C3",
    "%ED%A0%80",
    "..",
    "%2e%2e",
    "..%2f..%2fetc%2fpasswd",
    "..%5c..%5cwindows",
    "%2F",
    "%0d%0aX-Header:%20x",
    "%20",
    "%E2%80%AE",
    "%F0%9F%98%80" * 70,
    ";jsessionid=1",
    "*",
    "a?b=%FF&b=%00&cursor=%FF&limit=9999999999999999999999&limit=NaN",
)
AROUND = ("{}", "{}/", "/{}", "{}//", "{}/../{}", "./{}")
FILLED = re.compile(r"<[^>]+>")


@pytest.fixture
async def product(tmp_path: Path) -> AsyncIterator[tuple[Running, str]]:
    running = Running(settings_for(tmp_path / "data", f"sqlite:///{tmp_path / 'app.db'}"))
    yield running, await running.start()
    await running.stop()


def routes(running: Running) -> list[tuple[str, str]]:
    """Return a method and the path of each route, and of the ones that Quart does not know."""
    known = [
        (method, str(rule))
        for rule in running.application.web.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]
    assert len(known) > 80
    assert any(path.startswith("/static/") for _, path in known)
    shared = ["/socket.io/", "/static/client/", "/static/client/assets/", "/", "//"]
    return known + [("GET", path) for path in shared] + [("HEAD", "/static/<path:filename>")]


def odd_paths(method: str, route: str) -> list[str]:
    """Return the route with odd values in the place of its own, or after it if it has none."""
    if FILLED.search(route):
        filled = [FILLED.sub(lambda _, odd=odd: odd, route) for odd in ODD]  # type: ignore[misc]
    else:
        filled = [f"{route.rstrip('/')}/{odd}" for odd in ODD]
    if method != "GET":  # the plain route would do what it is for
        return filled
    plain = FILLED.sub("x", route)
    return filled + [around.replace("{}", plain) for around in AROUND]


async def test_no_route_fails_at_a_path_however_odd(
    product: tuple[Running, str], caplog: pytest.LogCaptureFixture
) -> None:
    running, base = product
    async with people_on(base, "Ada Example") as (ada,):
        own = {"Authorization": f"Bearer {ada.token}"}
        found = {}
        for method, route in routes(running):
            for path in odd_paths(method, route):
                target = path if path.startswith("/") else f"/{path}"
                answer = await send_raw(base, request_bytes(method, target, own))
                if not 200 <= answer.status < 500:
                    found[f"{method} {target[:80]}"] = answer.status
    # What is empty for want of a body or a client that was built is said in good order.
    assert {key: status for key, status in found.items() if status != 503} == {}
    assert [record.getMessage() for record in caplog.records if record.exc_info] == []
