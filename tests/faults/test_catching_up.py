"""Many writers, readers that catch up without pause, hundreds of cut connections, slow readers."""

import asyncio
from typing import Any

import pytest

from tests.faults.callers import Caller
from tests.faults.processes import whole_history
from tests.product.conftest import Running
from tests.product.once import on_one_database
from tests.product.people import Person, new_key, people_on

Cast = tuple[Person, Person, Person]

WRITERS = 32
EACH = 6
CUT_AT_ONCE = 200


async def test_a_reader_who_never_pauses_sees_what_is_there_in_the_end(cast: Cast) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    writing = asyncio.gather(*(_write(one, conversation) for one in (ada, ben) * (WRITERS // 2)))
    by_history, by_sync = await asyncio.gather(
        _read_pages(ben, conversation, writing), _read_differences(ben, conversation, writing)
    )
    final = await whole_history(ada, conversation)
    assert [message["seq"] for message in final] == list(range(2, WRITERS * EACH + 2))
    assert by_history == final
    assert by_sync == final


async def _write(person: Person, conversation: str) -> None:
    caller = await Caller.connect(person.base, person.token)
    for number in range(EACH):
        given = {"conversation": conversation, "key": new_key(), "body": str(number)}
        assert (await caller.call("post", given))["ok"]
    await caller.close()


async def _read_pages(person: Person, conversation: str, writing: Any) -> list[Any]:
    caller = await Caller.connect(person.base, person.token)
    found: list[Any] = []
    while True:
        is_last = writing.done()
        after = found[-1]["seq"] if found else 0
        page = await caller.call("history", {"conversation": conversation, "after": after})
        found += page["messages"]
        if is_last and not page["more"]:
            await caller.close()
            return found


async def _read_differences(person: Person, conversation: str, writing: Any) -> list[Any]:
    held = 1
    found: dict[int, Any] = {}
    while True:
        is_last = writing.done()
        synced = await person.post("/sync", {"versions": {conversation: held}}, 200)
        for one in synced["conversations"]:
            # A reset is the latest page; this reader wants all, and fetches what lies between.
            if one["reset"] and one["messages"][0]["seq"] > held + 1:
                for message in await whole_history(person, conversation):
                    found[message["seq"]] = message
            for message in one["messages"]:
                found[message["seq"]] = message
            held = one["conversation"]["version"]
        if is_last and not synced["conversations"]:
            return [found[seq] for seq in sorted(found)]


@on_one_database
async def test_hundreds_that_are_cut_off_at_once_are_equal_again(cast: Cast) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    await ada.say(conversation, "before")
    callers = await asyncio.gather(
        *(Caller.connect(one.base, one.token) for one in (ada, ben) * (CUT_AT_ONCE // 2))
    )
    await ada.say(conversation, "heard by all")
    await asyncio.gather(*(caller.until("message", 1) for caller in callers))
    for caller in callers:
        caller.cut()
    missed = [await ada.say(conversation, f"missed {number}") for number in range(5)]
    differences = await asyncio.gather(
        *(_return(one, conversation) for one in (ada, ben) * (CUT_AT_ONCE // 2))
    )
    assert all(difference == missed for difference in differences)


async def _return(person: Person, conversation: str) -> list[Any]:
    caller = await Caller.connect(person.base, person.token)
    answer = await caller.call("sync", {"versions": {conversation: 3}})
    await caller.close()
    (difference,) = answer["conversations"]
    messages: list[Any] = difference["messages"]
    return messages


@on_one_database
async def test_a_reader_who_stops_reading_is_cut_off_and_harms_no_one(
    running: Running, server: str
) -> None:
    async with people_on(server, "Ada", "Ben", "Carl") as (ada, ben, carl):
        for other in (ben, carl):
            await ada.befriend(other)
        group = {"kind": "group", "title": "Loud", "members": [ben.id, carl.id]}
        started = (await ada.post("/conversations", group))["conversation"]
        conversation, first = started["id"], started["version"] + 1
        slow, awake = (
            await Caller.connect(server, ben.token),
            await Caller.connect(server, carl.token),
        )
        writer = await Caller.connect(server, ada.token)
        slow.transport.underlying_transport.pause_reading()
        realtime, most, sent = running.application.server, 0, 0
        while not realtime.stats()["cut_slow_readers"]:
            assert sent < 600, "nobody was cut off"
            given = {"conversation": conversation, "key": new_key(), "body": "\U0001f9d1" * 10_000}
            assert (await writer.call("post", given))["ok"]
            sent += 1
            most = max(most, *(_waiting_for(socket) for socket in realtime.sockets))
        assert most <= realtime.options.max_buffer
        # What happened just before someone connected may still reach them.
        await awake.until("message", sent, since=first)
        told = [event["version"] for event in awake.of("message")]
        assert [version for version in told if version >= first] == list(range(first, first + sent))
        assert len(realtime.sockets) == 2
        slow.transport.underlying_transport.resume_reading()
        await slow.closed.wait()
        back = await Caller.connect(server, ben.token)
        held = slow.of("message")[-1]["version"] if slow.of("message") else first - 1
        answer = await back.call("sync", {"versions": {conversation: held}})
        assert answer["ok"], answer
        (difference,) = answer["conversations"]
        latest = await ada.get(f"/conversations/{conversation}/messages", limit=50)
        assert difference["conversation"]["version"] == first + sent - 1
        if difference["reset"]:
            assert difference["messages"] == latest["messages"]
        else:
            after = range(held + 1, first + sent)
            assert [one["seq"] for one in difference["messages"]] == list(after)
        for caller in (back, awake, writer):
            await caller.close()


def _waiting_for(socket: Any) -> int:
    """Return how many bytes the server keeps for a client that has not taken them."""
    transport = socket.connection.session.transport._socket.underlying_transport
    size: int = transport.get_write_buffer_size()
    return size


@pytest.mark.parametrize("transport", ["websocket", "polling"])
@on_one_database
async def test_a_client_that_comes_and_goes_all_the_time_misses_nothing(
    transport: str, cast: Cast
) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    writing = asyncio.gather(*(_write(ada, conversation) for _ in range(5)))
    held = 1
    found: list[Any] = []
    while not (writing.done() and len(found) == 5 * EACH):
        socket = await ben.connect(transports=[transport])
        synced = await socket.call("sync", {"versions": {conversation: held}})
        for one in synced["conversations"]:
            assert not one["reset"]
            found += one["messages"]
            held = one["conversation"]["version"]
        await socket.close()
    assert found == await whole_history(ada, conversation)


@on_one_database
async def test_long_messages_come_in_answers_that_fit_the_connection(cast: Cast) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    sent = [await ada.say(conversation, "\U0001f9d1" * 10_000) for _ in range(40)]
    caller = await Caller.connect(ben.base, ben.token)
    answer = await caller.call("sync", {"versions": {conversation: 1}})
    (difference,) = answer["conversations"]
    assert difference["reset"]
    found = difference["messages"]
    assert found == sent[-len(found) :]
    more = True
    while more:
        before = {"conversation": conversation, "before": found[0]["seq"], "limit": 100}
        page = await caller.call("history", before)
        found, more = page["messages"] + found, page["more"]
    assert found == sent
    around = {"conversation": conversation, "around": sent[20]["seq"], "limit": 100}
    page = await caller.call("history", around)
    assert sent[20] in page["messages"]
    assert page["more"]
    forward: list[Any] = []
    after = 0
    while len(forward) < len(sent):
        page = await caller.call("history", {"conversation": conversation, "after": after})
        forward += page["messages"]
        after = forward[-1]["seq"]
        assert page["more"] is (len(forward) < len(sent))
    assert forward == sent
    await caller.close()
