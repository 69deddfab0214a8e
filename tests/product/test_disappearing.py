"""Disappearing messages, and messages with limited retention."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from echosphere.accounts import shift_sessions
from echosphere.core.clock import DAY, HOUR, SECOND
from echosphere.database import Command, Snapshot
from echosphere.memberships.aging import remove, sweeps
from echosphere.memberships.aging.sweeps import AgingSweeps
from echosphere.messages.store import held_messages, messages, shift_ages
from tests.media.made import picture
from tests.product.conftest import Running, settings_for
from tests.product.groups import Group, group_on
from tests.product.once import on_one_database
from tests.product.people import Person, new_key, people_on


class Aging:
    """A server whose clock is moved, and its sweeps."""

    def __init__(self, running: Running) -> None:
        self.running = running
        self.passed = 0
        self.database = running.application.database
        running.put_forward(lambda: self.passed)
        self.sweeps = AgingSweeps(self.database, running.application.live_settings)

    async def leap(self, milliseconds: int) -> None:
        """Have everything be as old as before such a leap of the clock, as the server does."""
        for shift in (shift_ages, shift_sessions):
            await self.database.write(shift, milliseconds)

    async def pass_by(self, milliseconds: int) -> None:
        """Let time pass, and run the sweeps."""
        self.passed += milliseconds
        await self.sweeps.expire()
        await self.sweeps.retain()
        await self.sweeps.expire_held()


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many transactions for few messages."""
    for module in (remove, sweeps):
        monkeypatch.setattr(module, "AT_ONCE", 2)
    monkeypatch.setattr(sweeps, "PAUSE", 0)


@asynccontextmanager
async def aging_group(running: Running) -> AsyncIterator[tuple[Aging, Group]]:
    aging = Aging(running)
    async with group_on(await running.start()) as group:
        yield aging, group


async def words_of(person: Person, conversation: str) -> list[str]:
    page = await person.get(f"/conversations/{conversation}/messages")
    return [one["body"] for one in page["messages"] if not one["system"]]


async def test_messages_disappear_for_everyone_and_leave_nothing(running: Running) -> None:
    async with aging_group(running) as (aging, group):
        await group.member.say(group.id, "before it was chosen")
        await group.admin.patch(group.path(), {"expire_seconds": 3600})
        assert (await group.lines())[-1] == {
            "type": "expire_seconds", "seconds": 3600, "by": group.admin.id,
        }  # fmt: skip
        file = await group.member.upload("boat.png", picture("png"))
        said = await group.member.say(group.id, "secret boat", attachments=[file["id"]])
        assert said["expires_at"] == said["created_at"] + 3600 * SECOND
        await group.member.patch(group.path(f"/messages/{said['seq']}"), {"body": "secret ship"})
        await group.owner.put(group.path(f"/messages/{said['seq']}/pin"), status=200)
        await group.owner.put(group.path(f"/messages/{said['seq']}/saved"))
        for number in range(4):
            await group.member.say(group.id, f"and more {number}")
        held = (await group.owner.get(group.path()))["conversation"]["version"]
        watching = await group.owner.connect()
        await aging.pass_by(HOUR - 30 * SECOND)
        assert len(await group.said(group.owner)) == 6
        await aging.pass_by(HOUR)
        assert await group.said(group.owner) == ["before it was chosen"]
        told = await watching.next("message", conversation=group.id)
        assert (told["message"]["deleted"], told["message"]["expires_at"]) == (True, 0)
        assert told["message"]["body"] == ""
        # Who was away learns it like any deletion.
        synced = await group.owner.post("/sync", {"versions": {group.id: held}}, 200)
        (here,) = [one for one in synced["conversations"] if one["conversation"]["id"] == group.id]
        gone = [one["seq"] for one in here["messages"] if one["deleted"]]
        assert len(gone) == 5
        assert (await group.owner.get(group.path("/pins")))["messages"] == []
        assert (await group.owner.get("/saved"))["saved"] == []
        assert (await group.owner.http.get(f"/attachments/{file['id']}")).status_code == 404
        found = await group.owner.get("/search", q="secret")
        assert found["results"] == []
        versions = group.path(f"/messages/{said['seq']}/versions")
        assert (await group.owner.get(versions))["versions"] == []


