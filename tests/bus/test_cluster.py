"""What processes notice of each other."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec
import pytest

from echosphere.bus import Cluster, SharedMap
from echosphere.bus import cluster as timing
from tests.bus.hub import Hub
from tests.waiting import until

SECRET = "what all processes of an instance know"


class Word(msgspec.Struct, array_like=True, frozen=True):
    """Something to tell."""

    text: str


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what takes seconds take hundredths of them."""
    monkeypatch.setattr(timing, "HEARTBEAT_SECONDS", 0.05)
    monkeypatch.setattr(timing, "SILENCE_SECONDS", 0.4)
    monkeypatch.setattr(timing, "ASK_SECONDS", 0.01)


@asynccontextmanager
async def joined(hub: Hub, count: int, secret: str = SECRET) -> AsyncIterator[list[Cluster]]:
    """Processes that know each other."""
    processes = [Cluster(hub.bus(), secret) for _ in range(count)]
    for one in processes:
        await one.start()
    await until(lambda: all(one.size == count for one in processes))
    yield processes
    for one in processes:
        await one.stop()


async def test_each_knows_how_many_there_are_and_one_is_responsible() -> None:
    hub = Hub()
    async with joined(hub, 3) as processes:
        assert [one.is_first for one in processes].count(True) == 1
        await processes[0].stop()
        await until(lambda: processes[1].size == processes[2].size == 2)
        assert [one.is_first for one in processes[1:]].count(True) == 1
        await processes[0].start()
        await until(lambda: processes[1].size == 3)


async def test_the_log_says_that_two_processes_have_one_name(
    caplog: pytest.LogCaptureFixture,
) -> None:
    hub = Hub()
    processes = [Cluster(hub.bus(), SECRET, label) for label in ("a", "b", "a")]
    for one in processes:
        await one.start()
    await until(lambda: all(one.size == 3 for one in processes))
    for one in processes:
        await one.stop()
    told = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert len(told) == 2, told
    for line in told:  # both of them say so
        assert "Another process is also called a" in line
        assert "ECHOSPHERE_PROCESS_NAME" in line


async def test_the_log_names_a_setting_that_another_process_has_otherwise(
    caplog: pytest.LogCaptureFixture,
) -> None:
    hub = Hub()
    settings = {"A": "one", "B": "two"}
    processes = [
        Cluster(hub.bus(), SECRET, "a", common=settings),
        Cluster(hub.bus(), SECRET, "b", common=settings | {"B": "hidden"}),
        Cluster(hub.bus(), SECRET, "c"),  # of a version that does not say
    ]
    for one in processes:
        await one.start()
    await until(lambda: all(one.size == 3 for one in processes))
    await until(lambda: len(caplog.records) > 0 and "a different B" in caplog.text)
    for one in processes:
        await one.stop()
    told = sorted(one.getMessage() for one in caplog.records if one.levelname == "WARNING")
    assert len(told) == 2, told
    assert (
        told[0]
        == f"The process {processes[0].name} has a different B. Give all processes the same one"
    )
    assert "hidden" not in caplog.text


async def test_what_is_told_in_one_turn_comes_in_its_order() -> None:
    hub, got = Hub(), []
    async with joined(hub, 2) as (one, other):
        other.receive("word", Word, lambda _process, word: got.append(word.text))
        for number in range(100):
            one.tell("c.1", "word", Word(str(number)))
        await until(lambda: len(got) == 100)
        assert got == [str(number) for number in range(100)]
        assert other.missed == 0


async def test_what_is_too_much_for_one_message_of_the_bus_travels_in_several() -> None:
    hub, got = Hub(), []
    async with joined(hub, 2) as (one, other):
        other.receive("word", Word, lambda _process, word: got.append(word.text))
        words = [f"{number} {'x' * 40_000}" for number in range(60)]
        for word in words:
            one.tell("c.1", "word", Word(word))
        await until(lambda: len(got) == len(words) or other.missed)
        assert got == words
        assert other.missed == 0


