"""Changes that one process committed and the others never received are found in the database."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from echosphere.bus import Cluster, WorkerIdentity
from echosphere.core.clock import MINUTE, Clock, system_clock
from echosphere.realtime.delivery import sweep as timing
from echosphere.realtime.delivery.relay import ChangedConversation
from echosphere.realtime.delivery.sweep import Marks, Sweep
from tests.bus.hub import Hub
from tests.cluster.processes import at_base
from tests.product.conftest import Running, settings_for
from tests.product.groups import found
from tests.product.people import Person, Socket, people_on
from tests.product.statements import noted_statements

SOME_SWEEPS = 0.7


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what takes seconds take parts of one."""
    monkeypatch.setattr(timing, "INTERVAL", 0.15)
    monkeypatch.setattr(timing, "GRACE_SECONDS", 0.1)


class Pair:
    """Two processes of one instance on the test's loop, and the first one's words to the other."""

    def __init__(self, data: Path, url: str, clock: Clock) -> None:
        hub = Hub()
        self.servers = [
            Running(
                settings_for(data, url),
                clock=own_clock,
                worker=WorkerIdentity(name, 1, hub.bus()),
            )
            for name, own_clock in (("a", clock), ("b", system_clock))
        ]
        self.addresses: list[str] = []

    def fall_silent(self) -> None:
        """Let the first process tell nothing of conversations any more, and number nothing either."""
        cluster = self._cluster()
        tell = cluster.tell

        def tell_less(subject: str, kind: str, body: msgspec.Struct) -> None:
            if kind not in ("members", "users"):
                tell(subject, kind, body)

        cluster.tell = tell_less  # type: ignore[method-assign]

    def found(self) -> float:
        """Return how many conversations the second process has found."""
        return self.servers[1].application.platform.numbers()["cluster_undelivered_total"]

    def _cluster(self) -> Cluster:
        cluster = self.servers[0].application.platform.cluster
        assert cluster is not None
        return cluster


@asynccontextmanager
async def two(folder: Path, url: str, clock: Clock = system_clock) -> AsyncIterator[Pair]:
    """Two processes that serve."""
    pair = Pair(folder / "data", url, clock)
    pair.addresses = [await server.start() for server in pair.servers]
    try:
        yield pair
    finally:
        for server in pair.servers:
            await server.stop()


@asynccontextmanager
async def swept(
    folder: Path, url: str, clock: Clock = system_clock
) -> AsyncIterator[tuple[Pair, str, Person, Person, Socket]]:
    """A group of Ann, who acts at the silent process, and Ben, who is connected to the other one."""
    async with (
        two(folder, url, clock) as pair,
        people_on(pair.addresses[0], "Ann", "Ben") as (ann, ben),
    ):
        group = await found(ann, ben)
        elsewhere = at_base(pair.addresses[1], ben)
        there = await elsewhere.connect()
        await ann.say(group, "heard")
        await there.next("message")
        await asyncio.sleep(SOME_SWEEPS)
        pair.fall_silent()
        yield pair, group, ann, elsewhere, there
        await elsewhere.close()


def behind(socket: Socket) -> list[list[str]]:
    """Return of which conversations it was told, each time."""
    return [event["conversations"] for event in socket.of("behind")]


@pytest.mark.parametrize("is_swept", [True, False])
async def test_a_message_that_was_never_told_is_found(
    tmp_path: Path, postgresql_url: str, monkeypatch: pytest.MonkeyPatch, *, is_swept: bool
) -> None:
    if not is_swept:  # the control
        monkeypatch.setattr(timing, "INTERVAL", 10_000)
    async with swept(tmp_path, postgresql_url) as (pair, group, ann, ben, there):
        said = await ann.say(group, "never told")
        if is_swept:
            assert (await there.next("behind"))["conversations"] == [group]
        await asyncio.sleep(SOME_SWEEPS)
        assert [event["message"]["body"] for event in there.of("message")] == ["heard"]
        assert behind(there) == ([[group]] if is_swept else []), "once, and not again and again"
        assert pair.found() == int(is_swept)
        held = {group: said["version"] - 1}
        answer = await ben.post("/sync", {"versions": held}, 200)
        bodies = [one["body"] for one in answer["conversations"][0]["messages"]]
        assert bodies == ["never told"]


@pytest.mark.parametrize("minutes", [-5, 5])
async def test_the_clocks_of_the_machines_do_not_matter(
    tmp_path: Path, postgresql_url: str, minutes: int
) -> None:
    def clock() -> int:
        return system_clock() + minutes * MINUTE

    async with swept(tmp_path, postgresql_url, clock) as (_, group, ann, _ben, there):
        await ann.say(group, "never told")
        assert (await there.next("behind"))["conversations"] == [group]


