"""Delivered and read: shown to people who share receipts themselves, and batched."""

import asyncio
from typing import Any

import pytest

from echosphere.memberships.receipts import receipt_batch, recipients
from tests.product.groups import found
from tests.product.model_client import ModelClient
from tests.product.once import on_one_database
from tests.product.people import Person, Refused, Socket, people_on

Cast = tuple[Person, Person, Person]

OFF = {"settings": {"receipts": False}}


async def positions(viewer: Person, conversation: str, of: Person) -> tuple[int, int]:
    """Return how far a person has come as someone sees it: read and delivered."""
    members = (await viewer.get(f"/conversations/{conversation}/members"))["members"]
    (member,) = [one for one in members if one["user"]["id"] == of.id]
    shown = (await viewer.get(f"/conversations/{conversation}"))["conversation"]["members"]
    assert member in shown
    return member["read_seq"], member["delivered_seq"]


async def seen_by(viewer: Person, message: dict[str, Any]) -> dict[str, tuple[bool, bool]]:
    """Return who has read a message and whom it has reached, as someone sees it."""
    path = f"/conversations/{message['conversation']}/messages/{message['seq']}/receipts"
    answer = await viewer.get(path)
    return {one["user"]: (one["read"], one["delivered"]) for one in answer["receipts"]}


async def read(reader: Person, message: dict[str, Any]) -> None:
    """Read up to a message."""
    await reader.put(f"/conversations/{message['conversation']}/read", {"seq": message["seq"]})


async def deliver(receiver: Person, message: dict[str, Any]) -> None:
    """Say that a message has come."""
    path = f"/conversations/{message['conversation']}/delivered"
    await receiver.put(path, {"seq": message["seq"]})


def receipts_of(device: Socket) -> list[Any]:
    """Return everything that a device was told of anyone's positions."""
    return device.of("receipt") + device.of("receipts")


async def after_a_marker(device: Socket, conversation: str, marker: Person) -> list[Any]:
    """Return what a device was told of positions by the time a message has come."""
    said = await marker.say(conversation, "a marker")
    await device.next("message", version=said["version"])
    return receipts_of(device)


@pytest.mark.parametrize("transport", ["websocket", "polling"])
async def test_delivered_and_read_reach_all_devices_of_both(cast: Cast, transport: str) -> None:
    ada, ben, oscar = cast
    conversation = await ada.talk_to(ben)
    phone, laptop = await ada.connect(transports=[transport]), await ada.connect()
    theirs, second = await ben.connect(transports=[transport]), await ben.connect()
    stranger = await oscar.connect()
    said = await phone.say(conversation, "Hello")
    seq = said["seq"]
    here = {"conversation": conversation}
    assert await theirs.call("delivered", here | {"seq": seq}) == {}
    for device in (phone, laptop, theirs, second):
        told = await device.next("receipt", delivered_seq=seq)
        assert told == here | {"user": ben.id, "delivered_seq": seq}
    assert await positions(ada, conversation, ben) == (0, seq)
    assert await seen_by(ada, said) == {ben.id: (False, True)}
    assert await theirs.call("read", here | {"seq": seq}) == {}
    for device in (phone, laptop, theirs, second):
        assert await device.next("receipt", read_seq=seq) == here | {
            "user": ben.id,
            "read_seq": seq,
        }
    assert (await second.next("own", read_seq=seq))["unread"] == 0
    assert await positions(ada, conversation, ben) == (seq, seq)
    assert await seen_by(ada, said) == {ben.id: (True, True)}
    assert receipts_of(stranger) == []


async def test_positions_move_forward_only_and_what_does_not_exist_is_not_read(
    cast: Cast,
) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    first, last = await ada.say(conversation, "one"), await ada.say(conversation, "two")
    theirs = await ada.connect()
    await read(ben, last)
    await theirs.next("receipt", read_seq=last["seq"])
    for step in (read, deliver):
        await step(ben, first)
        await step(ben, last)
    assert await positions(ada, conversation, ben) == (last["seq"], last["seq"])
    assert len(await after_a_marker(theirs, conversation, ada)) == 1
    await read(ben, last | {"seq": 10_000})
    assert await positions(ada, conversation, ben) == (last["seq"] + 1, last["seq"] + 1)


