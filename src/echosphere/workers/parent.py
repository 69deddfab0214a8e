"""Keeps several equal server processes on this machine.

It starts them, shares the connections out among them, carries their bus, and replaces those that end.
"""

import asyncio
import logging
import secrets
import signal
import socket
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Callable, Coroutine
from contextlib import suppress
from functools import partial
from time import monotonic
from typing import Any

from echosphere.control import ControlSocket
from echosphere.core.operator_error import OperatorError
from echosphere.settings import Settings
from echosphere.workers.handover import CONTROL, HTTP, Handed, Handover
from echosphere.workers.listening import listen_at
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
from echosphere.workers.metric_totals import MetricTotals

FIRST_WAIT, LONGEST_WAIT = 0.2, 30.0
"""Seconds before a worker that ended is replaced; twice as long each time one did not last."""

LASTED = 60.0
"""Seconds after which a worker has lasted."""

STOP_SECONDS = 37.0
"""For workers to end after SIGTERM; then they are killed."""

LEAVE_SECONDS = 60.0
"""For a worker to let its clients go, and end; then it gets SIGTERM."""

REPORT_SECONDS = 2.0
LAST_WORDS_SECONDS = 1.0
RETRY_SECONDS = 0.02

log = logging.getLogger(__name__)


class WorkersRefusedError(OperatorError):
    """Several workers cannot serve here; the text says so to the operator."""


class Worker:
    """A process that serves, as its parent sees it.

    Attributes:
        counts: Whether it is one of those that there should be, and is replaced when it ends.
        serves: Whether it has said that it serves.
        is_leaving: Whether it gets no new clients any more.
        load: How many connections it has, with those that it was given since it said so.
    """

    def __init__(self, name: str, *, counts: bool) -> None:
        self.name = name
        self.counts = counts
        self.serves = self.is_leaving = False
        self.owner_link = ""
        self.load = 0
        self.began = monotonic()
        self.decided, self.ended, self.silent = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self.report: asyncio.Future[None] | None = None
        self.process: Process
        self.stream: MessageStream
        self.handover: Handover

    def signal(self, number: signal.Signals) -> None:
        """Send a signal, if it runs."""
        with suppress(ProcessLookupError):
            self.process.send_signal(number)


