"""Typing: seen at once by the other members, never stored, never by those who must not see it."""

from typing import Any

import pytest

from echosphere.presence import typing
from echosphere.presence.typing import TypingThrottle
from tests.product.groups import found
from tests.product.once import on_one_database
from tests.product.people import Person, Refused, Socket, people_on

Cast = tuple[Person, Person, Person]


async def nothing_more(device: Socket, conversation: str, marker: Person) -> list[Any]:
    """Return what a device was told of typing by the time a message has come."""
    said = await marker.say(conversation, "a marker")
    await device.next("message", version=said["version"])
    return device.of("typing")


@pytest.mark.parametrize("transport", ["websocket", "polling"])
async def test_the_other_sees_it_on_all_devices(cast: Cast, transport: str) -> None:
    ada, ben, oscar = cast
    conversation = await ada.talk_to(ben)
    phone = await ada.connect(transports=[transport])
    other_device = await ada.connect()
    theirs = [await ben.connect(transports=[one]) for one in ("websocket", "polling")]
    stranger = await oscar.connect()
    shown = {"conversation": conversation, "user": ada.id}
    assert await phone.call("typing", {"conversation": conversation, "on": True}) == {}
    for device in theirs:
        assert await device.next("typing", on=True) == shown | {"on": True}
    await phone.call("typing", {"conversation": conversation, "on": False})
    for device in theirs:
        assert await device.next("typing", on=False) == shown | {"on": False}
    assert await nothing_more(other_device, conversation, ben) == []
    assert phone.of("typing") == stranger.of("typing") == []


async def test_it_goes_by_rest_as_well(cast: Cast) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    theirs = await ben.connect()
    await ada.post(f"/conversations/{conversation}/typing", {"on": True}, 204)
    assert (await theirs.next("typing"))["user"] == ada.id


async def test_it_changes_nothing(cast: Cast) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    before = await ben.get(f"/conversations/{conversation}")
    theirs, phone = await ben.connect(), await ada.connect()
    await phone.call("typing", {"conversation": conversation, "on": True})
    await theirs.next("typing")
    assert await ben.get(f"/conversations/{conversation}") == before


async def test_in_a_group_everyone_sees_it_but_those_behind_a_block(server: str) -> None:
    async with people_on(server, "Ada", "Ben", "Carl", "Dora") as (ada, ben, carl, dora):
        group = await found(ada, ben, carl, dora)
        await ben.put(f"/blocks/{carl.id}")
        await dora.put(f"/blocks/{ben.id}")
        theirs = {one.id: await one.connect() for one in (ada, carl, dora)}
        await ben.post(f"/conversations/{group}/typing", {"on": True}, 204)
        assert (await theirs[ada.id].next("typing"))["user"] == ben.id
        for behind in (carl, dora):
            assert await nothing_more(theirs[behind.id], group, ada) == []


async def test_a_blocked_person_is_not_seen_typing(cast: Cast) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    mine, theirs = await ada.connect(), await ben.connect()
    await ben.put(f"/blocks/{ada.id}")
    await mine.call("typing", {"conversation": conversation, "on": True})
    await theirs.call("typing", {"conversation": conversation, "on": True})
    await ben.delete(f"/blocks/{ada.id}")
    assert await nothing_more(theirs, conversation, ada) == []
    assert await nothing_more(mine, conversation, ben) == []


async def test_whoever_switched_it_off_is_not_seen_typing(cast: Cast) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    mine, theirs = await ada.connect(), await ben.connect()
    await ada.patch("/me", {"settings": {"typing": False}})
    await mine.call("typing", {"conversation": conversation, "on": True})
    assert await nothing_more(theirs, conversation, ada) == []
    await theirs.call("typing", {"conversation": conversation, "on": True})
    assert (await mine.next("typing"))["user"] == ben.id


async def test_in_a_very_large_group_no_one_sees_it(
    server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(typing, "MAX_MEMBERS", 2)
    async with people_on(server, "Ada", "Ben", "Carl") as (ada, ben, carl):
        small, large = await ada.talk_to(ben), await found(ada, ben, carl)
        theirs = await ben.connect()
        for place in (large, small):
            await ada.post(f"/conversations/{place}/typing", {"on": True}, 204)
        assert (await theirs.next("typing"))["conversation"] == small
        assert len(theirs.of("typing")) == 1


async def test_whoever_left_sees_nothing_more(server: str) -> None:
    async with people_on(server, "Ada", "Ben", "Carl") as (ada, ben, carl):
        group = await found(ada, ben, carl)
        there, gone = await ben.connect(), await carl.connect()
        await ada.delete(f"/conversations/{group}/members/{carl.id}")
        await ada.post(f"/conversations/{group}/typing", {"on": True}, 204)
        await there.next("typing")
        await gone.call("sync", {"versions": {}})
        assert gone.of("typing") == []
        with pytest.raises(Refused, match="not_found"):
            await gone.call("typing", {"conversation": group, "on": True})


async def test_what_comes_too_often_is_accepted_and_dropped(cast: Cast) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    mine, theirs = await ada.connect(), await ben.connect()
    for on in (True, True, False, True, False, True):
        assert await mine.call("typing", {"conversation": conversation, "on": on}) == {}
    told = await nothing_more(theirs, conversation, ada)
    assert [one["on"] for one in told] == [True, False]


async def test_an_outsider_can_neither_type_nor_learn_that_the_place_exists(cast: Cast) -> None:
    ada, ben, oscar = cast
    conversation = await ada.talk_to(ben)
    stranger, theirs = await oscar.connect(), await ben.connect()
    for place in (conversation, "nowhere"):
        with pytest.raises(Refused, match="not_found"):
            await stranger.call("typing", {"conversation": place, "on": True})
    hidden = await oscar.post(f"/conversations/{conversation}/typing", {"on": True}, 404)
    assert hidden == await oscar.post("/conversations/nowhere/typing", {"on": True}, 404)
    assert await nothing_more(theirs, conversation, ada) == []


@on_one_database
async def test_nonsense_about_typing_is_refused(cast: Cast) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    phone = await ada.connect()
    wrong: tuple[Any, ...] = (
        {},
        {"on": True},
        {"conversation": conversation},
        {"conversation": conversation, "on": 1},
        {"conversation": conversation, "on": True, "user": ben.id},
        {"conversation": "a b", "on": True},
    )
    for argument in wrong:
        with pytest.raises(Refused, match="invalid"):
            await phone.call("typing", argument)
    await ada.post(f"/conversations/{conversation}/typing", {"on": None}, 400)


def test_one_beginning_and_its_end_pass_in_two_seconds() -> None:
    seconds = [0.0]
    throttle = TypingThrottle(lambda: seconds[0])

    def passes(on: bool, place: str = "garden") -> bool:
        if not throttle.allows("ada", place, on=on):
            return False
        throttle.record("ada", place, on=on)
        return True

    assert not passes(on=False)
    assert passes(on=True)
    assert not passes(on=True)
    assert passes(on=True, place="kitchen")
    assert passes(on=False)
    assert not passes(on=False)
    assert not passes(on=True)
    seconds[0] = typing.MIN_INTERVAL
    assert passes(on=True)
    seconds[0] += typing.MIN_INTERVAL
    assert passes(on=True)
    assert passes(on=False)


def test_only_so_much_is_kept_of_who_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typing, "MAX_ENTRIES", 2)
    throttle = TypingThrottle(lambda: 0.0)
    for place in ("one", "two", "three"):
        throttle.record("ada", place, on=True)
    assert throttle.allows("ada", "one", on=True)
    assert not throttle.allows("ada", "three", on=True)
