"""The clocks of two machines are five minutes apart, and people notice nothing."""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path

import httpx
import pytest

from echosphere.administration.examination import Finding, examine
from echosphere.bus import WorkerIdentity
from echosphere.core.clock import MINUTE, Clock, SteadyClock, system_clock
from tests.bus.hub import Hub
from tests.cluster.plays import play_on
from tests.product.conftest import Running, settings_for
from tests.product.people import PASSWORD, session_of


def clocks(minutes: int) -> Iterator[Clock]:
    """Give the clock of each process, as a server has it: right, and so many minutes off."""
    for off in (0, minutes):
        yield SteadyClock(partial(_later, off * MINUTE))


def _later(by: int) -> int:
    return system_clock() + by


@pytest.mark.parametrize("minutes", [5])
async def test_people_at_both_write_sign_in_and_are_put_out(
    tmp_path: Path, postgresql_url: str, minutes: int
) -> None:
    hub, addresses = Hub(), list[str]()
    async with AsyncExitStack() as stack:
        for name, clock in zip("ab", clocks(minutes), strict=True):
            worker = WorkerIdentity(name, 1, hub.bus())
            server = Running(
                settings_for(tmp_path / "data", postgresql_url), clock=clock, worker=worker
            )
            stack.push_async_callback(server.stop)
            addresses.append(await server.start())
        play = await stack.enter_async_context(play_on(addresses))
        await play.begin()
        await play.put_out()
        await signs_in_and_out(addresses, play.writers[0].email)
        await play.more(30)
        outcome = await play.end()
        assert outcome.wrong == []
        assert outcome.sent > 50
        assert await play.notices() == [], "the control"


async def signs_in_and_out(addresses: list[str], email: str) -> None:
    """Sign in at each process, be known at the other one, and be signed out at both."""
    for here, there in (addresses, addresses[::-1]):
        async with httpx.AsyncClient(base_url=f"{here}/api/v1") as http:
            made = await http.post("/sessions", json={"email": email, "password": PASSWORD})
            assert made.status_code == 201, made.text
        known = {"Authorization": f"Bearer {session_of(made)}"}
        async with httpx.AsyncClient(base_url=f"{there}/api/v1", headers=known) as http:
            assert (await http.get("/me")).status_code == 200
            assert (await http.delete("/sessions/current")).status_code == 204
        async with asyncio.timeout(30):
            async with httpx.AsyncClient(base_url=f"{here}/api/v1", headers=known) as http:
                while (await http.get("/me")).status_code != 401:
                    await asyncio.sleep(0.05)


def test_the_doctor_compares_the_clock_with_that_of_the_database(
    tmp_path: Path, postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_for(tmp_path / "data", postgresql_url)

    def database() -> Finding:
        found = examine(settings, tmp_path, thorough=False)
        return next(one for one in found if one.name == "database")

    assert database().state == "ok"
    for minutes in (5, -5):
        later = partial(_later, minutes * MINUTE)
        monkeypatch.setattr("echosphere.database.integrity.system_clock", later)
        assert database().state == "warning"
        assert "differ by" in database().text