async def test_either_of_two_chooses_and_across_a_block_no_one(running: Running) -> None:
    aging = Aging(running)
    async with people_on(await running.start(), "Ada", "Ben", "Oscar") as (ada, ben, oscar):
        here = await ada.talk_to(ben)
        path = f"/conversations/{here}"
        socket = await ben.connect()
        await socket.call("change", {"conversation": here, "expire_seconds": 86_400})
        assert (await ada.get(path))["conversation"]["expire_seconds"] == 86_400
        await ada.say(here, "gone tomorrow")
        await ada.patch(path, {"expire_seconds": 0})
        await ada.say(here, "stays")
        await aging.pass_by(2 * DAY)
        assert await words_of(ben, here) == ["stays"]
        await oscar.patch(path, {"expire_seconds": 3600}, 404)
        await ada.patch(path, {"expire_seconds": 60}, 400)
        await ada.patch(path, {"retention_days": 1}, 409)
        await ada.put(f"/blocks/{ben.id}")
        await ben.patch(path, {"expire_seconds": 3600}, 403)


@pytest.mark.parametrize(
    ("change", "allowed"),
    [
        ({"expire_seconds": 3600}, {"owner": True, "admin": True, "member": False}),
        ({"retention_days": 7}, {"owner": True, "admin": False, "member": False}),
    ],
)
@on_one_database
async def test_who_may_choose_in_a_group(
    server: str, change: dict[str, int], allowed: dict[str, bool]
) -> None:
    async with group_on(server) as group:
        for role, may in allowed.items():
            person: Person = getattr(group, role)
            await person.patch(group.path(), change, 200 if may else 403)
        await group.outsider.patch(group.path(), change, 404)


@pytest.mark.parametrize(
    ("server_days", "group_days", "kept"),
    [(0, 0, 4), (0, 7, 2), (7, 0, 2), (30, 7, 2), (7, 30, 2), (0, 1, 1)],
)
async def test_retention_deletes_what_is_older_and_the_shorter_wins(
    tmp_path: Path, database_url: str, server_days: int, group_days: int, kept: int
) -> None:
    settings = settings_for(
        tmp_path / "data", database_url, ECHOSPHERE_RETENTION_DAYS=str(server_days)
    )
    running = Running(settings)
    async with aging_group(running) as (aging, group):
        await group.owner.patch(group.path(), {"retention_days": group_days})
        for day in (1, 2, 6, 0):
            await group.member.say(group.id, f"{day} days to the next")
            aging.passed += day * DAY
        await aging.pass_by(SECOND)
        assert len(await group.said(group.owner)) == kept
        # Direct conversations follow the server alone.
        await aging.pass_by(DAY)
        direct = await group.owner.talk_to(group.member)
        await group.owner.say(direct, "direct")
        await aging.pass_by(8 * DAY)
        assert await words_of(group.member, direct) == ([] if server_days == 7 else ["direct"])
    await running.stop()


async def test_a_leap_of_the_clock_deletes_nothing_and_ages_go_on(running: Running) -> None:
    async with aging_group(running) as (aging, group):
        await group.owner.patch(group.path(), {"retention_days": 30})
        await group.member.say(group.id, "kept thirty days")
        await group.owner.patch(group.path(), {"expire_seconds": 604_800})
        await group.member.say(group.id, "kept a week")
        for leap in (365 * DAY, -365 * DAY, 730 * DAY):
            await aging.leap(leap)
            await aging.pass_by(leap)
            assert await group.said(group.owner) == ["kept thirty days", "kept a week"]
            await group.owner.patch(group.path(), {"expire_seconds": 0})
            await group.owner.patch(group.path(), {"expire_seconds": 604_800})
        await group.member.say(group.id, "after the leaps")
        await aging.pass_by(6 * DAY)
        assert len(await group.said(group.owner)) == 3
        await aging.pass_by(DAY + SECOND)
        assert await group.said(group.owner) == ["kept thirty days"]
        await aging.pass_by(23 * DAY + SECOND)
        assert await group.said(group.owner) == []


