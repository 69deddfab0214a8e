"""What a parent does for workers of which one writes."""

import asyncio
import socket
from functools import partial
from pathlib import Path

from echosphere.settings import load_settings
from echosphere.workers import Parent
from echosphere.workers.handover import COMMAND_LINK, HTTP, Handed, Handover
from echosphere.workers.joining import Role
from echosphere.workers.message_stream import TURN, UNJOINED, MessageStream
from echosphere.workers.parent import Worker
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
    parent._heard(reader.worker, UNJOINED, b"")  # both have ended: nobody is given anything
    assert len(reader.given) == 1


class NotedStream(MessageStream):
    """A stream of which only what kinds of messages were sent is known."""

    def __init__(self) -> None:
        super().__init__(lambda _kind, _data: None, lambda: None)
        self.kinds: list[bytes] = []

    def send(self, kind: bytes, _data: bytes = b"") -> None:
        """Note the kind."""
        self.kinds.append(kind)


async def test_nobody_gets_the_turn_to_write_while_another_process_writes(tmp_path: Path) -> None:
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
        accepting = asyncio.create_task(parent._accept(listening, HTTP))
        for count in (1, 2):
            with socket.socket(socket.AF_UNIX) as client:
                client.connect(str(tmp_path / "listening"))
            await until(partial(has_been_given, reader, count))
        accepting.cancel()
    reader.close()
