"""`echosphere user reset --factor` lets someone in who lost their phone and recovery codes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from echosphere.cli import main
from echosphere.database import Database, Snapshot
from echosphere.security_notices import record_events
from echosphere.settings import Settings, load_settings
from tests.conftest import SetClock
from tests.doors import CHEAP, Browser, House, open_house
from tests.second_factor.factors import set_up

EMAIL = "ana@example.org"


@asynccontextmanager
async def open_database(settings: Settings, clock: SetClock) -> AsyncIterator[Database]:
    """The database, started; what happens to accounts is recorded."""
    database = Database(settings.database_url, clock)
    record_events(database, settings)
    await database.start()
    yield database
    await database.stop()


@pytest.fixture
def settings(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: SetClock
) -> Settings:
    """Settings of the environment, with a mail server; Ana has an authenticator app there."""
    given = {
        "ECHOSPHERE_DATA": str(tmp_path),
        "ECHOSPHERE_DATABASE_URL": database_url,
        "ECHOSPHERE_PASSWORD_METHOD": CHEAP,
        "ECHOSPHERE_SMTP_URL": "smtp://127.0.0.1:9",
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    settings = load_settings(given)

    async def prepare() -> None:
        async with (
            open_database(settings, clock) as database,
            open_house(database, settings) as house,
        ):
            await set_up(await house.person("Ana"), clock)
            assert (await sign_in(house))[0] == 202

    asyncio.run(prepare())
    return settings


async def sign_in(house: House) -> tuple[int, Browser]:
    """Sign in with the password alone; return the status and the browser."""
    browser = house.browser()
    return (await browser.sign_in(EMAIL))[0], browser


def told(snapshot: Snapshot) -> tuple[list[str], list[str]]:
    """Return the kinds of all security events, and the payloads of the mails about them."""
    kinds = snapshot.execute(text("SELECT kind FROM security_events ORDER BY kind"))
    mails = snapshot.execute(text("SELECT payload FROM jobs WHERE kind = 'security_notices.mail'"))
    return [row[0] for row in kinds], [str(row[0]) for row in mails]


def test_the_operator_removes_a_lost_factor_and_the_owner_is_told(
    settings: Settings, clock: SetClock, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["user", "reset", "--factor", " Ana@Example.org"]) == 0
    assert "They can now sign in only with their password." in capsys.readouterr().out

    async def look() -> None:
        async with (
            open_database(settings, clock) as database,
            open_house(database, settings) as house,
        ):
            kinds, mails = await database.read(told)
            assert kinds == ["factor_added", "ways_in_removed"]
            assert ["ways_in_removed" in one for one in mails].count(True) == 1
            status, browser = await sign_in(house)
            assert status == 201
            sessions = (await browser.get("/sessions"))[1]["sessions"]
            assert [one["current"] for one in sessions] == [True]
            state = (await browser.get("/me/second-factor"))[1]
            assert (state["app_since"], state["recovery_codes"]) == (None, 0)

    asyncio.run(look())


@pytest.mark.usefixtures("settings")
def test_an_unknown_address_is_said_to_be_unknown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["user", "reset", "--factor", "nobody@example.org"]) == 1
    assert "There is no account with this address." in capsys.readouterr().err
