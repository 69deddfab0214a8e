"""A worker's side of what joins it to its parent."""

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial

from echosphere.bus import WorkerIdentity
from echosphere.core.background import BackgroundTasks
from echosphere.database import CommandServer, FileClaim, RemoteWriter, SharedFile
from echosphere.workers.command_links import LinksToWorkers, LinkToWriter
from echosphere.workers.handover import COMMAND_LINK, Handed, Handover
from echosphere.workers.heartbeat import HEARTBEAT_SECONDS
from echosphere.workers.joining import Joining, Role
from echosphere.workers.message_stream import (
    ALIVE,
    ENDED,
    EVENT,
    LEAVE,
    LOAD,
    READY,
    REPORT,
    STANDBY,
    TOTAL,
    TURN,
    UNJOINED,
    MessageStream,
)
from echosphere.workers.parent_bus import ParentBus

CLOSE_SECONDS = 2.0
TOTAL_SECONDS = 5.0
"""Seconds for the metrics of all workers."""


class ParentLink:
    """What a worker says to its parent, and hears of it.

    Args:
        joined: What the parent gave to it; see `Joining`.

    Attributes:
        identity: This worker among those of its parent.
        on_leave: Called when it is to let its clients go one by one, and end.
        on_ended: Called with the name of another worker that has ended.
        on_parent_ended: Called when the parent is gone.
        report: Returns its metrics.
    """

    def __init__(self, joined: str) -> None:
        given = Joining.decode(joined)
        self._given = given
        self._end = _own(given.stream)
        self._handover = Handover(_own(given.handover), self._received)
        self._stream = MessageStream(self._heard, self._closed)
        self._to_workers = LinksToWorkers() if given.role is Role.WRITES else None
        publish = partial(self._stream.send, EVENT)
        self._bus = ParentBus(publish if self._to_workers is None else self._to_workers.publish)
        shared_file, self._to_writer = None, None
        if given.role is Role.READS:
            writer = RemoteWriter()
            shared_file = SharedFile(writer)
            self._to_writer = LinkToWriter(writer, self._bus.received, self._unjoined)
        elif given.role is Role.WRITES:
            os.set_inheritable(given.lock, False)  # it is held until this process ends
            shared_file = SharedFile(claim=FileClaim(given.was_unclean))
        self.identity = WorkerIdentity(given.name, given.group, self._bus, shared_file)
        self.on_connection: Callable[[Handed], None] = lambda handed: handed.connection.close()
        self.on_leave: Callable[[], None] = lambda: None
        self.on_ended: Callable[[str], None] = lambda _name: None
        self.on_parent_ended: Callable[[], None] = lambda: os._exit(1)
        self.report: Callable[[], bytes] = lambda: b""
        self._has_closed = asyncio.Event()
        self._closing = False
        self._total: asyncio.Future[bytes] | None = None
        self._telling: asyncio.Task[None] | None = None
        self._turn: asyncio.Future[int] | None = None
        self._tasks = BackgroundTasks()

    @property
    def writes(self) -> bool:
        """Whether this is the process that writes for the others."""
        return self._to_workers is not None

    async def open(self) -> None:
        """Begin to speak with the parent."""
        self._turn = asyncio.get_running_loop().create_future()
        await self._stream.open(self._end)
        self._handover.start()

    async def join_writing(self, check: Callable[[bool], Awaitable[object]]) -> None:
        """Wait until this process may write, or is joined to the one that does.

        Args:
            check: Refuses a process that cannot take another one's place, which may still write.
        """
        if self._to_workers is not None and self._turn is not None:
            if self._given.others_run:
                await check(self._given.another_writes)
            self._stream.send(STANDBY)
            await self._to_workers.wait_for(await self._turn)
        elif self._to_writer is not None:
            await self._to_writer.is_linked.wait()

    def run_commands(self, server: CommandServer) -> None:
        """Have this run the commands of the workers."""
        if self._to_workers is not None:
            self._to_workers.server = server

    async def drain_commands(self) -> None:
        """Take no more commands of the workers, and answer those that came."""
        if self._to_workers is not None:
            await self._to_workers.drain()

    def ready(self, owner_link: str, load: Callable[[], int]) -> None:
        """Say that this worker serves, and tell how many connections it has, again and again."""
        self._stream.send(READY, owner_link.encode())
        self._telling = asyncio.create_task(self._tell_load(load), name="load")

    async def total(self) -> bytes:
        """Return the metrics of all workers.

        Raises:
            TimeoutError: The parent does not answer.
        """
        if self._total is None or self._total.done():
            self._total = asyncio.get_running_loop().create_future()
            self._stream.send(TOTAL)
        async with asyncio.timeout(TOTAL_SECONDS):
            return await asyncio.shield(self._total)

    def pass_on(self, kind: bytes, connection: int, worker: str, data: bytes) -> bool:
        """Hand a connection over to another worker; False if that is not possible now."""
        try:
            self._handover.send(kind, connection, worker, data)
        except OSError:
            return False
        return True

    async def close(self) -> None:
        """Take and say nothing any more, after a last report."""
        self._closing = True
        if self._telling is not None:
            self._telling.cancel()
        self._handover.close()
        for links in (self._to_workers, self._to_writer):
            if links is not None:
                await links.close()
        self._stream.send(REPORT, self.report())
        self._stream.close()
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_SECONDS):
                await self._has_closed.wait()

    def _unjoined(self) -> None:
        if not self._closing:
            self._stream.send(UNJOINED)

    def _closed(self) -> None:
        self._has_closed.set()
        if not self._closing:
            self.on_parent_ended()

    async def _tell_load(self, load: Callable[[], int]) -> None:
        told = -1
        while True:
            if (now := load()) == told:
                self._stream.send(ALIVE)
            else:
                told = now
                self._stream.send(LOAD, now.to_bytes(4))
            await asyncio.sleep(HEARTBEAT_SECONDS)

    def _received(self, handed: Handed) -> None:
        links = self._to_workers or self._to_writer
        if handed.kind != COMMAND_LINK:
            self.on_connection(handed)
        elif links is not None:
            self._tasks.start(links.add(handed))

    def _heard(self, kind: bytes, data: bytes) -> None:
        if kind == EVENT:
            self._bus.received(data)
        elif kind == REPORT:
            self._stream.send(REPORT, self.report())
        elif kind == TOTAL:
            if self._total is not None and not self._total.done():
                self._total.set_result(data)
        elif kind == TURN:
            if self._turn is not None and not self._turn.done():
                self._turn.set_result(int.from_bytes(data))
        elif kind == LEAVE:
            self.on_leave()
        elif kind == ENDED:
            self.on_ended(data.decode())


def _own(descriptor: int) -> socket.socket:
    """Return an inherited socket, which processes that this one starts do not inherit."""
    found = socket.socket(fileno=descriptor)
    found.set_inheritable(False)
    return found
