"""Someone whose devices connect to one process after the other."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass

import pytest
from sqlalchemy import text

from echosphere.accounts import last_seen_of
from echosphere.bus import Cluster
from echosphere.core.caller import Caller
from echosphere.database import Database, Transaction
from echosphere.presence import debounce, tracker
from echosphere.presence.live import PresenceLive, Shown
from echosphere.realtime.delivery import FanOut
from echosphere.realtime.socketio import Audiences
from tests.bus.hub import Hub

ANN = Caller("ann", "session")
GRACE = 0.3


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tracker, "RECONNECT_GRACE", GRACE)
    monkeypatch.setattr(debounce, "MIN_INTERVAL", 0.02)
    monkeypatch.setattr(debounce, "TIMER_SLACK", 0.01)


@dataclass
class Two:
    """The presence of two processes, and what a third one hears that they show of Ann."""

    database: Database
    one: PresenceLive
    other: PresenceLive
    shown: list[str]

    async def until(self, holds: Callable[[], object]) -> None:
        """Wait until a condition holds."""
        async with asyncio.timeout(10):
            while not holds():
                await asyncio.sleep(0.005)


def add_ann(transaction: Transaction) -> None:
    transaction.execute(
        text(
            "INSERT INTO users (id, name, about, role, settings, created_at)"
            " VALUES ('ann', 'Ann', '', 'member', '{}', 1)"
        )
    )


@pytest.fixture
async def two(sqlite_url: str) -> AsyncIterator[Two]:
    """Two processes on one bus."""
    hub, shown = Hub(), list[str]()
    database = Database(sqlite_url)
    await database.start()
    await database.write(add_ann)
    clusters = [Cluster(hub.bus(), "a secret") for _ in range(3)]
    clusters[2].receive("presence shown", Shown, lambda _, one: shown.extend(one.statuses.values()))

    async def nobody(_conversation: str) -> tuple[int, frozenset[str]]:
        return 0, frozenset()

    made = [
        PresenceLive(database, FanOut(Audiences(), nobody, cluster), cluster)
        for cluster in clusters[:2]
    ]
    async with AsyncExitStack() as stack:
        stack.push_async_callback(database.stop)
        for cluster in clusters:
            await cluster.start()
            stack.push_async_callback(cluster.stop)
        for one in made:
            stack.push_async_callback(one.stop)
        two = Two(database, made[0], made[1], shown)
        await two.until(lambda: all(one.size == 3 for one in clusters))
        # Each greeting is answered by what was shown: the last ones are on their way still.
        await asyncio.sleep(0.2)
        yield two


async def test_who_comes_back_to_the_process_they_were_at_is_seen_coming_back(two: Two) -> None:
    two.one._on_connect(ANN, "phone")
    await two.until(lambda: two.shown == ["online"])
    two.one._on_disconnect(ANN, "phone")
    two.other._on_connect(ANN, "phone")
    await asyncio.sleep(2 * GRACE)
    two.other._on_disconnect(ANN, "phone")
    await two.until(lambda: two.shown == ["online", "offline"])
    two.one._on_connect(ANN, "phone")
    await two.until(lambda: two.shown == ["online", "offline", "online"])


async def test_who_reloads_their_page_at_another_process_than_before_is_not_seen_leaving(
    two: Two,
) -> None:
    two.one._on_connect(ANN, "phone")
    await two.until(lambda: two.shown == ["online"])
    two.one._on_disconnect(ANN, "phone")
    two.other._on_connect(ANN, "phone")
    await asyncio.sleep(2 * GRACE)
    two.other._on_disconnect(ANN, "phone")
    await asyncio.sleep(GRACE / 2)
    two.other._on_connect(ANN, "phone")
    await asyncio.sleep(2 * GRACE)
    assert two.shown == ["online"]


async def test_a_process_that_stops_does_not_turn_back_when_someone_was_last_seen(
    two: Two,
) -> None:
    two.one._on_connect(ANN, "phone")
    await two.until(lambda: two.shown == ["online"])
    two.one._on_disconnect(ANN, "phone")
    two.other._on_connect(ANN, "phone")
    await asyncio.sleep(GRACE)
    await two.one.stop()
    assert await two.database.read(last_seen_of, ["ann"]) == {}
