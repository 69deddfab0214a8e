"""Presence: shown to contacts, not to strangers, not across a block, and not too often."""

import asyncio
from typing import Any

import pytest

from echosphere.accounts import last_seen_of
from echosphere.presence import debounce, tracker
from echosphere.presence.tracker import PresenceTracker, Status
from tests.product.conftest import Running
from tests.product.groups import found
from tests.product.once import on_one_database
from tests.product.people import PASSWORD, Person, Refused, Socket, people_on

Cast = tuple[Person, Person, Person]

TRANSPORTS = ("websocket", "polling")


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """People are gone soon, and changes follow each other soon."""
    monkeypatch.setattr(tracker, "RECONNECT_GRACE", 0.1)
    monkeypatch.setattr(debounce, "MIN_INTERVAL", 0.05)


async def presence(viewer: Person, *people: Person) -> dict[str, Any]:
    """Return what a person is told about others, by id."""
    asked = await viewer.get("/presence", users=",".join(one.id for one in people))
    return {one.pop("user"): one for one in asked["presence"]}


async def until_seen(viewer: Person, person: Person, status: str) -> dict[str, Any]:
    """Ask until someone is seen like this."""
    async with asyncio.timeout(10):
        while True:
            seen = (await presence(viewer, person)).get(person.id, {})
            if seen.get("status") == status:
                return dict(seen)
            await asyncio.sleep(0.01)


async def until_told(device: Socket, person: Person, *statuses: str) -> None:
    """Wait until a device was told exactly this of someone."""
    async with asyncio.timeout(10):
        while True:
            told = [one["status"] for one in device.of("presence") if one["user"] == person.id]
            if told == list(statuses):
                return
            assert told == list(statuses)[: len(told)]
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_a_contact_sees_someone_come_look_away_and_go(
    running: Running, cast: Cast, transport: str
) -> None:
    ada, ben, oscar = cast
    await ada.befriend(ben)
    theirs, stranger = await ben.connect(), await oscar.connect()
    before = running.application.database.clock()
    phone = await ada.connect(transports=[transport])
    assert await theirs.next("presence", user=ada.id) == {"user": ada.id, "status": "online"}
    assert await presence(ben, ada) == {ada.id: {"status": "online", "last_seen": None}}
    assert await phone.call("presence", {"status": "away"}) == {}
    await theirs.next("presence", status="away")
    assert (await presence(ben, ada))[ada.id]["status"] == "away"
    await phone.close()
    gone = await theirs.next("presence", status="offline")
    assert before <= gone["last_seen"] <= running.application.database.clock()
    assert await presence(ben, ada) == {
        ada.id: {"status": "offline", "last_seen": gone["last_seen"]}
    }
    await oscar.get("/me")
    assert stranger.of("presence") == []
    assert await presence(oscar, ada, ben) == {}


async def test_someone_is_online_if_one_device_is_and_away_if_all_are(cast: Cast) -> None:
    ada, ben, _ = cast
    await ada.befriend(ben)
    theirs = await ben.connect()
    phone, laptop = await ada.connect(transports=["polling"]), await ada.connect()
    await theirs.next("presence", user=ada.id, status="online")
    await phone.call("presence", {"status": "away"})
    assert (await presence(ben, ada))[ada.id]["status"] == "online"
    await laptop.call("presence", {"status": "away"})
    await theirs.next("presence", user=ada.id, status="away")
    await phone.call("presence", {"status": "online"})
    await until_told(theirs, ada, "online", "away", "online")
    await phone.close()
    await until_told(theirs, ada, "online", "away", "online", "away")
    await laptop.close()
    await until_told(theirs, ada, "online", "away", "online", "away", "offline")


async def test_a_reload_is_not_noticed(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tracker, "RECONNECT_GRACE", 60.0)
    ada, ben, _ = cast
    await ada.befriend(ben)
    theirs, first = await ben.connect(), await ada.connect()
    await theirs.next("presence", user=ada.id, status="online")
    await first.close()
    assert (await presence(ben, ada))[ada.id] == {"status": "online", "last_seen": None}
    second = await ada.connect()
    await second.call("presence", {"status": "away"})
    await theirs.next("presence", user=ada.id, status="away")
    told = [one["status"] for one in theirs.of("presence") if one["user"] == ada.id]
    assert told == ["online", "away"]


