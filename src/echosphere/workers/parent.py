"""Keeps several server processes on this machine.

It starts them, shares the connections out among them, carries their bus, and replaces those that end.
On SQLite one more of them writes for all; clients do not connect to it.
"""

import asyncio
import logging
import secrets
import signal
import socket
import sys
from asyncio.subprocess import DEVNULL
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from time import monotonic

from echosphere.control import ControlSocket
from echosphere.core.background import BackgroundTasks
from echosphere.core.operator_error import OperatorError
from echosphere.settings import Settings
from echosphere.workers.connection_distributor import ConnectionDistributor
from echosphere.workers.file_claim import ParentClaim
from echosphere.workers.handover import COMMAND_LINK, CONTROL, HTTP, Handover
from echosphere.workers.heartbeat import HEARTBEAT_SECONDS, look_again_and_again
from echosphere.workers.joining import Joining, Role
from echosphere.workers.listening import listen_at
from echosphere.workers.message_stream import (
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
from echosphere.workers.metric_totals import MetricTotals
from echosphere.workers.worker import Worker

FIRST_WAIT, LONGEST_WAIT = 0.2, 30.0
"""Seconds before a worker that ended is replaced; twice as long each time one did not last."""

LASTED = 60.0
"""Seconds after which a worker has lasted."""

STOP_SECONDS = 37.0
"""For workers to end after SIGTERM; then they are killed."""

WRITER_STOP_SECONDS = 7.0
"""Of these, for the process that writes, which ends after the others."""

LEAVE_SECONDS = 60.0
"""For a worker to let its clients go, and end; then it gets SIGTERM."""

REPORT_SECONDS = 2.0
LAST_WORDS_SECONDS = 1.0

log = logging.getLogger(__name__)


class WorkersRefusedError(OperatorError):
    """Several workers cannot serve here; the text says so to the operator."""


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
        self._claim = ParentClaim.of(settings.database_url)
        self._can_write = asyncio.Event()
        self._workers: list[Worker] = []
        self._tasks = BackgroundTasks()
        self._watching = BackgroundTasks()
        self._distributor = ConnectionDistributor(
            self._workers, self._tasks, one_writes=self._claim is not None
        )
        self._totals = MetricTotals()
        self._adding: asyncio.Task[bytes] | None = None
        self._stop = asyncio.Event()
        self._renewing: asyncio.Task[None] | None = None
        self._renew_again = False
        self._failures = Counter[Role]()
        self._ended_well = False

    async def run(self) -> int:
        """Serve until told to stop; return the exit code.

        Raises:
            InUseError: Another server is running on the same file.
        """
        if self._claim is None:
            return await self._run()
        self._claim.claim()
        self._ended_well = not self._claim.was_unclean
        try:
            return await self._run()
        finally:
            self._claim.release(clean=self._ended_well)

    async def _run(self) -> int:
        listening = listen_at(self._settings.host, self._settings.port)
        control = ControlSocket(self._settings.data)
        self._handle_signals()
        try:
            first = await self._start_first()
            await self._until_stopped_or([first.decided])
            if not first.serves:
                return 0 if self._stop.is_set() else 1
            for one in listening:
                self._tasks.start(self._distributor.accept(one, HTTP))
            self._tasks.start(look_again_and_again(self._end_who_hang))
            if (commands := control.open()) is not None:
                self._tasks.start(self._distributor.accept(commands, CONTROL))
            for _ in range(self._count - (not first.writes)):
                await self._start()
            await self._until_stopped_or([one.decided for one in self._workers])
            self._announce(listening[0].getsockname()[1], first.owner_link)
            await self._stop.wait()
            return 0
        finally:
            self._stop.set()
            await self._tasks.cancel()
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

    async def _start_first(self) -> Worker:
        if self._claim is None:
            return await self._start()
        return await self._start_writer(was_unclean=self._claim.was_unclean)

    async def _start(self, *, counts: bool = True) -> Worker:
        """Start a worker to which clients connect, on SQLite once another process writes."""
        if self._claim is None:
            return await self._launch(Role.EQUAL, counts=counts)
        await self._can_write.wait()
        worker = await self._launch(Role.READS, counts=counts)
        self._join_writer(worker)
        return worker

    def _join_writer(self, worker: Worker) -> None:
        """Join a worker to the process that writes, if one does; another one is joined to all."""
        for writer in self._workers:
            if writer.has_turn:
                self._join(worker, writer)

    async def _start_writer(self, *, was_unclean: bool = False) -> Worker:
        """Start the process that writes, where none does."""
        writer = await self._launch(Role.WRITES, was_unclean=was_unclean)
        self._tasks.start(self._give_turn(writer))
        return writer

    async def _give_turn(self, writer: Worker) -> None:
        """Let a process write once it could and no other one does, joined to all workers."""
        await writer.stands_by.wait()
        for other in [one for one in self._workers if one.has_turn]:
            await other.ended.wait()  # it is being replaced, and whatever was to follow has ended
        writer.has_turn = True
        readers = [one for one in self._workers if one.role is Role.READS]
        joined = sum([self._join(one, writer) for one in readers])
        writer.stream.send(TURN, joined.to_bytes(2))

    @staticmethod
    def _join(worker: Worker, writer: Worker) -> bool:
        """Give a worker and the process that writes a connection; return whether the latter took it."""
        end, other_end = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        with end, other_end:
            try:
                writer.handover.send(COMMAND_LINK, end.fileno(), worker.name)
            except OSError:  # it has just ended
                return False
            with suppress(OSError):  # this one has: the other end notices
                worker.handover.send(COMMAND_LINK, other_end.fileno(), writer.name)
        return True

    async def _launch(
        self, role: Role, *, counts: bool = True, was_unclean: bool = False
    ) -> Worker:
        name = f"{self._settings.process_name}.{secrets.token_hex(4)}".removeprefix(".")
        worker = Worker(name, role, counts=counts)
        end, their_end = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        handing, their_handing = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        worker.stream = MessageStream(partial(self._heard, worker), worker.silent.set)
        worker.handover = Handover(handing, self._distributor.pass_on)
        lock = self._claim.descriptor if self._claim is not None and worker.writes else -1
        with their_end, their_handing:
            ends = (their_end.fileno(), their_handing.fileno())
            joining = Joining(
                name,
                self._group,
                *ends,
                role,
                lock,
                was_unclean,
                others_run=any(one.role is Role.READS for one in self._workers),
                another_writes=any(one.has_turn for one in self._workers),
            )
            command = [sys.executable, "-P", "-m", "echosphere", "serve", "--joined"]
            worker.process = await asyncio.create_subprocess_exec(
                *command,
                joining.encode(),
                stdin=DEVNULL,
                pass_fds=[one for one in (*ends, lock) if one >= 0],
                start_new_session=True,
            )
        await worker.stream.open(end)
        worker.handover.start()
        self._workers.append(worker)
        self._watching.start(self._watch(worker))
        return worker

    async def _watch(self, worker: Worker) -> None:
        """Wait until a worker has ended, and replace it."""
        worker.code = code = await worker.process.wait()
        with suppress(TimeoutError):
            await asyncio.wait_for(worker.silent.wait(), LAST_WORDS_SECONDS)
        self._workers.remove(worker)
        worker.serves = False
        if worker.writes and worker.has_turn:
            self._can_write.clear()
            self._ended_well = code == 0
        worker.stream.close()
        worker.handover.close()
        self._totals.end(worker.name)
        worker.note_report()
        for other in self._workers:
            other.stream.send(ENDED, worker.name.encode())
        for event in (worker.stands_by, worker.decided, worker.ended):
            event.set()
        if worker.counts:
            self._tasks.start(self._replace(worker, code))

    async def _replace(self, worker: Worker, code: int) -> None:
        # Each role for itself: workers that cannot start must not delay the one that writes.
        lasted = monotonic() - worker.began > LASTED
        failures = self._failures[worker.role] = 0 if lasted else self._failures[worker.role] + 1
        seconds = min(FIRST_WAIT * 2 ** min(failures, 10), LONGEST_WAIT)
        log.error(
            "The worker %s ended (%s). A new one starts in %.1f s",
            worker.name,
            f"signal {-code}" if code < 0 else f"exit code {code}",
            seconds,
        )
        await asyncio.sleep(seconds)
        await (self._start_writer() if worker.writes else self._start())

    def _end_who_hang(self) -> None:
        """Kill workers that serve and have said nothing for too long, so that others take their place."""
        for worker in self._workers:
            if not worker.serves:
                continue
            worker.heartbeat.missed += 1
            silent = worker.heartbeat.missed * HEARTBEAT_SECONDS
            if silent > self._settings.worker_silence_seconds:
                log.error(
                    "The worker %s has not responded for %.0f s and was killed", worker.name, silent
                )
                worker.serves = False
                worker.signal(signal.SIGKILL)

    def _renew(self) -> None:
        """Replace the workers one after the other."""
        if self._renewing is not None and not self._renewing.done():
            self._renew_again = True
            return
        self._renewing = self._tasks.start(self._renew_all())

    async def _renew_all(self) -> None:
        counting = [one for one in self._workers if one.counts]
        for old in sorted(counting, key=lambda one: not one.writes):
            renew = self._renew_writer if old.writes else self._renew_one
            if not await renew(old):
                log.error("A new worker did not start; the running ones continue")
                break
        else:
            log.info("All workers have been replaced")
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
                self._tasks.start(self._replace(old, 0))
            return False
        new.counts = old.is_leaving = True
        old.stream.send(LEAVE)
        if not await _all_set([old.ended], LEAVE_SECONDS):
            await self._end([old])
        return True

    async def _renew_writer(self, old: Worker) -> bool:
        """Have another process write, which waits until the old one has ended: some tenths of a second."""
        new = await self._launch(Role.WRITES, counts=False)
        await new.stands_by.wait()
        if new.ended.is_set():
            return False
        if old.ended.is_set():  # by itself, and another one was started in its place
            await self._end([new])
            return True
        old.counts, new.counts = False, True
        old.is_leaving = True
        old.stream.send(LEAVE)
        if not await _all_set([old.ended], LEAVE_SECONDS):
            await self._end([old])
        await self._give_turn(new)
        await new.decided.wait()
        return new.serves

    async def _end_all(self) -> None:
        """End all workers, and after them the one that writes what they still have to say."""
        for one in self._workers:
            one.counts = False
        writers = [one for one in self._workers if one.writes]
        await self._end(
            [one for one in self._workers if not one.writes], STOP_SECONDS - WRITER_STOP_SECONDS
        )
        await self._end(writers, WRITER_STOP_SECONDS)

    async def _end(self, workers: list[Worker], seconds: float = STOP_SECONDS) -> None:
        """End workers, kindly at first."""
        for one in workers:
            one.signal(signal.SIGTERM)
        ends = [one.ended for one in workers]
        if not await _all_set(ends, seconds):
            for one in workers:
                one.signal(signal.SIGKILL)
            await _all_set(ends)

    # ---- what workers say ---------------------------------------------------------------------

    def _heard(self, worker: Worker, kind: bytes, data: bytes) -> None:
        worker.heartbeat.heard()
        if kind == EVENT:
            for other in self._workers:
                if other is not worker:
                    other.stream.send(EVENT, data)
        elif kind == LOAD:
            worker.load = int.from_bytes(data)
        elif kind == STANDBY:
            worker.stands_by.set()
        elif kind == READY:
            self._note_ready(worker, data.decode())
        elif kind == REPORT:
            self._totals.note(worker.name, data)
            worker.note_report()
        elif kind == UNJOINED:
            self._join_writer(worker)
        elif kind == TOTAL:
            self._tasks.start(self._tell_total(worker))

    def _note_ready(self, worker: Worker, owner_link: str) -> None:
        worker.serves, worker.owner_link = True, owner_link
        worker.decided.set()
        if worker.writes:
            self._can_write.set()

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
            "--workers does not work on Windows, which cannot pass open connections between "
            "processes. Omit it: one process serves thousands of people."
        )
