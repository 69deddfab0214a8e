"""A machine whose clock jumps while the server is running, and while it is not."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from echosphere.accounts import SecurityEvent
from echosphere.attachments.remove import DeleteUnusedAttachments
from echosphere.core.clock import CONFIRM_AFTER, DAY, HOUR, SteadyClock, system_clock
from echosphere.database import DeleteExpiredKeys, Snapshot, Transaction, jobs
from echosphere.database.clock_jumps import ShiftAllTimes
from echosphere.database.epochs import RecordLastSeen
from echosphere.notifications.decide import Outcome
from echosphere.notifications.store import find_notice, put_notices
from echosphere.security_notices.record import DeleteOldEvents
from echosphere.security_notices.store import insert_event
from tests.house.serving import free_port
from tests.product.conftest import Running, settings_for
from tests.product.groups import group_on
from tests.product.once import on_one_database
from tests.product.people import Person, new_key, people_on
from tests.product.test_removing_members import until_said

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
    "announcements.sweep",
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
    """Everyone is signed in, words come in their order, and no sweep is silent for long."""
    application = running.application
    application.callers.clear()
    for person in people:
        assert (await person.get("/me"))["user"]["id"] == person.id
    first, second = [await people[0].say(conversation, word) for word in ("one", "two")]
    assert first["seq"] < second["seq"]
    assert first["created_at"] <= second["created_at"]
    last = await application.database.read(due_last)
    assert last <= application.clock() + 2 * HOUR


async def test_a_job_that_ends_while_a_leap_is_accepted_is_not_silent_for_long(
    running: Running, server: str, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    shift_all = ShiftAllTimes.run

    def run(command: ShiftAllTimes, transaction: Transaction) -> None:
        shift_all(command, transaction)
        # Another process ends its jobs at this moment, and has not accepted the leap yet.
        transaction.execute(update(jobs).values(run_at=transaction.now + HOUR))

    monkeypatch.setattr(ShiftAllTimes, "run", run)
    application = running.application
    assert application.clock_jumps is not None
    machine.ahead -= 365 * DAY
    await application.clock_jumps.check()
    machine.pass_by(CONFIRM_AFTER + 1)
    await application.clock_jumps.check()
    assert await application.database.read(due_last) <= application.clock() + 2 * HOUR


@pytest.mark.parametrize("leap", LEAPS)
async def test_a_leap_while_serving_changes_no_ones_age(
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
        # No one's session became endless by it.
        machine.pass_by(31 * DAY / 1000)
        running.forget_callers()
        for person in people:
            assert (await person.http.get("/me")).status_code == 401


@on_one_database
async def test_a_leap_neither_ends_what_waits_nor_makes_a_repeat_new(
    running: Running, server: str, machine: Machine
) -> None:
    application = running.application
    assert application.clock_jumps is not None
    async with people_on(server, "Ada", "Ben") as (ada, ben):
        await ada.befriend(ben)
        group = {"kind": "group", "title": "Bees", "members": [ben.id], "key": new_key()}
        first = await ada.post("/conversations", group)
        file = await ada.upload("plan.txt", b"The plan")
        machine.ahead += 365 * DAY
        await application.clock_jumps.check()
        machine.pass_by(CONFIRM_AFTER + 1)
        await application.clock_jumps.check()
        while await application.database.write(DeleteExpiredKeys()):
            pass
        while await application.database.write(DeleteUnusedAttachments()):
            pass
        here = first["conversation"]["id"]
        again = await ada.post("/conversations", group, 200)
        assert again["conversation"]["id"] == here
        await ada.say(here, "look", attachments=[file["id"]])


@pytest.mark.parametrize("leap", LEAPS)
@on_one_database
async def test_security_events_and_notices_are_as_old_as_before_a_leap(
    running: Running, server: str, machine: Machine, leap: int
) -> None:
    application = running.application
    database, clock_jumps = application.database, application.clock_jumps
    assert clock_jumps is not None
    async with people_on(server, "Ada") as (ada,):
        await database.write(insert_event, SecurityEvent(ada.id, "factor_added"))
        await database.write(put_notices, "talk", 1, [(ada.id, Outcome.DIRECT)])
        machine.ahead += leap
        await clock_jumps.check()
        machine.pass_by(CONFIRM_AFTER + 1)
        await clock_jumps.check()
        await database.write(DeleteOldEvents())
        [event] = (await ada.get("/me/security-events"))["events"]
        notice = await database.read(find_notice, ada.id, "talk", 1)
        assert notice is not None
        for at in (event["created_at"], notice.at):
            assert 0 <= application.clock() - at < HOUR


@pytest.mark.parametrize("leap", LEAPS)
async def test_a_leap_leaves_the_last_hour_of_a_removed_member_what_it_was(
    running: Running, server: str, machine: Machine, leap: int
) -> None:
    clock_jumps = running.application.clock_jumps
    assert clock_jumps is not None
    async with group_on(server) as group:
        await group.member.say(group.id, "old")
        machine.pass_by(2 * HOUR / 1000)
        await group.member.say(group.id, "new")
        machine.ahead += leap
        await clock_jumps.check()
        machine.pass_by(CONFIRM_AFTER + 1)
        await clock_jumps.check()
        await group.owner.say(group.id, "of the owner")
        await group.admin.put(group.path(f"/removed/{group.member.id}"), {"messages": "hour"})
        await until_said(group, "old", "of the owner")


@pytest.mark.parametrize("leap", LEAPS)
async def test_a_leap_across_a_restart_signs_no_one_out(
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