async def test_changes_that_come_too_fast_are_told_as_one(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, ben, _ = cast
    await ada.befriend(ben)
    theirs = await ben.connect()
    monkeypatch.setattr(debounce, "MIN_INTERVAL", 1.0)
    phone = await ada.connect()
    await theirs.next("presence", user=ada.id, status="online")
    for status in ("away", "online", "away", "online", "away"):
        await phone.call("presence", {"status": status})
    await theirs.next("presence", user=ada.id, status="away")
    told = [one["status"] for one in theirs.of("presence") if one["user"] == ada.id]
    assert told == ["online", "away"]


async def test_members_of_a_group_see_each_other_without_being_contacts(server: str) -> None:
    async with people_on(server, "Ada", "Ben", "Carl", "Oscar") as (ada, ben, carl, oscar):
        group = await found(ada, ben, carl)
        theirs = await carl.connect()
        await ben.connect()
        await theirs.next("presence", user=ben.id, status="online")
        assert set(await presence(carl, ada, ben, carl, oscar)) == {ada.id, ben.id}
        await carl.delete(f"/conversations/{group}/members/{carl.id}")
        assert set(await presence(carl, ada, ben)) == {ada.id}
        assert set(await presence(ben, carl)) == set()
        await ben.connect(transports=["polling"])
        before = len(theirs.of("presence"))
        for socket in ben._sockets:
            await socket.call("presence", {"status": "away"})
        await until_seen(ada, ben, "away")
        await ada.connect()
        await theirs.next("presence", user=ada.id, status="online")
        assert [one["user"] for one in theirs.of("presence")[before:]] == [ada.id]


async def test_the_invisible_look_gone_and_still_see_others(running: Running, cast: Cast) -> None:
    ada, ben, _ = cast
    await ada.befriend(ben)
    theirs, mine = await ben.connect(), await ada.connect()
    await theirs.next("presence", user=ada.id, status="online")
    await ada.patch("/me", {"settings": {"presence": "invisible"}})
    assert await theirs.next("presence", status="offline") == {"user": ada.id, "status": "offline"}
    hidden = {ada.id: {"status": "offline", "last_seen": None}}
    assert await presence(ben, ada) == hidden
    assert (await presence(ada, ben))[ben.id]["status"] == "online"
    await theirs.call("presence", {"status": "away"})
    await mine.next("presence", user=ben.id, status="away")
    await mine.close()
    again = await ada.connect()
    await again.call("presence", {"status": "away"})
    await again.close()
    assert await presence(ben, ada) == hidden
    database = running.application.database
    assert await database.read(last_seen_of, [ada.id]) == {}
    shown = await ada.connect()
    await ada.patch("/me", {"settings": {"presence": None}})
    await until_seen(ben, ada, "online")
    await shown.call("presence", {"status": "away"})
    await until_seen(ben, ada, "away")
    told = [one["status"] for one in theirs.of("presence") if one["user"] == ada.id]
    assert told[:2] == ["online", "offline"]
    assert set(told[2:]) <= {"online", "away"}


async def test_across_a_block_everyone_looks_gone_until_it_is_lifted(server: str) -> None:
    async with people_on(server, "Ada", "Ben", "Carl") as (ada, ben, carl):
        await found(ada, ben, carl)
        mine = await ben.connect()
        theirs = await carl.connect()
        await until_seen(carl, ben, "online")
        await mine.next("presence", user=carl.id, status="online")
        await ben.put(f"/blocks/{carl.id}")
        await theirs.next("presence", user=ben.id, status="offline")
        await mine.next("presence", user=carl.id, status="offline")
        assert await presence(carl, ben) == await presence(ben, carl) == {}
        await mine.call("presence", {"status": "away"})
        await until_seen(ada, ben, "away")
        await ada.connect()
        await theirs.next("presence", user=ada.id, status="online")
        told = [one for one in theirs.of("presence") if one["status"] != "online"]
        assert told == [{"user": ben.id, "status": "offline"}]
        await ben.delete(f"/blocks/{carl.id}")
        await theirs.next("presence", user=ben.id, status="away")
        assert (await presence(carl, ben))[ben.id]["status"] == "away"


async def test_a_stranger_does_not_learn_who_blocked_them(cast: Cast) -> None:
    ada, ben, oscar = cast
    await ada.befriend(ben)
    await oscar.post("/contacts", {"email": ada.email}, 202)
    stranger, mine = await oscar.connect(), await ada.connect()
    await ada.put(f"/blocks/{oscar.id}")
    await ada.delete(f"/blocks/{oscar.id}")
    await mine.call("sync", {"versions": {}})
    theirs = await ben.connect()
    await mine.next("presence", user=ben.id, status="online")
    await stranger.call("sync", {"versions": {}})
    assert stranger.of("presence") == []
    assert [one["user"] for one in mine.of("presence")] == [ben.id]
    assert theirs.of("presence") == []


async def test_when_people_were_last_here_survives_the_end_of_the_server(
    running: Running, cast: Cast
) -> None:
    ada, ben, _ = cast
    await ada.befriend(ben)
    await ada.connect()
    seen = await until_seen(ben, ada, "online")
    database = running.application.database
    before = database.clock()
    await running.application.drain()
    await running.application.presence.stop()
    stored = await database.read(last_seen_of, [ada.id, ben.id])
    assert seen["last_seen"] is None
    assert set(stored) == {ada.id}
    assert before <= stored[ada.id] <= database.clock()


@pytest.mark.usefixtures("another_owner")
async def test_a_closed_account_leaves_no_trace_of_when_it_was_here(
    running: Running, cast: Cast
) -> None:
    ada, ben, _ = cast
    await ada.befriend(ben)
    theirs = await ben.connect()
    phone = await ada.connect()
    await theirs.next("presence", user=ada.id, status="online")
    await phone.close()
    await theirs.next("presence", user=ada.id, status="offline")
    await ada.http.request("DELETE", "/me", json={"password": PASSWORD})
    assert await running.application.database.read(last_seen_of, [ada.id]) == {}


@on_one_database
async def test_nonsense_about_presence_is_refused(cast: Cast) -> None:
    ada, ben, _ = cast
    await ada.befriend(ben)
    phone = await ada.connect()
    wrong: tuple[Any, ...] = (
        {},
        {"status": "offline"},
        {"status": None},
        {"status": "online", "user": ben.id},
        "online",
    )
    for argument in wrong:
        with pytest.raises(Refused, match="invalid"):
            await phone.call("presence", argument)
    await ada.get("/presence", 400)
    for users in ("a b", "é", ",".join(["x"] * 201), "x" * 65, "x" * 14_000):
        assert "users" in (await ada.get("/presence", 400, users=users))["fields"]
    assert (await ada.get("/presence", users=""))["presence"] == []
    assert (await ada.get("/presence", users=",,nobody,"))["presence"] == []


@on_one_database
async def test_no_one_is_present_without_a_session(server: str, cast: Cast) -> None:
    ada, _, _ = cast
    anonymous = Person(server, ada.user, "x" * 43)
    await anonymous.get("/presence", 401, users=ada.id)
    await anonymous.close()


def test_a_device_that_was_never_there_neither_says_nor_leaves_anything() -> None:
    users = PresenceTracker(lambda: 0.0)
    users.set_status("ada", "phone", Status.AWAY)
    users.disconnect("ada", "phone", 1)
    assert users.status_of("ada") is Status.OFFLINE
    assert users.offline_at("ada") is None
    assert users.user_ids() == set()


def test_a_user_is_offline_when_the_grace_is_over() -> None:
    seconds = [0.0]
    users = PresenceTracker(lambda: seconds[0])
    users.connect("ada", "phone")
    users.set_status("ada", "phone", Status.AWAY)
    users.disconnect("ada", "phone", 5)
    assert users.status_of("ada") is Status.AWAY
    seconds[0] = tracker.RECONNECT_GRACE
    assert users.status_of("ada") is Status.OFFLINE
    assert users.pop_last_seen("ada") == 5
    assert users.pop_last_seen("ada") is None
