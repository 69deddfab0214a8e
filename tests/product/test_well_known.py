"""Operator information, and what signing out leaves in a browser."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from echosphere.settings import SettingsError, load_settings
from echosphere.web import session_cookie_name
from tests.product.conftest import Running
from tests.product.once import on_one_database
from tests.product.people import TIMEOUT, people_on
from tests.product.test_password_reset import PAGE

pytestmark = on_one_database


@pytest.fixture
def more_settings() -> dict[str, str]:
    return {
        "ECHOSPHERE_IMPRINT_URL": "https://club.example/imprint?a=1&b=2",
        "ECHOSPHERE_CONTACT_URL": "mailto:ana@club.example",
        "ECHOSPHERE_SECURITY_CONTACT": "mailto:security@club.example",
    }


@pytest.fixture
async def stranger(server: str) -> AsyncIterator[httpx.AsyncClient]:
    """A browser in which no one is signed in."""
    async with httpx.AsyncClient(base_url=server, headers=PAGE, timeout=TIMEOUT) as http:
        yield http


async def test_the_pages_before_signing_in_lead_to_the_operator(
    stranger: httpx.AsyncClient,
) -> None:
    for path in ("/login", "/register", "/forgot-password"):
        page = (await stranger.get(path)).text
        assert '<a href="https://club.example/imprint?a=1&amp;b=2"' in page
        assert '<a href="mailto:ana@club.example"' in page
        assert "Privacy" not in page


async def test_those_who_found_a_weakness_find_whom_to_tell(
    stranger: httpx.AsyncClient, running: Running
) -> None:
    answer = await stranger.get("/.well-known/security.txt")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    fields = dict(line.split(": ", 1) for line in answer.text.splitlines())
    assert list(fields) == ["Contact", "Expires", "Canonical"]
    assert fields["Contact"] == "mailto:security@club.example"
    assert fields["Canonical"].startswith(running.application.settings.base_url)
    ahead = datetime.fromisoformat(fields["Expires"]) - datetime.now(UTC)
    assert timedelta(days=100) < ahead < timedelta(days=365)
    assert (await stranger.get("/robots.txt")).text == "User-agent: *\nDisallow: /\n"


async def test_signing_out_drops_what_is_cached_and_keeps_the_known_device(server: str) -> None:
    async with people_on(server, "Olga Example") as [olga]:
        answer = await olga.http.delete("/sessions/current")
        assert answer.headers["clear-site-data"] == '"cache"'
        cleared = answer.headers.get_list("set-cookie")
        names = [session_cookie_name(secure=server.startswith("https"))]
        assert [one.partition("=")[0] for one in cleared] == names


@pytest.mark.parametrize("more_settings", [{}])
async def test_without_a_contact_there_is_no_such_file(stranger: httpx.AsyncClient) -> None:
    assert (await stranger.get("/.well-known/security.txt")).status_code == 404
    assert "<footer" not in (await stranger.get("/login")).text


@pytest.mark.parametrize("url", ["javascript:alert(1)", "http://club.example", "club.example"])
def test_a_link_of_the_operator_is_no_script(url: str, database_url: str) -> None:
    with pytest.raises(SettingsError, match="must start with https:// or mailto:"):
        load_settings({"ECHOSPHERE_PRIVACY_URL": url, "ECHOSPHERE_DATABASE_URL": database_url})