async def test_whoever_gives_no_receipts_is_not_followed_and_reads_all_the_same(
    cast: Cast,
) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    await ben.patch("/me", OFF)
    theirs, own = await ada.connect(), await ben.connect()
    said = await ada.say(conversation, "Hello")
    await deliver(ben, said)
    await read(ben, said)
    assert (await own.next("own", read_seq=said["seq"]))["unread"] == 0
    listed = (await ben.get("/conversations"))["conversations"][0]
    assert (listed["read_seq"], listed["unread"]) == (said["seq"], 0)
    assert await positions(ada, conversation, ben) == (0, 0)
    assert await seen_by(ada, said) == {ben.id: (False, False)}
    assert await after_a_marker(theirs, conversation, ada) == []


async def test_whoever_gives_no_receipts_sees_none(cast: Cast) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    said = await ada.say(conversation, "Hello")
    await read(ben, said)
    assert await positions(ada, conversation, ben) == (said["seq"], said["seq"])
    await ada.patch("/me", OFF)
    mine, theirs = await ada.connect(), await ben.connect()
    assert await positions(ada, conversation, ben) == (0, 0)
    assert await seen_by(ada, said) == {ben.id: (False, False)}
    listed = (await ada.get("/conversations"))["conversations"][0]["members"]
    synced = (await mine.call("sync", {"versions": {}}))["conversations"][0]["members"]
    for member in listed + synced:
        assert (member["read_seq"], member["delivered_seq"]) == (0, 0)
    again = await ada.say(conversation, "And now?")
    await deliver(ben, again)
    await read(ben, again)
    await theirs.next("receipt", read_seq=again["seq"])
    assert await after_a_marker(mine, conversation, ben) == []
    await ada.patch("/me", {"settings": {"receipts": None}})
    assert await positions(ada, conversation, ben) == (again["seq"], again["seq"])


async def test_no_one_follows_the_other_across_a_block(cast: Cast) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    said = await ada.say(conversation, "Hello")
    mine = await ada.connect()
    await ben.put(f"/blocks/{ada.id}")
    await deliver(ben, said)
    await read(ben, said)
    await ben.delete(f"/blocks/{ada.id}")
    assert await positions(ada, conversation, ben) == (0, 0)
    assert await after_a_marker(mine, conversation, ben) == []
    assert (await ben.get("/conversations"))["conversations"][0]["read_seq"] == said["seq"]


async def test_reading_takes_the_mark_of_unread_away(cast: Cast) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    said = await ada.say(conversation, "Hello")
    await read(ben, said)
    own, theirs = await ben.connect(), await ada.connect()
    path = f"/conversations/{conversation}"
    await ben.patch(path, {"marked_unread": True})
    await own.next("own", marked_unread=True)
    await read(ben, said)
    await own.next("own", marked_unread=False)
    assert (await ben.get(path))["conversation"]["marked_unread"] is False
    await ben.patch(path, {"marked_unread": True})
    await read(ben, said | {"seq": 1})
    shown = (await ben.get(path))["conversation"]
    assert (shown["marked_unread"], shown["read_seq"]) == (False, said["seq"])
    (told,) = await after_a_marker(theirs, conversation, ada)
    assert told["read_seq"] == said["seq"]