async def test_changes_of_all_kinds_are_found(tmp_path: Path, postgresql_url: str) -> None:
    async with swept(tmp_path, postgresql_url) as (_, group, ann, ben, there):
        path = f"/conversations/{group}"
        message = f"{path}/messages/3"

        async def start() -> None:
            told = {"kind": "group", "title": "Another", "members": [ben.id]}
            await ann.post("/conversations", told)

        acts: Sequence[Any] = [
            lambda: ann.patch(message, {"body": "edited"}),
            lambda: ann.put(f"{message}/reactions/👍", None, 200),
            lambda: ann.patch(path, {"title": "Renamed"}),
            lambda: ann.delete(message, 200),
            start,
            lambda: ann.delete(f"{path}/members/{ben.id}"),
        ]
        for number, act in enumerate(acts, 1):
            await act()
            async with asyncio.timeout(30):
                while len(behind(there)) < number:
                    await asyncio.sleep(0.02)
        assert behind(there).count([group]) == len(acts) - 1
        answer = await ben.post("/sync", {"versions": {group: 3}}, 200)
        assert answer["gone"] == [group], "who was put out learns that, and nothing else"
        await ann.say(group, "after it")
        await asyncio.sleep(SOME_SWEEPS)
        assert len(behind(there)) == len(acts)


async def test_no_one_is_told_when_nothing_was_lost(tmp_path: Path, postgresql_url: str) -> None:
    async with (
        two(tmp_path, postgresql_url) as pair,
        people_on(pair.addresses[0], "Ann", "Ben") as (ann, ben),
    ):
        group = await found(ann, ben)
        elsewhere = at_base(pair.addresses[1], ben)
        there = await elsewhere.connect()
        for number in range(20):
            said = await ann.say(group, f"number {number}")
            await elsewhere.put(
                f"/conversations/{group}/messages/{said['seq']}/reactions/👍", None, 200
            )
            await asyncio.sleep(0.05)
        await asyncio.sleep(SOME_SWEEPS)
        assert behind(there) == []
        assert pair.found() == 0
        await elsewhere.close()


async def test_a_process_alone_does_not_sweep(tmp_path: Path, postgresql_url: str) -> None:
    with noted_statements() as statements:
        asked: list[str] = []
        statements.note = asked.append  # type: ignore[method-assign, assignment]
        server = Running(settings_for(tmp_path / "data", postgresql_url))
        await server.start()
        await asyncio.sleep(SOME_SWEEPS)
        assert "cluster_undelivered_total" not in server.application.platform.numbers()
        await server.stop()
    assert asked
    assert not [sql for sql in asked if "recently_changed" in sql]


class Database:
    """Rows whose numbers are given before they are committed, as PostgreSQL does it."""

    def __init__(self) -> None:
        self.now = 0.0
        self.rows: dict[int, tuple[str, int, int]] = {}
        self.asked: list[Marks | None] = []
        self.told: list[ChangedConversation] = []

    async def find(self, marks: Marks | None) -> tuple[Marks, list[tuple[str, int, int]]]:
        """Return the rows above a number, and the highest number."""
        self.asked.append(marks)
        high = max(self.rows, default=0)
        if marks is None:
            return (high, 0), []
        return (high, 0), [row for number, row in self.rows.items() if number > marks[0]]

    async def nobody(self, _conversation: str, _since: int) -> list[str]:
        return []

    def latest(self, conversation: str) -> int:
        return max((one.version for one in self.told if one.id == conversation), default=0)

    def tell_behind(self, changed: ChangedConversation, _left: object) -> None:
        self.told.append(changed)

    def begin_again(self) -> None:
        self.told.clear()


@pytest.fixture
def database() -> Database:
    return Database()


@pytest.fixture
def sweep(database: Database, monkeypatch: pytest.MonkeyPatch) -> Sweep:
    monkeypatch.setattr(timing, "GRACE_SECONDS", 0)
    monkeypatch.setattr(timing, "SPREAD_SECONDS", 0)
    relay: Any = database
    return Sweep(relay, database.find, database.nobody, clock=lambda: database.now)


@pytest.mark.parametrize("away", [0.0, 300.0], ids=["", "the database was away meanwhile"])
async def test_a_write_that_is_committed_after_later_ones_is_found(
    database: Database, sweep: Sweep, away: float
) -> None:
    database.rows[100] = ("old", 7, 1)
    for second in range(0, 30, 5):
        database.now = float(second)
        await sweep.sweep()
    # 101 is given now, and 102 to 110 are committed before it.
    for number in range(102, 111):
        database.rows[number] = (f"quick {number}", 1, 1)
        database.now += 1
        await sweep.sweep()
    database.now += away
    database.rows[101] = ("slow", 3, 1)
    await sweep.sweep()
    assert ChangedConversation("slow", 3, 1) in database.told
    assert len(database.told) == 10, "each once"
    assert ChangedConversation("old", 7, 1) not in database.told


async def test_what_was_looked_at_long_ago_is_not_read_again(
    database: Database, sweep: Sweep
) -> None:
    for number in range(1, 100):
        database.now += 5
        database.rows[number] = (f"{number}", 1, 1)
        await sweep.sweep()
        low = database.asked[-1]
        assert low is None or number - low[0] <= 5
        assert len(sweep._earlier) <= 5


async def test_after_a_failover_numbers_that_are_given_again_are_looked_at(
    database: Database, sweep: Sweep
) -> None:
    database.rows = {number: ("lost", number, 1) for number in range(1, 51)}
    await sweep.sweep()
    await sweep.sweep()
    database.rows = {20: ("kept", 1, 1)}
    sweep.begin_again()
    await sweep.sweep()
    database.rows[21] = ("new", 1, 1)
    database.now += 1
    await sweep.sweep()
    assert database.told == [ChangedConversation("new", 1, 1)]
