"""A worker's side of what joins it to its parent."""

import asyncio
import os
import socket
from collections.abc import Callable
from contextlib import suppress

from echosphere.bus import WorkerIdentity
from echosphere.workers.handover import Handed, Handover
from echosphere.workers.message_stream import (
    ENDED,
    EVENT,
    LEAVE,
    LOAD,
    READY,
    REPORT,
    TOTAL,
    MessageStream,
)
from echosphere.workers.parent_bus import ParentBus

LOAD_SECONDS = 1.0
CLOSE_SECONDS = 2.0
TOTAL_SECONDS = 5.0
"""Seconds for the metrics of all workers."""


class ParentLink:
    """What a worker says to its parent, and hears of it.

    Args:
        joined: What the parent gave to it: its name, the number of its group and two descriptors.

    Attributes:
        identity: This worker among those of its parent.
        on_leave: Called when it is to let its clients go one by one, and end.
        on_ended: Called with the name of another worker that has ended.
        on_parent_ended: Called when the parent is gone.
        report: Returns its metrics.
    """

    def __init__(self, joined: str) -> None:
        name, group, stream, handing = joined.split(":")
        self._end = _own(int(stream))
        self._handover = Handover(_own(int(handing)), self._received)
        self._stream = MessageStream(self._heard, self._closed)
        self._bus = ParentBus(self._stream)
        self.identity = WorkerIdentity(name, int(group), self._bus)
        self.on_connection: Callable[[Handed], None] = lambda handed: handed.connection.close()
        self.on_leave: Callable[[], None] = lambda: None
        self.on_ended: Callable[[str], None] = lambda _name: None
        self.on_parent_ended: Callable[[], None] = lambda: os._exit(1)
        self.report: Callable[[], bytes] = lambda: b""
        self._has_closed = asyncio.Event()
        self._closing = False
        self._total: asyncio.Future[bytes] | None = None
        self._telling: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Begin to speak with the parent."""
        await self._stream.open(self._end)

    def ready(self, owner_link: str, load: Callable[[], int]) -> None:
        """Say that this worker serves, take connections, and tell how many it has."""
        self._handover.start()
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
        self._stream.send(REPORT, self.report())
        self._stream.close()
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_SECONDS):
                await self._has_closed.wait()

    def _closed(self) -> None:
        self._has_closed.set()
        if not self._closing:
            self.on_parent_ended()

    async def _tell_load(self, load: Callable[[], int]) -> None:
        told = -1
        while True:
            if (now := load()) != told:
                told = now
                self._stream.send(LOAD, now.to_bytes(4))
            await asyncio.sleep(LOAD_SECONDS)

    def _received(self, handed: Handed) -> None:
        self.on_connection(handed)

    def _heard(self, kind: bytes, data: bytes) -> None:
        if kind == EVENT:
            self._bus.received(data)
        elif kind == REPORT:
            self._stream.send(REPORT, self.report())
        elif kind == TOTAL:
            if self._total is not None and not self._total.done():
                self._total.set_result(data)
        elif kind == LEAVE:
            self.on_leave()
        elif kind == ENDED:
            self.on_ended(data.decode())


def _own(descriptor: int) -> socket.socket:
    """Return an inherited socket, which processes that this one starts do not inherit."""
    found = socket.socket(fileno=descriptor)
    found.set_inheritable(False)
    return found
