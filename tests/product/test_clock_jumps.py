"""A machine whose clock leaps while the server runs, and while it does not."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from echosphere.core.clock import CONFIRM_AFTER, DAY, HOUR, SteadyClock, system_clock
from echosphere.database import Snapshot, jobs
from echosphere.database.epochs import RecordLastSeen
from tests.house.serving import free_port
from tests.product.conftest import Running, settings_for
from tests.product.people import Person, people_on

LEAPS = (-365 * DAY, -HOUR, HOUR, 365 * DAY)


class Machine:
    """A machine whose clocks go on, and can be moved."""

    def __init__(self) -> None:
        self.ahead = 0
        self.passed = 0.0

    def wall(self) -> int:
        return system_clock() + self.ahead

    def steady(self) -> float:
        return system_clock() / 1000 + self.passed

    def clock(self) -> SteadyClock:
        return SteadyClock(self.wall, self.steady)

    def pass_by(self, seconds: float) -> None:
        self.ahead += round(seconds * 1000)
        self.passed += seconds


@pytest.fixture
def machine() -> Machine:
    """The machine on which the server runs."""
    return Machine()


@pytest.fixture
async def running(tmp_path: Path, database_url: str, machine: Machine) -> AsyncIterator[Running]:
    """A server on that machine."""
    running = Running(settings_for(tmp_path / "data", database_url), clock=machine.clock())
    yield running
    await running.stop()


DAILY = (
    "admission.sweep",
    "audit.addresses",
    "openid_connect.sweep",
    "recovery.sweep",
    "security_notices.sweep",
)
"""The recurring jobs that run once a day; the others run each hour."""


def due_last(snapshot: Snapshot) -> int:
    """Return when the last of the hourly jobs is due."""
    hourly = (jobs.c.id < 0, jobs.c.kind.not_in(DAILY))
    return int(snapshot.execute(select(func.max(jobs.c.run_at)).where(*hourly)).scalar_one())


async def require_well(running: Running, people: list[Person], conversation: str) -> None:
    """Everybody is signed in, words come in their order, and no sweep is silent for long."""
    application = running.application
    application.session_cache.clear()
    for person in people:
        assert (await person.get("/me"))["user"]["id"] == person.id
    first, second = [await people[0].say(conversation, word) for word in ("one", "two")]
    assert first["seq"] < second["seq"]
    assert first["created_at"] <= second["created_at"]
    last = await application.database.read(due_last)
    assert last <= application.clock() + 2 * HOUR


@pytest.mark.parametrize("leap", LEAPS)
async def test_a_leap_while_serving_changes_nobodys_age(
    running: Running, server: str, machine: Machine, leap: int
) -> None:
    clock_jumps = running.application.clock_jumps
    assert clock_jumps is not None
    async with people_on(server, "Ada", "Ben") as people:
        conversation = await people[0].talk_to(people[1])
        machine.ahead += leap
        await clock_jumps.check()
        await require_well(running, people, conversation)  # it is not believed yet
        machine.pass_by(CONFIRM_AFTER + 1)
        await clock_jumps.check()
        assert abs(running.application.clock() - machine.wall()) < HOUR / 2
        await require_well(running, people, conversation)
        machine.ahead -= leap
        await clock_jumps.check()
        machine.pass_by(CONFIRM_AFTER + 1)
        await clock_jumps.check()
        await require_well(running, people, conversation)
        # Nobody's session became endless by it.
        machine.pass_by(31 * DAY / 1000)
        running.application.session_cache.clear()
        for person in people:
            assert (await person.http.get("/me")).status_code == 401


@pytest.mark.parametrize("leap", LEAPS)
async def test_a_leap_across_a_restart_signs_nobody_out(
    tmp_path: Path, database_url: str, machine: Machine, leap: int
) -> None:
    settings, port = settings_for(tmp_path / "data", database_url), free_port()
    first = Running(settings, port, machine.clock())
    async with people_on(await first.start(), "Ada", "Ben") as people:
        conversation = await people[0].talk_to(people[1])
        await first.application.database.write(RecordLastSeen())
        await first.stop()
        machine.ahead += leap
        second = Running(settings, port, machine.clock())
        await second.start()
        await require_well(second, people, conversation)
        machine.ahead -= leap
        clock_jumps = second.application.clock_jumps
        assert clock_jumps is not None
        await clock_jumps.check()
        machine.pass_by(CONFIRM_AFTER + 1)
        await clock_jumps.check()
        await require_well(second, people, conversation)
        await second.stop()
