"""What a parent does for workers of which one writes."""

import asyncio
import signal
import socket
from functools import partial
from pathlib import Path

import pytest

from echosphere.settings import load_settings
from echosphere.workers import Parent
from echosphere.workers.connection_distributor import ConnectionDistributor
from echosphere.workers.handover import COMMAND_LINK, HTTP, Handed, Handover
from echosphere.workers.joining import Role
from echosphere.workers.message_stream import ALIVE, TURN, UNJOINED, MessageStream
from echosphere.workers.worker import Worker
from tests.waiting import until


class Kept:
    """A worker that a parent keeps, here in its process, and the connections that it was given."""

    def __init__(self, name: str, role: Role) -> None:
        self.given: list[Handed] = []
        ends = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.worker = Worker(name, role, counts=True)
        self.worker.handover = Handover(ends[0], lambda _handed: None)
        self._handover = Handover(ends[1], self.given.append)
        self._handover.start()

    def close(self) -> None:
        """Let go of all sockets."""
        self.worker.handover.close()
        self._handover.close()
        for handed in self.given:
            handed.connection.close()


async def test_a_worker_whose_connection_to_the_one_that_writes_broke_gets_another(
    tmp_path: Path,
) -> None:
    parent = Parent(load_settings({"ECHOSPHERE_DATA": str(tmp_path)}), 1, lambda _port, _link: None)
    reader, spare, writer = (
        Kept("reader", Role.READS),
        Kept("spare", Role.WRITES),
        Kept("writer", Role.WRITES),
    )
    writer.worker.has_turn = True
    parent._workers.extend(one.worker for one in (reader, spare, writer))
    parent._heard(reader.worker, UNJOINED, b"")
    await until(lambda: bool(reader.given and writer.given))
    assert spare.given == []
    [to_writer], [to_reader] = reader.given, writer.given
    assert (to_writer.kind, to_writer.worker) == (COMMAND_LINK, "writer")
    assert (to_reader.kind, to_reader.worker) == (COMMAND_LINK, "reader")
    to_writer.connection.send(b"a command")
    assert to_reader.connection.recv(100) == b"a command"
    for one in (reader, spare, writer):
        one.close()
    parent._heard(reader.worker, UNJOINED, b"")  # both have ended: no one is given anything
    assert len(reader.given) == 1


class NotedStream(MessageStream):
    """A stream of which only what kinds of messages were sent is known."""

    def __init__(self) -> None:
        super().__init__(lambda _kind, _data: None, lambda: None)
        self.kinds: list[bytes] = []

    def send(self, kind: bytes, _data: bytes = b"") -> None:
        """Note the kind."""
        self.kinds.append(kind)


async def test_no_one_gets_the_turn_to_write_while_another_process_writes(tmp_path: Path) -> None:
    parent = Parent(load_settings({"ECHOSPHERE_DATA": str(tmp_path)}), 1, lambda _port, _link: None)
    old, new = Kept("old", Role.WRITES), Kept("new", Role.WRITES)
    old.worker.has_turn = True
    new.worker.stream = stream = NotedStream()
    parent._workers.extend((old.worker, new.worker))
    new.worker.stands_by.set()
    giving = asyncio.create_task(parent._give_turn(new.worker))
    for _ in range(5):
        await asyncio.sleep(0)
    assert not new.worker.has_turn
    assert stream.kinds == []
    parent._workers.remove(old.worker)
    old.worker.ended.set()
    await giving
    assert stream.kinds == [TURN]
    for one in (old, new):
        one.close()


def parent_of(workers: list[Worker], folder: Path) -> Parent:
    """Return a parent with these workers, which serve."""
    settings = {"ECHOSPHERE_DATA": str(folder), "ECHOSPHERE_WORKER_SILENCE_SECONDS": "5"}
    parent = Parent(load_settings(settings), 1, lambda _port, _link: None)
    parent._workers.extend(workers)
    return parent


class Signalled(Worker):
    """A worker without a process, which notes the signals that it is sent."""

    def __init__(self, name: str, role: Role = Role.READS) -> None:
        super().__init__(name, role, counts=True)
        self.serves = True
        self.signals: list[signal.Signals] = []

    def signal(self, number: signal.Signals) -> None:
        """Note it."""
        self.signals.append(number)


def test_who_is_silent_at_too_many_looks_is_killed_once_and_who_starts_is_not(
    tmp_path: Path,
) -> None:
    hanging, speaking, starting = Signalled("a"), Signalled("b", Role.WRITES), Signalled("c")
    starting.serves = False
    parent = parent_of([hanging, speaking, starting], tmp_path)
    for _ in range(5):
        parent._end_who_hang()
        parent._heard(speaking, ALIVE, b"")
    assert hanging.signals == []
    for _ in range(5):
        parent._end_who_hang()
        parent._heard(speaking, ALIVE, b"")
    assert [one.signals for one in (hanging, speaking, starting)] == [[signal.SIGKILL], [], []]
    assert not hanging.serves


def test_others_get_new_connections_before_one_that_is_silent(tmp_path: Path) -> None:
    idle, busy = Signalled("idle", Role.EQUAL), Signalled("busy", Role.EQUAL)
    busy.load = 100
    parent = parent_of([busy, idle], tmp_path)
    handed = Handed(HTTP, socket.socket(), "", b"")
    takers = ConnectionDistributor(parent._workers, parent._tasks, one_writes=False)._takers
    with handed.connection:
        assert takers(handed) == [idle, busy]
        for _ in range(4):
            parent._end_who_hang()
            parent._heard(busy, ALIVE, b"")
        assert takers(handed) == [busy, idle]
        parent._heard(idle, ALIVE, b"")
        assert takers(handed) == [idle, busy]


async def test_workers_that_cannot_start_do_not_delay_the_one_that_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parent = parent_of([], tmp_path)
    waits: list[float] = []

    async def wait(seconds: float) -> None:
        waits.append(seconds)

    async def start() -> None:
        return None

    monkeypatch.setattr(asyncio, "sleep", wait)
    monkeypatch.setattr(parent, "_start", start)
    monkeypatch.setattr(parent, "_start_writer", start)
    for _ in range(12):
        await parent._replace(Signalled("reader"), 1)
    await parent._replace(Signalled("writer", Role.WRITES), -9)
    assert waits[-2:] == [30.0, 0.4]


def has_been_given(kept: Kept, count: int) -> bool:
    """Whether a worker was given so many connections."""
    return len(kept.given) == count


async def test_a_client_who_goes_at_once_does_not_keep_the_next_from_coming(tmp_path: Path) -> None:
    parent = Parent(load_settings({"ECHOSPHERE_DATA": str(tmp_path)}), 1, lambda _port, _link: None)
    reader = Kept("reader", Role.READS)
    reader.worker.serves = True
    parent._workers.append(reader.worker)
    # A socket on which TCP's options cannot be set stands for that of a client who has gone.
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "listening"))
        listening.listen()
        listening.setblocking(False)
        accepting = asyncio.create_task(parent._distributor.accept(listening, HTTP))
        for count in (1, 2):
            with socket.socket(socket.AF_UNIX) as client:
                client.connect(str(tmp_path / "listening"))
            await until(partial(has_been_given, reader, count))
        accepting.cancel()
    reader.close()