async def test_in_a_group_those_without_receipts_are_left_out(server: str) -> None:
    async with people_on(server, "Ada", "Ben", "Carl") as (ada, ben, carl):
        group = await found(ada, ben, carl)
        await carl.patch("/me", OFF)
        said = await ada.say(group, "Hello")
        mine, theirs = await ada.connect(), await carl.connect()
        await read(ben, said)
        await read(carl, said)
        await mine.next("receipt", user=ben.id, read_seq=said["seq"])
        assert await after_a_marker(theirs, group, ada) == []
        assert {one["user"] for one in receipts_of(mine)} == {ben.id}
        assert await seen_by(ada, said) == {ben.id: (True, True), carl.id: (False, False)}
        assert await seen_by(ben, said) == await seen_by(ada, said)


async def test_in_a_larger_group_what_comes_together_is_sent_together(
    server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recipients, "MAX_IMMEDIATE", 2)
    # Long enough for a machine that has much else to do.
    monkeypatch.setattr(receipt_batch, "BATCH_SECONDS", 3.0)
    async with people_on(server, "Ada", "Ben", "Carl", "Dora") as (ada, ben, carl, dora):
        group = await found(ada, ben, carl, dora)
        await dora.patch("/me", OFF)
        first, last = await ada.say(group, "one"), await ada.say(group, "two")
        mine, without = await ada.connect(transports=["polling"]), await dora.connect()
        held = ModelClient(ada.id, lambda asked: mine.call("sync", asked))
        await held.catch_up()
        for step in (deliver, read):
            await step(ben, first)
            await step(ben, last)
        await deliver(carl, last)
        together = await mine.next("receipts")
        assert together["conversation"] == group
        by_user = {one["user"]: one for one in together["receipts"]}
        assert by_user[ben.id] == {
            "user": ben.id,
            "read_seq": last["seq"],
            "delivered_seq": last["seq"],
        }
        assert by_user[carl.id] == {"user": carl.id, "delivered_seq": last["seq"]}
        assert (len(mine.of("receipts")), mine.of("receipt")) == (1, [])
        await held.take("receipts", together)
        fresh = ModelClient(ada.id, lambda asked: mine.call("sync", asked))
        await fresh.catch_up()
        assert held.state() == fresh.state()
        assert await after_a_marker(without, group, ada) == []


async def test_in_a_very_large_group_only_authors_are_told_and_only_of_what_is_read(
    server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recipients, "MAX_IMMEDIATE", 1)
    monkeypatch.setattr(recipients, "MAX_NOTIFIED", 2)
    monkeypatch.setattr(receipt_batch, "BATCH_SECONDS", 0.1)
    async with people_on(server, "Ada", "Ben", "Carl") as (ada, ben, carl):
        group = await found(ada, ben, carl)
        said = await ada.say(group, "Hello, all")
        author, other = await ada.connect(), await carl.connect()
        await deliver(ben, said)
        assert await positions(ada, group, ben) == (0, 0)
        await read(ben, said)
        told = await author.next("receipts")
        assert told["receipts"] == [{"user": ben.id, "read_seq": said["seq"]}]
        assert await after_a_marker(other, group, ada) == []
        assert await seen_by(carl, said) == {ben.id: (True, True), carl.id: (False, False)}


async def test_whoever_left_while_receipts_were_kept_gets_none(
    server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recipients, "MAX_IMMEDIATE", 1)
    async with people_on(server, "Ada", "Ben", "Carl") as (ada, ben, carl):
        group = await found(ada, ben, carl)
        said = await ada.say(group, "Hello")
        there, gone = await ada.connect(), await carl.connect()
        await read(ben, said)
        await ada.delete(f"/conversations/{group}/members/{carl.id}")
        await there.next("receipts")
        await gone.call("sync", {"versions": {}})
        assert receipts_of(gone) == []


