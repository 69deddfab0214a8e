"""What other processes tell is delivered as it was told: in order, and together what came together."""

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import msgspec
import pytest

from echosphere.bus import Cluster
from echosphere.realtime.delivery import ToEverybody, ToMembers, ToUser
from echosphere.realtime.delivery import ordering as timing
from echosphere.realtime.delivery.relay import Relay
from echosphere.realtime.socketio import Audiences, Frame
from tests.bus.hub import Hub
from tests.bus.test_cluster import SECRET
from tests.waiting import until

NAME = re.compile(rb'42\["([^"]+)"')


class Ear:
    """Stands for a socket: what was written to it, and in how many writes."""

    is_closed = False
    audiences: Audiences | None = None

    def __init__(self) -> None:
        self.writes: list[bytes] = []

    def direct_write(self) -> Callable[[bytes], None]:
        return self.writes.append

    def send(self, frame: Frame) -> None:
        self.writes.append(frame.wire)

    @property
    def events(self) -> list[str]:
        """The names of the events, in the order in which they came."""
        return [one.decode() for one in NAME.findall(b"".join(self.writes))]


class Process:
    """One process of two, with the ears of Ann and Ben."""

    def __init__(self, hub: Hub) -> None:
        self.loads = 0
        self.cluster = Cluster(hub.bus(), SECRET)
        self.audiences = Audiences()
        self.relay = Relay(self.cluster, self.audiences, self._load)
        self.ears = {name: Ear() for name in ("ann", "ben")}

    async def _load(self, _conversation: str) -> tuple[int, frozenset[str]]:
        self.loads += 1
        return 1, frozenset(self.ears)

    def listen(self) -> None:
        for name, ear in self.ears.items():
            self.audiences.add(name, ear)  # type: ignore[arg-type]


@asynccontextmanager
async def two() -> AsyncIterator[tuple[Process, Process]]:
    """Two processes; clients are connected to the second one only."""
    hub = Hub()
    both = Process(hub), Process(hub)
    for one in both:
        await one.cluster.start()
    await until(lambda: all(one.cluster.size == 2 for one in both))
    both[1].listen()
    yield both
    for one in both:
        one.relay.close()
        one.audiences.close()
        await one.cluster.stop()


class Payload(msgspec.Struct):
    """Says which version the conversation has with it."""

    version: int


def message(version: int, only: frozenset[str] | None = None, *, where: str = "talk") -> ToMembers:
    return ToMembers(where, 1, f"message {version}", Payload(version), only)


async def test_what_came_together_is_one_write_for_each_socket() -> None:
    async with two() as (one, other):
        one.relay.send([message(1)])
        await until(lambda: "message 1" in other.ears["ben"].events)
        for ear in other.ears.values():
            ear.writes.clear()
        one.relay.send([message(version) for version in range(2, 7)])
        await until(lambda: "message 6" in other.ears["ben"].events)
        for ear in other.ears.values():
            assert len(ear.writes) == 1
            assert ear.events == [f"message {number}" for number in range(2, 7)]


async def test_what_is_for_some_or_for_a_user_keeps_its_place_among_the_rest() -> None:
    async with two() as (one, other):
        other.relay.send([message(1)])
        await until(lambda: "message 1" in other.ears["ann"].events)
        other.relay.send(
            [
                message(2),
                message(2, frozenset({"ben"})),
                ToUser("ann", "for ann", {}),
                message(3),
                ToEverybody("for all", {}),
            ]
        )
        some = ["message 1", "message 2"]
        rest = ["message 3", "for all"]
        assert other.ears["ann"].events == [*some, "for ann", *rest]
        assert other.ears["ben"].events == [*some, "message 2", *rest]
        assert one.loads == 0


async def test_what_had_to_wait_for_another_is_sent_with_it_or_after_a_moment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(timing, "HOLD_SECONDS", 0.5)
    async with two() as (_one, other):
        ben = other.ears["ben"]
        other.relay.send([message(1)])
        await until(lambda: ben.events == ["message 1"])
        other.relay.send([message(3)])
        assert ben.events == ["message 1"]
        other.relay.send([message(7, where="elsewhere")])
        await until(lambda: ben.events == ["message 1", "message 7"])
        other.relay.send([message(2)])
        assert ben.events[2:] == ["message 2", "message 3"]
        assert len(ben.writes) == 3
        other.relay.send([message(5)])
        await until(lambda: ben.events[4:] == ["message 5"])


async def test_a_process_without_clients_asks_for_no_ones_members() -> None:
    async with two() as (one, other):
        one.relay.send([message(1)])
        await until(lambda: "message 1" in other.ears["ben"].events)
        assert (one.loads, other.loads) == (0, 1)
