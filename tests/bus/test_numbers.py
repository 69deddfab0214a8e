"""The first envelope on a subject counts as well: what was lost before it is noticed."""

import asyncio

import pytest

from echosphere.bus import cluster as timing
from tests.bus.hub import Hub
from tests.bus.test_cluster import Word, joined
from tests.waiting import until


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what takes seconds take hundredths of them."""
    monkeypatch.setattr(timing, "HEARTBEAT_SECONDS", 0.05)
    monkeypatch.setattr(timing, "ASK_SECONDS", 0.01)


@pytest.mark.parametrize("then", ["nothing", "another"])
async def test_the_first_thing_on_a_subject_is_missed_when_it_is_lost(then: str) -> None:
    hub = Hub()
    async with joined(hub, 2) as (one, other):
        await asyncio.sleep(0.1)  # both have told their numbers
        hub.loses = lambda subject: subject.endswith("c.1")
        one.tell("c.1", "word", Word("lost"))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        hub.loses = lambda _subject: False
        if then == "another":
            one.tell("c.1", "word", Word("next"))
        await until(lambda: other.missed)


async def test_what_was_told_before_a_process_came_is_not_missed_by_it() -> None:
    hub = Hub()
    async with joined(hub, 2) as (one, _other):
        for _ in range(3):
            one.tell("c.1", "word", Word("early"))
            await asyncio.sleep(0.02)
        late = timing.Cluster(hub.bus(), "what all processes of an instance know")
        await late.start()
        await until(lambda: late.size == 3)
        one.tell("c.1", "word", Word("now"))
        one.tell("c.2", "word", Word("now"))
        await asyncio.sleep(0.2)
        assert late.missed == 0
        await late.stop()