async def test_a_gap_is_noticed_by_what_comes_next() -> None:
    hub = Hub()
    async with joined(hub, 2) as (one, other):
        one.tell("c.1", "word", Word("first"))
        await asyncio.sleep(0.02)
        hub.loses = lambda subject: subject.endswith("c.1")
        one.tell("c.1", "word", Word("lost"))
        await asyncio.sleep(0.02)
        hub.loses = lambda _subject: False
        one.tell("c.1", "word", Word("next"))
        await until(lambda: other.missed == 1)


async def test_the_last_thing_that_was_lost_is_noticed_by_the_heartbeat() -> None:
    hub, told = Hub(), []
    async with joined(hub, 2) as (one, other):
        other.on_missed(lambda: told.append("missed"))
        one.tell("c.1", "word", Word("first"))
        await asyncio.sleep(0.02)
        hub.loses = lambda subject: subject.endswith("c.1")
        one.tell("c.1", "word", Word("lost, and nothing comes after it"))
        await until(lambda: told)
        assert told == ["missed"]


async def test_a_silent_process_counts_as_gone_and_its_last_messages_as_missed() -> None:
    hub = Hub()
    left: list[str] = []
    async with joined(hub, 2) as (one, other):
        other.on_left(left.append)
        hub.loses = lambda _subject: True
        await until(lambda: other.size == 1)
        assert left == [one.name]
        assert other.missed
        missed = other.missed
        hub.loses = lambda _subject: False
        await until(lambda: other.size == 2)
        assert other.missed > missed, "it spoke on while it was not heard"


async def test_a_process_reported_as_ended_is_gone_at_once() -> None:
    hub = Hub()
    processes = [Cluster(hub.bus(), SECRET, label) for label in ("a", "ab", "b")]
    for process in processes:
        await process.start()
    await until(lambda: all(process.size == 3 for process in processes))
    left: list[str] = []
    processes[2].on_left(left.append)
    hub.loses = lambda _subject: True
    processes[2].forget("a")
    assert left == [processes[0].name]
    assert (processes[2].size, processes[2].missed) == (2, 1)
    for process in processes:
        await process.stop()


async def test_a_break_of_the_connection_counts_as_missed() -> None:
    hub = Hub()
    async with joined(hub, 2) as (one, _other):
        hub.members[0].break_connection()
        assert one.missed == 1


async def test_instances_with_other_secrets_do_not_hear_each_other() -> None:
    hub = Hub()
    async with joined(hub, 1) as (one,), joined(hub, 1, "another secret") as (stranger,):
        await asyncio.sleep(0.2)
        assert one.size == stranger.size == 1


async def test_what_cannot_be_read_harms_nothing() -> None:
    hub = Hub()
    async with joined(hub, 2) as (one, other):
        subject = f"{one._prefix}all"
        for data in (b"", b"\xff" * 40, msgspec.msgpack.encode(["x", 1, [["word", 7]]])):
            hub.members[0].publish(subject, one._seal(subject, data) + data)
        await asyncio.sleep(0.05)
        got: list[str] = []
        other.receive("word", Word, lambda _process, word: got.append(word.text))
        one.tell_everybody("word", Word("still here"))
        await until(lambda: got)


@asynccontextmanager
async def overheard(hub: Hub) -> AsyncIterator[tuple[Cluster, list[str], list[tuple[str, bytes]]]]:
    """A process, the words that it believed of another, and that one's envelope with the word "true"."""
    believed: list[str] = []
    async with joined(hub, 2) as (one, other):
        taken: list[tuple[str, bytes]] = []
        publish = hub.members[0].publish

        def listen(subject: str, data: bytes) -> None:
            if subject.endswith("c.1"):
                taken.append((subject, data))
            publish(subject, data)

        hub.members[0].publish = listen  # type: ignore[method-assign]
        other.receive("word", Word, lambda _process, word: believed.append(word.text))
        one.tell("c.1", "word", Word("true"))
        await until(lambda: believed)
        assert believed == ["true"]
        assert other.numbers()["cluster_refused_total"] == 0
        hub.members[0].publish = publish  # type: ignore[method-assign]
        yield other, believed, taken