async def held_in(group: Group, person: Person) -> list[str]:
    return [one["body"] for one in (await person.get(group.path("/held")))["held"]]


async def test_what_waits_for_a_decision_disappears_like_what_was_posted(running: Running) -> None:
    async with aging_group(running) as (aging, group):
        await group.admin.put(group.path("/filter"), {"words": ["boat"]}, 200)
        said = await group.member.say(group.id, "kept")
        edited = {"body": "another boat"}
        await group.member.patch(group.path(f"/messages/{said['seq']}"), edited)
        await group.admin.patch(group.path(), {"expire_seconds": 3600})
        for number in range(3):
            given = {"key": new_key(), "body": f"boat {number}"}
            answer = await group.member.post(group.path("/messages"), given, 200)
        watching = await group.owner.connect()
        await aging.leap(365 * DAY)
        await aging.pass_by(365 * DAY + HOUR - 30 * SECOND)
        assert len(await held_in(group, group.owner)) == 4
        aging.passed += 30 * SECOND  # before a sweep
        for person in (group.owner, group.member):
            assert await held_in(group, person) == ["another boat"]
        late = group.path(f"/held/{answer['held']['id']}/released")
        await group.owner.put(late, None, 404)
        await aging.pass_by(0)
        await watching.next("held", conversation=group.id)
        assert await aging.database.read(bodies_held) == ["another boat"]


async def test_what_waits_is_kept_no_longer_than_messages(
    tmp_path: Path, database_url: str
) -> None:
    days = {"ECHOSPHERE_RETENTION_DAYS": "30"}
    running = Running(settings_for(tmp_path / "data", database_url, **days))
    async with aging_group(running) as (aging, group):
        await group.admin.put(group.path("/filter"), {"words": ["boat"]}, 200)
        for number in range(3):
            given = {"key": new_key(), "body": f"boat {number}"}
            await group.member.post(group.path("/messages"), given, 200)
        for leap in (365 * DAY, -365 * DAY):
            await aging.leap(leap)
            await aging.pass_by(leap)
        await aging.pass_by(29 * DAY)
        assert len(await held_in(group, group.member)) == 3
        await aging.pass_by(DAY)
        assert await aging.database.read(bodies_held) == []
    await running.stop()


def bodies_held(snapshot: Snapshot) -> list[str]:
    return list(snapshot.execute(select(held_messages.c.body)).scalars())


def living(snapshot: Snapshot) -> int:
    found = select(func.count()).where(messages.c.deleted.is_(False), messages.c.system.is_(None))
    return int(snapshot.execute(found).scalar_one())


async def test_a_sweep_that_is_interrupted_goes_on_where_it_was(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with aging_group(running) as (aging, group):
        await group.owner.patch(group.path(), {"retention_days": 1})
        for number in range(7):
            await group.member.say(group.id, f"word {number}")
        aging.passed += 2 * DAY
        write, calls = aging.database.write, [0]

        def broken(command: Command[Any]) -> Any:
            calls[0] += isinstance(command, remove.RemoveOutdated)
            if calls[0] == 3:
                raise asyncio.CancelledError
            return write(command)

        monkeypatch.setattr(aging.database, "write", broken)
        with pytest.raises(asyncio.CancelledError):
            await aging.sweeps.retain()
        assert await aging.database.read(living) == 3
        await aging.sweeps.retain()
        assert await aging.database.read(living) == 0


async def test_what_has_expired_is_in_no_list_before_the_sweep_either(running: Running) -> None:
    async with aging_group(running) as (aging, group):
        await group.owner.patch(group.path(), {"expire_seconds": 3600})
        post = {"key": new_key(), "body": "soon gone"}
        first = await group.member.post(group.path("/messages"), post)
        aging.passed += HOUR
        # The same key is answered as before, and nothing is posted twice.
        again = await group.member.post(group.path("/messages"), post, 200)
        assert again == first
        await aging.pass_by(SECOND)
        assert await group.said(group.owner) == []
        gone = await group.member.post(group.path("/messages"), post, 200)
        assert (gone["message"]["body"], gone["message"]["deleted"]) == ("", True)