class Parent:
    """The parent of workers.

    Args:
        settings: Those of the server.
        count: How many workers there should be.
        announce: Called with the port, and the link for the owner or an empty text, once all serve.
    """

    def __init__(
        self, settings: Settings, count: int, announce: Callable[[int, str], None]
    ) -> None:
        _refuse_what_cannot_work(settings)
        self._settings = settings
        self._count = count
        self._announce = announce
        self._group = 1 + secrets.randbelow(2**31 - 1)
        self._workers: list[Worker] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._totals = MetricTotals()
        self._adding: asyncio.Task[bytes] | None = None
        self._stop = asyncio.Event()
        self._renewing: asyncio.Task[None] | None = None
        self._renew_again = False
        self._failures = 0

    async def run(self) -> int:
        """Serve until told to stop; return the exit code."""
        listening = listen_at(self._settings.host, self._settings.port)
        control = ControlSocket(self._settings.data)
        self._handle_signals()
        try:
            first = await self._start()
            await self._until_stopped_or([first.decided])
            if not first.serves:
                return 0 if self._stop.is_set() else 1
            for one in listening:
                self._do(self._accept(one, HTTP))
            if (commands := control.open()) is not None:
                self._do(self._accept(commands, CONTROL))
            for _ in range(self._count - 1):
                await self._start()
            await self._until_stopped_or([one.decided for one in self._workers])
            self._announce(listening[0].getsockname()[1], first.owner_link)
            await self._stop.wait()
            return 0
        finally:
            self._stop.set()
            for task in tuple(self._tasks):
                task.cancel()
            control.close()
            for one in listening:
                one.close()
            await self._end_all()

    async def total(self) -> bytes:
        """Return what all workers count together, in Prometheus' text format."""
        if self._adding is None or self._adding.done():
            self._adding = asyncio.create_task(self._add_up())
        return await asyncio.shield(self._adding)

    # ---- the life of workers ------------------------------------------------------------------

    async def _start(self, *, counts: bool = True) -> Worker:
        name = f"{self._settings.process_name}.{secrets.token_hex(4)}".removeprefix(".")
        worker = Worker(name, counts=counts)
        end, their_end = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        handing, their_handing = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        worker.stream = MessageStream(partial(self._heard, worker), worker.silent.set)
        worker.handover = Handover(handing, self._passed_on)
        with their_end, their_handing:
            ends = (their_end.fileno(), their_handing.fileno())
            joined = f"{name}:{self._group}:{ends[0]}:{ends[1]}"
            command = [sys.executable, "-P", "-m", "echosphere", "serve", "--joined", joined]
            worker.process = await asyncio.create_subprocess_exec(
                *command, stdin=DEVNULL, pass_fds=ends, start_new_session=True
            )
        await worker.stream.open(end)
        worker.handover.start()
        self._workers.append(worker)
        watching = asyncio.create_task(self._watch(worker), name=f"worker {name}")
        watching.add_done_callback(_log_failure)
        return worker

    async def _watch(self, worker: Worker) -> None:
        """Wait until a worker has ended, and replace it."""
        code = await worker.process.wait()
        with suppress(TimeoutError):
            await asyncio.wait_for(worker.silent.wait(), LAST_WORDS_SECONDS)
        self._workers.remove(worker)
        worker.serves = False
        worker.stream.close()
        worker.handover.close()
        self._totals.end(worker.name)
        if worker.report is not None and not worker.report.done():
            worker.report.set_result(None)
        for other in self._workers:
            other.stream.send(ENDED, worker.name.encode())
        worker.decided.set()
        worker.ended.set()
        if worker.counts:
            self._do(self._replace(worker, code))

    async def _replace(self, worker: Worker, code: int) -> None:
        self._failures = 0 if monotonic() - worker.began > LASTED else self._failures + 1
        seconds = min(FIRST_WAIT * 2 ** min(self._failures, 10), LONGEST_WAIT)
        log.error(
            "The worker %s ended (%s). Another one starts in %.1f s",
            worker.name,
            f"signal {-code}" if code < 0 else f"exit code {code}",
            seconds,
        )
        await asyncio.sleep(seconds)
        await self._start()

    def _renew(self) -> None:
        """Replace the workers one after the other."""
        if self._renewing is not None and not self._renewing.done():
            self._renew_again = True
            return
        self._renewing = self._do(self._renew_all())

    async def _renew_all(self) -> None:
        for old in [one for one in self._workers if one.counts]:
            if not await self._renew_one(old):
                log.error("A new worker did not start; those that run go on")
                break
        else:
            log.info("All workers are new")
        if self._renew_again:
            self._renew_again = False
            await self._renew_all()

    async def _renew_one(self, old: Worker) -> bool:
        """Start a worker, and have the old one leave once the new one serves."""
        old.counts = False
        new = await self._start(counts=False)
        await new.decided.wait()
        if not new.serves:
            old.counts = True
            if old.ended.is_set():
                self._do(self._replace(old, 0))
            return False
        new.counts = old.is_leaving = True
        old.stream.send(LEAVE)
        if not await _all_set([old.ended], LEAVE_SECONDS):
            await self._end([old])
        return True

    async def _end_all(self) -> None:
        for one in self._workers:
            one.counts = False
        await self._end(list(self._workers))

    async def _end(self, workers: list[Worker]) -> None:
        """End workers, kindly at first."""
        for one in workers:
            one.signal(signal.SIGTERM)
        ends = [one.ended for one in workers]
        if not await _all_set(ends, STOP_SECONDS):
            for one in workers:
                one.signal(signal.SIGKILL)
            await _all_set(ends)

    # ---- connections --------------------------------------------------------------------------

    async def _accept(self, listening: socket.socket, kind: bytes) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                connection, _ = await loop.sock_accept(listening)
            except OSError as error:  # too many open files, say
                log.warning("A connection could not be accepted: %s", error.strerror)
                await asyncio.sleep(1)
                continue
            if kind == HTTP:
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            await self._give(Handed(kind, connection, "", b""))

    def _passed_on(self, handed: Handed) -> None:
        """Take a connection from a worker to which it does not belong."""
        self._do(self._give(handed))

    async def _give(self, handed: Handed) -> None:
        """Hand a connection to its worker, or to the one with the fewest; wait while nobody takes it."""
        with handed.connection as connection:
            while True:
                if any(self._try(one, handed, connection) for one in self._takers(handed)):
                    return
                await asyncio.sleep(RETRY_SECONDS)

    def _takers(self, handed: Handed) -> list[Worker]:
        serving = [one for one in self._workers if one.serves]
        own = [one for one in serving if one.name == handed.worker]
        others = [one for one in serving if not one.is_leaving]
        return own + sorted(others, key=lambda one: one.load)

    @staticmethod
    def _try(worker: Worker, handed: Handed, connection: socket.socket) -> bool:
        try:
            worker.handover.send(handed.kind, connection.fileno(), handed.worker, handed.data)
        except OSError:  # it has just ended, or does not keep up
            return False
        worker.load += 1
        return True

    # ---- what workers say ---------------------------------------------------------------------

    def _heard(self, worker: Worker, kind: bytes, data: bytes) -> None:
        if kind == EVENT:
            for other in self._workers:
                if other is not worker:
                    other.stream.send(EVENT, data)
        elif kind == LOAD:
            worker.load = int.from_bytes(data)
        elif kind == READY:
            worker.serves, worker.owner_link = True, data.decode()
            worker.decided.set()
        elif kind == REPORT:
            self._totals.note(worker.name, data)
            if worker.report is not None and not worker.report.done():
                worker.report.set_result(None)
        elif kind == TOTAL:
            self._do(self._tell_total(worker))

    async def _tell_total(self, worker: Worker) -> None:
        worker.stream.send(TOTAL, await self.total())

    async def _add_up(self) -> bytes:
        loop = asyncio.get_running_loop()
        reports = []
        for one in self._workers:
            if one.serves:
                one.report = loop.create_future()
                reports.append(one.report)
                one.stream.send(REPORT)
        if reports:
            await asyncio.wait(reports, timeout=REPORT_SECONDS)
        return self._totals.exposition()

    # ---- the rest -----------------------------------------------------------------------------

    def _handle_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop.set)
        loop.add_signal_handler(signal.SIGHUP, self._renew)

    def _do(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(_log_failure)
        return task

    async def _until_stopped_or(self, events: list[asyncio.Event]) -> None:
        either = [asyncio.create_task(_all_set(events)), asyncio.create_task(self._stop.wait())]
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        for task in either:
            task.cancel()


async def _all_set(events: list[asyncio.Event], seconds: float | None = None) -> bool:
    """Wait until all of these are set; return False if that takes too long."""
    try:
        async with asyncio.timeout(seconds):
            for event in events:
                await event.wait()
    except TimeoutError:
        return False
    return True


def _refuse_what_cannot_work(settings: Settings) -> None:
    """Refuse to keep workers where they could not work.

    Raises:
        WorkersRefusedError: They could not; the text says what to do instead.
    """
    if sys.platform == "win32":
        raise WorkersRefusedError(
            "Windows cannot hand open connections from one process to another, which --workers "
            "needs. Leave it out: one process serves thousands of people."
        )
    if settings.database_url.startswith("sqlite"):
        raise WorkersRefusedError(
            "Several workers need PostgreSQL: an SQLite database has one process that writes. Leave "
            "--workers out, since one process serves thousands of people, or go over to PostgreSQL: "
            "`echosphere move --to postgresql://…` takes everything along."
        )


def _log_failure(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("Something went wrong with the workers", exc_info=error)
