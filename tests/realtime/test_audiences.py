"""Who gets what: audiences follow their versions, keep order, and forget no one and nothing."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any

import pytest

from echosphere.realtime.socketio import Audiences, Options, Server, Socket, event_frame
from echosphere.realtime.socketio import audiences as audiences_module

from .clients import PATIENCE, RawWebSocket, joined, open_polling, open_websocket
from .servers import everybody_has_had_a_turn, quick, serving

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import httpx


class Membership:
    """Stands for the database: the members of each key, and how often it was asked."""

    def __init__(self) -> None:
        self.members: dict[str, tuple[int, set[str]]] = {}
        self.asked: list[str] = []
        self.gate: asyncio.Event | None = None
        self.failing = False

    def change(self, key: str, version: int, *persons: str) -> None:
        self.members[key] = (version, set(persons))

    async def load(self, key: str) -> tuple[int, set[str]]:
        self.asked.append(key)
        if self.gate is not None:
            await self.gate.wait()
        if self.failing:
            raise ConnectionError("the database is away")
        version, persons = self.members[key]
        return version, set(persons)


class Hall:
    """A server whose clients enter as the person they name in `auth`."""

    def __init__(self, options: Options | None = None, **changes: Any) -> None:
        self.server = Server(options or quick(ping_interval=5.0))
        self.audiences = Audiences(
            lambda key: event_frame("behind", {"conversations": [key]}), **changes
        )
        self.database = Membership()
        self.url = ""

        @self.server.on_connect
        async def connect(socket: Socket, auth: Any) -> None:
            self.audiences.add(auth["person"], socket)

    async def enter(self, person: str) -> RawWebSocket:
        return await joined(self.url, auth=f'{{"person":"{person}"}}')

    def deliver(self, key: str, version: int, event: str, *args: object) -> None:
        self.audiences.deliver(key, version, event_frame(event, *args), loader=self.database.load)


@contextlib.asynccontextmanager
async def open_hall(hall: Hall) -> AsyncIterator[Hall]:
    async with serving(hall.server) as url:
        hall.url = url + "/socket.io/"
        yield hall
        hall.audiences.close()


@pytest.fixture
async def hall() -> AsyncIterator[Hall]:
    async with open_hall(Hall()) as opened:
        yield opened


async def events(client: RawWebSocket, count: int) -> list[str]:
    return [str(await client.expect()) for _ in range(count)]


async def nothing_came(*clients: RawWebSocket) -> bool:
    """Whether nothing arrives until the server has answered another question."""
    await everybody_has_had_a_turn()
    return all(client.messages.empty() for client in clients)


async def test_an_event_reaches_every_socket_of_every_person_in_the_audience(hall: Hall) -> None:
    hall.database.change("room", 1, "ann", "ben")
    ann, ann_too, ben = [await hall.enter(name) for name in ("ann", "ann", "ben")]
    outsider = await hall.enter("eve")
    hall.deliver("room", 1, "message", 1)
    for client in (ann, ann_too, ben):
        assert await events(client, 1) == ['42["message",1]']
    assert await nothing_came(outsider)
    assert hall.audiences.deliveries == 3


async def test_an_audience_is_loaded_once_while_its_version_holds(hall: Hall) -> None:
    hall.database.change("room", 1, "ann")
    ann = await hall.enter("ann")
    for number in range(10):
        hall.deliver("room", 1, "message", number)
    assert await events(ann, 10) == [f'42["message",{number}]' for number in range(10)]
    hall.deliver("room", 1, "message", 10)
    await events(ann, 1)
    assert hall.database.asked == ["room"]


async def test_what_is_for_some_of_an_audience_reaches_them_only_and_in_order(hall: Hall) -> None:
    hall.database.change("room", 1, "ann", "ben")
    hall.database.gate = asyncio.Event()
    ann, ben, eve = [await hall.enter(name) for name in ("ann", "ben", "eve")]
    some = frozenset({"ann", "eve"})

    def send(number: int, only: frozenset[str] | None) -> None:
        sent = event_frame("message", number)
        hall.audiences.deliver("room", 1, sent, loader=hall.database.load, only=only)

    for number in range(4):  # they wait until the audience is known
        send(number, some if number % 2 else None)
    hall.database.gate.set()
    assert await events(ann, 4) == [f'42["message",{number}]' for number in range(4)]
    for number in range(4, 8):
        send(number, some if number % 2 else None)
    assert await events(ann, 4) == [f'42["message",{number}]' for number in range(4, 8)]
    assert await events(ben, 4) == [f'42["message",{number}]' for number in range(0, 8, 2)]
    assert await nothing_came(ben, eve)
    assert hall.audiences.deliveries == 12


async def test_whoever_is_named_and_was_removed_gets_nothing(hall: Hall) -> None:
    hall.database.change("room", 1, "ann", "eve")
    ann, eve = await hall.enter("ann"), await hall.enter("eve")
    hall.deliver("room", 1, "message", "before")
    await events(ann, 1)
    await events(eve, 1)
    hall.database.change("room", 2, "ann")
    hall.deliver("room", 2, "member", "eve left")
    both = frozenset({"ann", "eve"})
    typing = event_frame("typing", "ann")
    hall.audiences.deliver("room", 1, typing, loader=hall.database.load, only=both)
    assert await events(ann, 2) == ['42["member","eve left"]', '42["typing","ann"]']
    assert await nothing_came(eve)


async def test_a_removed_person_gets_nothing_after_the_change(hall: Hall) -> None:
    hall.database.change("room", 1, "ann", "eve")
    ann, eve = await hall.enter("ann"), await hall.enter("eve")
    hall.deliver("room", 1, "message", "before")
    await events(ann, 1)
    await events(eve, 1)
    hall.database.change("room", 2, "ann")
    hall.deliver("room", 2, "member", "eve left")
    hall.deliver("room", 2, "message", "after")
    assert len(await events(ann, 2)) == 2
    assert await nothing_came(eve)


async def test_an_older_event_uses_the_newer_audience(hall: Hall) -> None:
    hall.database.change("room", 5, "ann")
    ann, eve = await hall.enter("ann"), await hall.enter("eve")
    hall.deliver("room", 5, "message", "new")
    await events(ann, 1)
    hall.deliver("room", 4, "message", "old")
    assert await events(ann, 1) == ['42["message","old"]']
    assert await nothing_came(eve)
    assert hall.database.asked == ["room"]


async def test_events_wait_behind_the_loading_and_keep_their_order(hall: Hall) -> None:
    hall.database.change("room", 1, "ann")
    hall.database.gate = asyncio.Event()
    ann = await hall.enter("ann")
    for number in range(5):
        hall.deliver("room", 1, "message", number)
    await asyncio.sleep(0.01)
    hall.database.change("room", 2, "ann", "ben")
    hall.deliver("room", 2, "message", 5)
    hall.deliver("room", 1, "message", 6)
    hall.database.gate.set()
    assert await events(ann, 7) == [f'42["message",{number}]' for number in range(7)]


async def test_a_loader_that_answers_an_old_version_is_asked_again(hall: Hall) -> None:
    hall.database.change("room", 1, "ann", "eve")
    ann, eve = await hall.enter("ann"), await hall.enter("eve")
    hall.deliver("room", 2, "message", "for the new members only")
    await asyncio.sleep(0.01)
    assert await nothing_came(ann, eve)
    hall.database.change("room", 2, "ann")
    assert len(await events(ann, 1)) == 1
    assert await nothing_came(eve)
    assert len(hall.database.asked) >= 2


async def test_a_failed_loading_drops_events_and_tells_the_members_later(
    hall: Hall, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(audiences_module, "FAST_RETRIES", (0.001,))
    monkeypatch.setattr(audiences_module, "SLOW_RETRIES", (0.02,))
    hall.database.change("room", 1, "ann", "eve")
    ann, eve = await hall.enter("ann"), await hall.enter("eve")
    hall.deliver("room", 1, "message", "all is well")
    await events(ann, 1)
    await events(eve, 1)

    hall.database.failing = True
    hall.database.change("room", 2, "ann")
    hall.deliver("room", 2, "member", "eve left")
    hall.deliver("room", 2, "message", "lost")
    await asyncio.sleep(0.1)
    assert hall.audiences.dropped == 2
    assert await nothing_came(ann, eve)
    assert "could not be loaded" in caplog.text

    hall.database.failing = False
    assert await events(ann, 1) == ['42["behind",{"conversations":["room"]}]']
    hall.deliver("room", 2, "message", "next")
    assert await events(ann, 1) == ['42["message","next"]']
    assert await nothing_came(eve)


async def test_the_next_event_after_a_failure_comes_behind_the_notice(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audiences_module, "FAST_RETRIES", (0.001,))
    hall.database.change("room", 1, "ann")
    ann = await hall.enter("ann")
    hall.database.failing = True
    hall.deliver("room", 1, "message", "lost")
    await asyncio.sleep(0.05)
    hall.database.failing = False
    hall.deliver("room", 1, "message", "next")
    assert await events(ann, 2) == [
        '42["behind",{"conversations":["room"]}]',
        '42["message","next"]',
    ]


async def test_too_many_waiting_events_are_dropped_not_kept(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audiences_module, "MAX_WAITING_FRAMES", 10)
    hall.database.change("room", 1, "ann")
    hall.database.gate = asyncio.Event()
    ann = await hall.enter("ann")
    for number in range(25):
        hall.deliver("room", 1, "message", number)
    hall.database.gate.set()
    received = await events(ann, 4)
    assert received[0] == '42["behind",{"conversations":["room"]}]'
    assert received[1:] == [f'42["message",{number}]' for number in (22, 23, 24)]


async def test_a_forgotten_audience_is_loaded_before_the_next_event(hall: Hall) -> None:
    hall.database.change("room", 1, "ann", "eve")
    ann, eve = await hall.enter("ann"), await hall.enter("eve")
    hall.deliver("room", 1, "message", 1)
    await events(ann, 1)
    await events(eve, 1)
    hall.database.change("room", 1, "ann")
    hall.audiences.invalidate("room")
    hall.audiences.invalidate("never heard of")
    hall.deliver("room", 1, "message", 2)
    assert await events(ann, 1) == ['42["message",2]']
    assert await nothing_came(eve)


async def test_forgetting_while_loading_loads_again(hall: Hall) -> None:
    hall.database.change("room", 1, "ann", "eve")
    hall.database.gate = asyncio.Event()
    ann, eve = await hall.enter("ann"), await hall.enter("eve")
    hall.deliver("room", 1, "message", 1)
    await asyncio.sleep(0.01)
    hall.audiences.invalidate("room")
    hall.database.gate.set()
    await events(ann, 1)
    await events(eve, 1)
    assert hall.database.asked == ["room", "room"]


async def test_a_batch_keeps_the_order_of_every_key(hall: Hall) -> None:
    hall.database.change("a", 1, "ann", "ben")
    hall.database.change("b", 1, "ann")
    ann, ben = await hall.enter("ann"), await hall.enter("ben")
    for _ in range(2):
        batch = [
            ("a", 1, event_frame("message", "a1")),
            ("a", 1, event_frame("message", "a2")),
            ("b", 1, event_frame("message", "b1")),
            ("a", 1, event_frame("message", "a3")),
        ]
        hall.audiences.deliver_many(batch, loader=hall.database.load)
        received = await events(ann, 4)
        assert [each for each in received if '"a' in each] == [
            f'42["message","a{number}"]' for number in (1, 2, 3)
        ]
        assert await events(ben, 3) == [f'42["message","a{number}"]' for number in (1, 2, 3)]
    hall.database.change("a", 2, "ann")
    batch = [
        ("a", 1, event_frame("message", "a4")),
        ("a", 2, event_frame("message", "a5")),
        ("a", 1, event_frame("message", "a6")),
    ]
    hall.audiences.deliver_many(batch, loader=hall.database.load)
    assert await events(ann, 3) == [f'42["message","a{number}"]' for number in (4, 5, 6)]
    assert await events(ben, 1) == ['42["message","a4"]']
    assert await nothing_came(ben)


async def test_sockets_that_end_leave_and_newcomers_are_seen(hall: Hall) -> None:
    hall.database.change("room", 1, "ann", "ben")
    ann = await hall.enter("ann")
    hall.deliver("room", 1, "message", 1)
    await events(ann, 1)
    assert hall.audiences.is_online("ann")
    assert not hall.audiences.is_online("ben")
    ben = await hall.enter("ben")
    hall.deliver("room", 1, "message", 2)
    assert await events(ben, 1) == ['42["message",2]']
    await events(ann, 1)
    (socket,) = hall.audiences.sockets_of("ann")
    await ann.close()
    async with asyncio.timeout(PATIENCE):
        while hall.audiences.is_online("ann"):
            await asyncio.sleep(0.005)
    hall.audiences.add("ann", socket)
    assert list(hall.audiences.online_users()) == ["ben"]
    hall.deliver("room", 1, "message", 3)
    assert await events(ben, 1) == ['42["message",3]']


async def test_a_socket_that_is_sent_away_gets_nothing_from_that_moment(hall: Hall) -> None:
    hall.database.change("room", 1, "ann", "eve")
    ann, eve = await hall.enter("ann"), await hall.enter("eve")
    hall.deliver("room", 1, "message", 1)
    await events(ann, 1)
    await events(eve, 1)
    for socket in hall.audiences.sockets_of("eve"):
        socket.emit("signed_out", {})
        socket.disconnect()
    hall.deliver("room", 1, "message", 2)
    hall.audiences.send_to_user("eve", event_frame("own", {}))
    assert await events(eve, 2) == ['42["signed_out",{}]', "41"]
    await eve.until_closed()
    assert eve.messages.empty()


async def test_a_socket_that_changes_its_person_gets_only_the_new_ones_events(hall: Hall) -> None:
    ann = await hall.enter("ann")
    (socket,) = hall.audiences.sockets_of("ann")
    hall.audiences.add("ben", socket)
    hall.audiences.send_to_user("ann", event_frame("x", 1))
    hall.audiences.send_to_user("ben", event_frame("x", 2))
    assert await events(ann, 1) == ['42["x",2]']
    hall.audiences.remove(socket)
    hall.audiences.remove(socket)
    assert not hall.audiences.online_users()


async def test_polling_clients_and_clients_that_upgrade_get_the_same_events(
    hall: Hall, http: httpx.AsyncClient
) -> None:
    hall.database.change("room", 1, "ann", "ben")
    polling = await open_polling(http, hall.url)
    await polling.post('40{"person":"ann"}')
    await polling.expect()
    ben = await hall.enter("ben")
    batch = [("room", 1, event_frame("message", number)) for number in (1, 2)]
    hall.audiences.deliver_many(batch, loader=hall.database.load)
    await events(ben, 2)
    received: list[str] = []
    while len(received) < 2:
        received += await polling.expect()
    assert received == ['42["message",1]', '42["message",2]']


async def test_a_client_that_upgrades_is_written_to_directly_from_then_on(
    hall: Hall, http: httpx.AsyncClient
) -> None:
    hall.database.change("room", 1, "ann")
    polling = await open_polling(http, hall.url)
    await polling.post('40{"person":"ann"}')
    await polling.expect()
    hall.deliver("room", 1, "message", 1)
    assert await polling.expect() == ['42["message",1]']
    client = await open_websocket(hall.url, f"EIO=4&transport=websocket&sid={polling.sid}")
    client.send("2probe")
    assert await client.expect() == "3probe"
    hall.deliver("room", 1, "message", 2)
    client.send("5")
    assert await client.expect() == '42["message",2]'
    before = hall.audiences.stats()["bytes_out"]
    hall.deliver("room", 1, "message", 3)
    assert await client.expect() == '42["message",3]'
    assert hall.audiences.stats()["bytes_out"] > before
    await client.close()


async def test_no_one_hears_anything_before_the_connection_is_confirmed() -> None:
    hall = Hall()
    entered = asyncio.Event()
    gate = asyncio.Event()

    @hall.server.on_connect
    async def connect(socket: Socket, auth: Any) -> None:
        hall.audiences.add(auth["person"], socket)
        entered.set()
        await gate.wait()

    async with open_hall(hall):
        hall.database.change("room", 1, "ann")
        entering = asyncio.create_task(hall.enter("ann"))
        await entered.wait()
        hall.deliver("room", 1, "message", "early")
        await asyncio.sleep(0.01)
        gate.set()
        ann = await entering
        assert await events(ann, 1) == ['42["message","early"]']
        hall.deliver("room", 1, "message", "later")
        assert await events(ann, 1) == ['42["message","later"]']


async def test_only_so_many_audiences_are_kept() -> None:
    async with open_hall(Hall(max_keys=3)) as hall:
        ann = await hall.enter("ann")
        for number in (0, 1, 2, 3, 3, 0):
            hall.database.change(f"room {number}", 1, "ann")
            hall.deliver(f"room {number}", 1, "message", number)
            assert await events(ann, 1) == [f'42["message",{number}]']
        assert hall.database.asked == ["room 0", "room 1", "room 2", "room 3", "room 0"]
