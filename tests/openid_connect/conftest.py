"""A server with two providers, without a network between it and the browser."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from quart import Response

from echosphere.api import Operations
from echosphere.core.clock import system_clock
from echosphere.core.rate_limits import RateLimiter
from echosphere.database import Database
from echosphere.openid_connect.operations import OpenIdOperations
from echosphere.openid_connect.service import OpenIdConnect
from echosphere.openid_connect.web import OpenIdApi, OpenIdPages
from echosphere.openid_connect.wiring import follow_accounts
from echosphere.settings import LiveSettings
from tests.conftest import SetClock
from tests.doors import Browser, House, open_house, settings_in
from tests.openid_connect.odd_provider import CLIENT, SECRET, Asked, OddProvider

ADA: dict[str, Any] = {"email": "ada@example.org", "email_verified": True, "name": "Ada Lovelace"}


@dataclass
class Desk:
    """A server, and its two providers."""

    house: House
    one: OddProvider
    two: OddProvider

    def browser(self) -> Browser:
        """A browser that no one is signed in with."""
        return self.house.browser()

    async def begin(
        self, browser: Browser, path: str = "/login/openid/one", provider: OddProvider | None = None
    ) -> Asked:
        """Press a button; return what the provider gets."""
        response = await browser.open("GET", path)
        assert response.status_code == 303, await response.get_data(as_text=True)
        return (provider or self.one).asked(response.headers["location"])

    async def answer(self, browser: Browser, asked: Asked, **given: str) -> Response:
        """Come back from the provider."""
        path = urlsplit(asked.redirect_uri).path
        return await browser.open("GET", f"{path}?{urlencode({'state': asked.state} | given)}")

    async def come(
        self, browser: Browser, subject: str = "ada", path: str = "/login/openid/one", **claims: Any
    ) -> Response:
        """Sign in at the first provider, all the way."""
        asked = await self.begin(browser, path)
        return await self.answer(browser, asked, code=self.one.code(asked, subject, **claims))

    async def sign_in(self, subject: str = "ada", **claims: Any) -> Browser:
        """Sign in someone of the first provider; return their browser."""
        browser = self.browser()
        response = await self.come(browser, subject, **(ADA | claims))
        assert response.status_code == 303, await response.get_data(as_text=True)
        browser.id = (await browser.get("/me"))[1]["user"]["id"]
        return browser


OpenDesk = Callable[..., Any]


def providers_file(folder: Path, one: OddProvider, two: OddProvider, more: str) -> Path:
    """Write the file of the setting."""
    (folder / "secret").write_text(f"{SECRET}\n")
    lines = ""
    for name, provider, extra in (("one", one, more), ("two", two, "")):
        lines += (
            f'[{name}]\nlabel = "Service {name}"\nissuer = "{provider.issuer}"\n'
            f'client_id = "{CLIENT}"\nclient_secret_file = "secret"\nprivate_address = true\n{extra}\n'
        )
    path = folder / "openid.toml"
    path.write_text(lines)
    return path


@pytest.fixture
def clock() -> SetClock:
    """A clock that begins now: providers have their own."""
    clock = SetClock()
    clock.now = system_clock()
    return clock


@pytest.fixture
async def providers() -> AsyncIterator[tuple[OddProvider, OddProvider]]:
    """Two providers."""
    one, two = OddProvider(), OddProvider()
    await one.start()
    await two.start()
    yield one, two
    await one.stop()
    await two.stop()


@pytest.fixture
async def desk(
    database: Database,
    tmp_path: Path,
    providers: tuple[OddProvider, OddProvider],
    more: str,
    given: dict[str, str],
) -> AsyncIterator[Desk]:
    """A server where people sign in at either of two providers."""
    file = providers_file(tmp_path, *providers, more)
    settings = settings_in(tmp_path, **({"OPENID_PROVIDERS": str(file)} | given))
    async with open_house(database, settings) as house:
        openid = serve_openid(house)
        yield Desk(house, *providers)
        await openid.stop()


@pytest.fixture
def more() -> str:
    """What the file says of the first provider besides."""
    return ""


@pytest.fixture
def given() -> dict[str, str]:
    """Further settings."""
    return {}


def serve_openid(house: House) -> OpenIdConnect:
    """Add signing in with OpenID Connect to the doors, as the wiring does."""
    database, accounts, live = house.database, house.accounts, LiveSettings(house.settings)
    follow_accounts(database, live)
    openid = OpenIdConnect(database, house.settings)
    pages = OpenIdPages(house.api, accounts, openid)
    pages.serve(house.web)
    OpenIdApi(database, openid, pages).serve(house.api)
    operations = Operations(RateLimiter(enabled=False), house.api)
    operations.add(OpenIdOperations(database, live).all())
    return openid