async def test_seen_by_names_those_who_were_there_and_no_one_else(server: str) -> None:
    async with people_on(server, "Ada", "Ben", "Carl", "Oscar") as (ada, ben, carl, oscar):
        group = await found(ada, ben)
        said = await ada.say(group, "Before Carl came")
        await ada.befriend(carl)
        await ada.post(f"/conversations/{group}/members", {"user": carl.id})
        await read(ben, said)
        await read(carl, said)
        later = await ben.say(group, "Welcome")
        assert await seen_by(ada, said) == {ben.id: (True, True)}
        assert await seen_by(carl, said) == {ben.id: (True, True)}
        assert set(await seen_by(carl, later)) == {ada.id, carl.id}
        await ada.delete(f"/conversations/{group}/members/{ben.id}")
        assert await seen_by(ada, said) == {}
        path = f"/conversations/{group}/messages/{said['seq']}/receipts"
        for stranger in (oscar, ben):
            hidden = await stranger.get(path, 404)
            assert hidden == await stranger.get("/conversations/nowhere/messages/1/receipts", 404)


async def test_seen_by_is_there_for_messages_that_can_be_seen_only(server: str) -> None:
    async with people_on(server, "Ada", "Ben", "Carl") as (ada, ben, carl):
        group = await found(ada, ben)
        here = f"/conversations/{group}"
        await ada.patch(here, {"history": "joined"})
        before, gone = await ada.say(group, "Secret"), await ada.say(group, "Oops")
        await ada.delete(f"{here}/messages/{gone['seq']}", 200)
        await ada.befriend(carl)
        await ada.post(f"{here}/members", {"user": carl.id})
        line = (await ada.get(f"{here}/messages"))["messages"][-1]
        assert line["system"]["type"] == "added"
        for seq in (gone["seq"], line["seq"], 0, 999, "x", "-1", "9" * 30):
            await ada.get(f"{here}/messages/{seq}/receipts", 404)
        await carl.get(f"{here}/messages/{before['seq']}/receipts", 404)
        assert await seen_by(ben, before) == {ben.id: (False, False)}


async def test_an_outsider_can_neither_give_nor_get_receipts(cast: Cast) -> None:
    ada, ben, oscar = cast
    conversation = await ada.talk_to(ben)
    said = await ada.say(conversation, "Hello")
    stranger = await oscar.connect()
    for call in ("read", "delivered"):
        for place in (conversation, "nowhere"):
            with pytest.raises(Refused, match="not_found"):
                await stranger.call(call, {"conversation": place, "seq": said["seq"]})
        hidden = await oscar.put(f"/conversations/{conversation}/{call}", {"seq": 1}, 404)
        assert hidden == await oscar.put(f"/conversations/nowhere/{call}", {"seq": 1}, 404)
    assert await positions(ada, conversation, ben) == (0, 0)


@on_one_database
async def test_nonsense_about_receipts_is_refused(cast: Cast) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    phone = await ada.connect()
    wrong: tuple[Any, ...] = (
        {},
        {"seq": 1},
        {"conversation": conversation},
        {"conversation": conversation, "seq": -1},
        {"conversation": conversation, "seq": "1"},
        {"conversation": conversation, "seq": 2**60},
        {"conversation": conversation, "seq": 1, "user": ben.id},
    )
    for argument in wrong:
        with pytest.raises(Refused, match="invalid"):
            await phone.call("delivered", argument)
    await ada.put(f"/conversations/{conversation}/delivered", {"seq": None}, 400)


@on_one_database
async def test_many_who_read_at_once_make_few_events(
    server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recipients, "MAX_IMMEDIATE", 1)
    names = [f"Person {number}" for number in range(6)]
    async with people_on(server, *names) as (ada, *others):
        group = await found(ada, *others)
        said = [await ada.say(group, str(number)) for number in range(4)]
        mine = await ada.connect()
        await asyncio.gather(*(read(one, message) for message in said for one in others))
        last = said[-1]["seq"]

        def told() -> dict[str, int]:
            return {
                one["user"]: one["read_seq"]
                for event in mine.of("receipts")
                for one in event["receipts"]
            }

        async with asyncio.timeout(10):
            while told() != {one.id: last for one in others}:
                await asyncio.sleep(0.01)
        assert len(mine.of("receipts")) < len(others) * len(said) / 2
