"""What both of a direct conversation cleared is deleted, once neither can take that back."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from sqlalchemy import update

from echosphere.core.clock import HOUR, SECOND, system_clock
from echosphere.core.errors import RetryLater
from echosphere.database import Transaction, jobs
from echosphere.messages import purge
from echosphere.messages.limits import UNDO_WINDOW
from echosphere.messages.purge import PURGE_CLEARED
from tests.house.serving import free_port
from tests.product.changing import Rest, history
from tests.product.conftest import Running, settings_for
from tests.product.groups import found
from tests.product.people import Person, people_on
from tests.product.test_deleting_leaves_nothing import in_database
from tests.product.test_deserted import MARK, close, left, say_much, waiting

Cast = tuple[Person, Person, Person]
Left = Callable[..., Awaitable[tuple[bool, bool]]]
ALL, NOTHING = (True, True), (False, False)

__all__ = ["left"]


@pytest.fixture
def passed() -> list[int]:
    """How many milliseconds the server's clock is ahead."""
    return [0]


@pytest.fixture
async def running(
    tmp_path: Path, database_url: str, passed: list[int], monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Running]:
    """A server with that clock, which purges two messages at a time."""
    monkeypatch.setattr(purge, "BATCH_SIZE", 2)
    running = Running(
        settings_for(tmp_path / "data", database_url), clock=lambda: system_clock() + passed[0]
    )
    yield running
    await running.stop()


async def _clear_all(person: Person, here: str) -> None:
    last = (await person.get(f"/conversations/{here}/messages"))["messages"][-1]
    await Rest(person).clear(here, last["seq"])


@pytest.fixture
def later(running: Running, passed: list[int], left: Left) -> Left:
    """Let the time pass in which it can be undone; return what is left after that."""

    def make_due(transaction: Transaction) -> None:
        transaction.execute(update(jobs).where(jobs.c.kind == PURGE_CLEARED).values(run_at=0))

    async def look(milliseconds: int = UNDO_WINDOW + SECOND) -> tuple[bool, bool]:
        passed[0] += milliseconds
        # Also those jobs that are due later: run early, they must find nothing to do.
        await running.application.database.write(make_due)
        running.application.platform.jobs.wake()
        return await left()

    return look


async def test_notes_that_were_cleared_are_gone_with_their_files(
    cast: Cast, running: Running, later: Left
) -> None:
    ada, _, _ = cast
    body = {"kind": "direct", "user": ada.id}
    notes = (await ada.post("/conversations", body))["conversation"]["id"]
    await say_much(ada, notes, running)
    await _clear_all(ada, notes)
    kept = await ada.say(notes, "since then")
    device = await ada.connect()
    assert await later() == NOTHING
    assert await history(ada, notes) == [kept]
    # No one saw it: no version was raised, and nothing was told.
    after = await ada.say(notes, "and after")
    assert after["version"] == kept["version"] + 1
    await device.next("message", version=after["version"])
    assert device.of("version") == []
    assert [one["message"]["seq"] for one in device.of("message")] == [after["seq"]]


async def test_as_long_as_one_of_both_has_it_nothing_is_deleted(
    cast: Cast, running: Running, later: Left
) -> None:
    ada, ben, _ = cast
    here = await ada.talk_to(ben)
    await say_much(ada, here, running)
    await _clear_all(ada, here)
    assert await later() == ALL
    assert len(await history(ben, here)) == 3
    await _clear_all(ben, here)
    assert await later() == NOTHING


async def test_what_was_taken_back_in_time_stays(cast: Cast, running: Running, later: Left) -> None:
    ada, ben, _ = cast
    here = await ada.talk_to(ben)
    await say_much(ada, here, running)
    for person in (ada, ben):
        await _clear_all(person, here)
    await Rest(ben).unclear(here)
    assert await later() == ALL
    assert len(await history(ben, here)) == 3


async def test_what_was_cleared_just_now_waits_until_it_cannot_be_taken_back(
    cast: Cast, running: Running, later: Left, passed: list[int]
) -> None:
    ada, ben, _ = cast
    here = await ada.talk_to(ben)
    await say_much(ada, here, running)
    await _clear_all(ada, here)
    passed[0] = UNDO_WINDOW
    await _clear_all(ben, here)
    # What the first one cleared is settled, while the second may still think of it.
    assert await later(1_000) == ALL
    await Rest(ben).unclear(here)
    assert len(await history(ben, here)) == 3


async def test_what_one_cleared_goes_when_the_other_closes_the_account(
    cast: Cast, running: Running, later: Left
) -> None:
    ada, ben, _ = cast
    here = await ada.talk_to(ben)
    await say_much(ada, here, running)
    await _clear_all(ada, here)
    assert await later() == ALL
    await close(ben)
    assert await later() == NOTHING


async def test_a_group_keeps_it_for_those_who_come_later(
    cast: Cast, running: Running, later: Left
) -> None:
    ada, ben, oscar = cast
    here = await found(ada, ben)
    await say_much(ada, here, running)
    for person in (ada, ben):
        await _clear_all(person, here)
    assert await later() == ALL
    await ada.befriend(oscar)
    await ada.post(f"/conversations/{here}/members", {"user": oscar.id})
    assert len([one for one in await history(oscar, here) if one["system"] is None]) == 3


async def test_a_purge_that_a_restart_interrupts_is_resumed(
    tmp_path: Path, database_url: str, passed: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def clock() -> int:
        return system_clock() + passed[0]

    monkeypatch.setattr(purge, "BATCH_SIZE", 2)
    some = purge.PurgeClearedMessages.run
    steps: list[int] = []
    under_way = asyncio.Event()

    def get_stuck(one: purge.PurgeClearedMessages, transaction: Transaction) -> int | None:
        steps.append(one.after)
        if one.after > 0:
            under_way.set()
            raise RetryLater("the server is stopped before the second step")
        return some(one, transaction)

    monkeypatch.setattr(purge.PurgeClearedMessages, "run", get_stuck)
    settings, port = settings_for(tmp_path / "data", database_url), free_port()
    first = Running(settings, port, clock)
    async with people_on(await first.start(), "Ada") as (ada,):
        body = {"kind": "direct", "user": ada.id}
        notes = (await ada.post("/conversations", body))["conversation"]["id"]
        said = [await ada.say(notes, f"{MARK} {number}") for number in range(5)]
        await _clear_all(ada, notes)
        passed[0] += UNDO_WINDOW + 2 * SECOND
        first.application.platform.jobs.wake()
        async with asyncio.timeout(20):
            await under_way.wait()
        await first.stop()
        assert steps == [0, said[1]["seq"]]
        assert MARK.encode() in in_database(database_url)
        monkeypatch.setattr(purge.PurgeClearedMessages, "run", some)
        passed[0] += HOUR
        second = Running(settings, port, clock)
        await second.start()
        async with asyncio.timeout(20):
            while await second.application.database.read(waiting):
                await asyncio.sleep(0.02)
        assert MARK.encode() not in in_database(database_url)
        await second.stop()
