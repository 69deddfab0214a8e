"""What joins workers to the process that writes: events before answers, and no command lost at its end."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from echosphere.database import Command, CommandServer, RemoteWriter, Transaction, WriteState
from echosphere.workers import command_links
from echosphere.workers.command_links import LinksToWorkers, LinkToWriter
from echosphere.workers.handover import COMMAND_LINK, Handed
from tests.waiting import until


class SayAgain(Command[str]):
    """Return a word."""

    word: str

    def run(self, _transaction: Transaction) -> str:
        """Return it."""
        return self.word


class Joined:
    """A worker and the process that writes, with a pair of sockets between them."""

    def __init__(self, write: Callable[[Command[Any]], Awaitable[Any]]) -> None:
        self.seen: list[object] = []
        self.broken = 0
        self.writer = RemoteWriter()
        self.link = LinkToWriter(self.writer, self.seen.append, self._break)
        self.links = LinksToWorkers()
        self.links.server = CommandServer(write, WriteState())
        self.links.server.start()

    def _break(self) -> None:
        self.broken += 1

    async def join(self) -> socket.socket:
        """Give both a new pair; return the end of the process that writes."""
        one, other = socket.socketpair()
        await self.links.add(Handed(COMMAND_LINK, one, "worker", b""))
        await self.link.add(Handed(COMMAND_LINK, other, "writer", b""))
        await self.links.wait_for(1)
        return one

    async def ask(self, word: str) -> str:
        """Have a command run, and note when its answer came."""
        answer = await self.writer.submit(SayAgain(word))
        self.seen.append(answer)
        return answer

    async def close(self) -> None:
        """End both."""
        await self.link.close()
        await self.links.close()


async def test_the_events_of_a_command_come_before_its_answer() -> None:
    async def write(command: Command[Any]) -> Any:
        joined.links.publish(f"event of {command.word}".encode())  # type: ignore[attr-defined]
        return command.word  # type: ignore[attr-defined]

    joined = Joined(write)
    await joined.join()
    assert joined.link.is_linked.is_set()
    assert await asyncio.gather(*(joined.ask(str(number)) for number in range(3))) == list("012")
    assert joined.seen[:3] == [b"event of 0", b"event of 1", b"event of 2"]
    await joined.close()


async def test_who_stops_writing_answers_what_came_and_the_rest_goes_to_the_next() -> None:
    gate = asyncio.Event()

    async def write(command: Command[Any]) -> Any:
        await gate.wait()
        return command.word  # type: ignore[attr-defined]

    joined = Joined(write)
    await joined.join()
    begun = asyncio.ensure_future(joined.ask("begun"))
    await until(lambda: joined.links.server._running > 0)
    stopping = asyncio.ensure_future(joined.links.drain())
    await until(lambda: joined.writer._send is None)
    later = asyncio.ensure_future(joined.ask("later"))
    gate.set()
    await stopping
    assert await begun == "begun"
    await joined.links.close()
    assert not later.done()
    await until(lambda: not joined.link._stopping)
    assert joined.broken == 0
    await joined.join()
    assert await later == "later"
    await joined.close()


async def test_a_worker_that_does_not_read_does_not_keep_it_from_stopping(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(command_links, "LAST_COMMANDS_SECONDS", 0.02)
    joined = Joined(lambda command: command)  # type: ignore[arg-type, return-value]
    one, other = socket.socketpair()
    with other:
        await joined.links.add(Handed(COMMAND_LINK, one, "worker", b""))
        await joined.links.drain()
        await joined.close()
        assert joined.broken == 0


async def test_a_connection_that_breaks_is_told_and_another_one_takes_its_place() -> None:
    async def write(command: Command[Any]) -> Any:
        return command.word  # type: ignore[attr-defined]

    joined = Joined(write)
    await joined.join()
    await joined.links.close()
    await until(lambda: joined.broken == 1)
    waiting = asyncio.ensure_future(joined.ask("still"))
    await joined.join()
    assert await waiting == "still"
    await joined.close()


async def test_for_a_process_that_reads_nothing_commands_wait_where_they_are_given_up() -> None:
    async def write(command: Command[Any]) -> Any:
        return command.word[:1]  # type: ignore[attr-defined]

    joined = Joined(write)
    await joined.join()
    [stream] = joined.links._streams
    assert stream._transport is not None
    stream._transport.pause_reading()  # type: ignore[attr-defined]
    asked: list[asyncio.Future[str]] = []
    while len(asked) < 100 and joined.writer.queue()[0] == 0:
        asked.append(joined.writer.submit(SayAgain("x" * 100_000)))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    assert len(asked) < 100
    stream._transport.resume_reading()  # type: ignore[attr-defined]
    assert await asyncio.gather(*asked) == ["x"] * len(asked)
    assert joined.writer.queue()[0] == 0
    await joined.close()