@pytest.mark.parametrize("how", ["unsealed", "changed", "moved", "repeated", "of another secret"])
async def test_a_stranger_who_can_write_to_the_bus_is_not_believed(how: str) -> None:
    hub = Hub()
    async with overheard(hub) as (other, believed, [(subject, data)]):
        stranger = hub.bus()
        await stranger.start(lambda _subject, _data: None, lambda: None)
        envelope = data[timing.SEAL_BYTES :]
        forged = envelope.replace(b"true", b"lies")
        wrong = Cluster(hub.bus(), "another secret")._seal(subject, forged)
        to, what = {
            "unsealed": (subject, forged),
            "changed": (subject, data.replace(b"true", b"lies")),
            "moved": (subject.replace("c.1", "c.2"), data),
            "repeated": (subject, data),
            "of another secret": (subject, wrong + forged),
        }[how]
        stranger.publish(to, what)
        await until(lambda: other.numbers()["cluster_refused_total"] == 1)
        assert believed == ["true"]
        await stranger.close()


async def test_values_are_shared_told_to_newcomers_and_dropped_with_their_process() -> None:
    hub = Hub()
    processes = [Cluster(hub.bus(), SECRET) for _ in range(2)]
    one, other = (SharedMap("statuses", str, process) for process in processes)
    changed: list[str] = []
    lost: list[str] = []
    other.on_change(changed.append)
    other.on_lost(lost.append)
    await processes[0].start()
    one.set("ann", "online")
    await processes[1].start()
    await until(lambda: list(other.of_others("ann")) == ["online"])
    one.set("ann", "away")
    await until(lambda: list(other.of_others("ann")) == ["away"])
    one.set("ann", None)
    await until(lambda: not other.is_elsewhere("ann"))
    one.set("ben", "online")
    await until(lambda: other.is_elsewhere("ben"))
    await processes[0].stop()
    await until(lambda: not other.is_elsewhere("ben"))
    assert lost == ["ben"]
    assert set(changed) == {"ann", "ben"}
    await processes[1].stop()


async def test_the_values_of_many_people_reach_a_newcomer() -> None:
    hub = Hub()
    processes = [Cluster(hub.bus(), SECRET) for _ in range(2)]
    one, other = (SharedMap("statuses", str, process) for process in processes)
    await processes[0].start()
    people = [f"{number:026d}" for number in range(40_000)]
    for person in people:
        one.set(person, "online")
    await processes[1].start()
    await until(lambda: all(map(other.is_elsewhere, people)) or processes[1].missed)
    assert processes[1].missed == 0
    for process in processes:
        await process.stop()


async def test_values_that_were_lost_on_the_way_are_told_again() -> None:
    hub = Hub()
    async with joined(hub, 2) as processes:
        one, other = (SharedMap("statuses", str, process) for process in processes)
        hub.loses = lambda _subject: True
        one.set("ann", "online")
        await asyncio.sleep(0.01)
        hub.loses = lambda _subject: False
        assert not other.is_elsewhere("ann")
        await until(lambda: other.is_elsewhere("ann"))


async def test_where_no_one_else_can_write_nothing_is_sealed() -> None:
    hub, got = Hub(), []
    hub.is_private = True
    async with joined(hub, 2) as (one, other):
        other.receive("word", Word, lambda _process, word: got.append(word.text))
        assert one._seal("subject", b"envelope") == b""
        one.tell_everybody("word", Word("hello"))
        await until(lambda: got == ["hello"])
        assert other.refused == 0


async def test_a_process_to_which_no_client_connects_does_not_count_among_those_that_share_limits() -> (
    None
):
    hub, counts = Hub(), list[int]()
    async with joined(hub, 2) as (one, other):
        one.on_count(counts.append)
        writing = Cluster(hub.bus(), SECRET, serves=False)
        assert writing.size == 1
        await writing.start()
        await until(lambda: len(one._peers) == len(other._peers) == len(writing._peers) == 2)
        await until(lambda: one.size == other.size == writing.size == 2)
        assert writing.numbers()["cluster_processes"] == 2
        await writing.stop()
        await until(lambda: len(one._peers) == 1)
        assert counts[-1] == 2
