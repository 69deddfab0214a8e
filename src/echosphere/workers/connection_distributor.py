"""Hands new connections to the workers."""

import asyncio
import logging
import socket
from collections.abc import Sequence
from contextlib import suppress

from echosphere.core.background import BackgroundTasks
from echosphere.workers.handover import CONTROL, HTTP, Handed
from echosphere.workers.worker import Worker

RETRY_SECONDS = 0.02

log = logging.getLogger(__name__)


class ConnectionDistributor:
    """Gives each connection to the worker to which it belongs, or to the one with the fewest.

    Args:
        workers: Those that run; the parent changes the list.
        tasks: Runs what waits for a worker.
        one_writes: Whether one process writes for the others: it gets the operator's commands, and
            no clients.
    """

    def __init__(
        self, workers: Sequence[Worker], tasks: BackgroundTasks, *, one_writes: bool
    ) -> None:
        self._workers = workers
        self._tasks = tasks
        self._one_writes = one_writes

    async def accept(self, listening: socket.socket, kind: bytes) -> None:
        """Accept connections and hand them over, until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            try:
                connection, _ = await loop.sock_accept(listening)
            except OSError as error:  # too many open files, say
                log.warning("A connection could not be accepted: %s", error.strerror)
                await asyncio.sleep(1)
                continue
            if kind == HTTP:
                with suppress(OSError):  # macOS says that of a client who has gone again
                    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            await self._give(Handed(kind, connection, "", b""))

    def pass_on(self, handed: Handed) -> None:
        """Take a connection from a worker to which it does not belong."""
        self._tasks.start(self._give(handed))

    async def _give(self, handed: Handed) -> None:
        """Hand a connection over; wait while no worker takes it."""
        with handed.connection as connection:
            while True:
                if any(_try(one, handed, connection) for one in self._takers(handed)):
                    return
                await asyncio.sleep(RETRY_SECONDS)

    def _takers(self, handed: Handed) -> list[Worker]:
        serving = [one for one in self._workers if one.serves]
        if self._one_writes:
            is_command = handed.kind == CONTROL
            serving = [one for one in serving if one.writes == is_command]
        own = [one for one in serving if one.name == handed.worker]
        others = [one for one in serving if not one.is_leaving]
        return own + sorted(others, key=lambda one: (one.heartbeat.is_late, one.load))


def _try(worker: Worker, handed: Handed, connection: socket.socket) -> bool:
    try:
        worker.handover.send(handed.kind, connection.fileno(), handed.worker, handed.data)
    except OSError:  # it has just ended, or does not keep up
        return False
    worker.load += 1
    return True
