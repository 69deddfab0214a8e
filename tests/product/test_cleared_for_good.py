"""What both of a direct conversation cleared is deleted, once neither can take that back."""

from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import update

from echosphere.database import Transaction, jobs
from echosphere.messages import purge
from echosphere.messages.limits import UNDO_FOR
from echosphere.messages.purge import PURGE_CLEARED
from tests.product.changing import Rest, history
from tests.product.conftest import Running
from tests.product.groups import found
from tests.product.people import Person
from tests.product.test_deserted import close, left, say_much

Cast = tuple[Person, Person, Person]
Left = Callable[..., Awaitable[tuple[bool, bool]]]
ALL, NOTHING = (True, True), (False, False)

__all__ = ["left"]


@pytest.fixture(autouse=True)
def passed(running: Running, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many milliseconds the server's clock is ahead; a minute is over by it alone."""
    monkeypatch.setattr(purge, "AT_ONCE", 2)
    passed = [0]
    clock = running.application.database.clock
    running.application.database.clock = lambda: clock() + passed[0]
    return passed


async def _clear_all(person: Person, here: str) -> None:
    last = (await person.get(f"/conversations/{here}/messages"))["messages"][-1]
    await Rest(person).clear(here, last["seq"])


@pytest.fixture
def later(running: Running, passed: list[int], left: Left) -> Left:
    """Let the time pass in which it can be undone; return what is left after that."""

    def make_due(transaction: Transaction) -> None:
        due = update(jobs).where(jobs.c.kind == PURGE_CLEARED)
        transaction.execute(due.values(run_at=transaction.now))

    async def look(milliseconds: int = UNDO_FOR + 1_000) -> tuple[bool, bool]:
        passed[0] += milliseconds
        await running.application.database.write(make_due)
        running.application.jobs.wake()
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
    # Nobody saw it: no version was raised, and nothing was told.
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
    passed[0] = UNDO_FOR
    await _clear_all(ben, here)
    # Its job is due for the first one, while the second may still think of it.
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
