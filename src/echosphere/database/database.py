"""The one boundary between the event loop and the synchronous code that uses the database."""

import asyncio
import logging
import zlib
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, Concatenate, ParamSpec, TypeVar, overload

from sqlalchemy import Engine

from echosphere.core.clock import Clock, system_clock
from echosphere.core.errors import Unavailable
from echosphere.core.in_use import InUseError
from echosphere.database.batch import PendingWrite
from echosphere.database.command import Command
from echosphere.database.dialects import dialect_for
from echosphere.database.epochs import begin_epoch
from echosphere.database.probe import WriteProbeRow
from echosphere.database.reader import Readers
from echosphere.database.schema_migration import is_current, migrate
from echosphere.database.transaction import (
    Event,
    Provided,
    Snapshot,
    Transaction,
    TransactionContext,
)
from echosphere.database.write_state import WriteState
from echosphere.database.writer import Writer, resolve, runs_on_loop

P = ParamSpec("P")
T = TypeVar("T")
E = TypeVar("E")

Publish = Callable[[Sequence[Event]], None]

CLAIM_INTERVAL = 2.0
"""Seconds between two checks of our claim on the database while nothing is written."""

INTEGRITY_CHECK_TIMEOUT = 10.0
"""Seconds for which the start waits for the integrity check after a crash."""

log = logging.getLogger(__name__)


class Database:
    """Runs use cases in the writer and queries in readers.

    Args:
        url: `sqlite:///path/app.db` or `postgresql://user:password@host/name`.
        clock: The server's time.
        shared: Use the database beside a running server, if the dialect allows that.
        publish: Called on the loop with the events of each commit, in order.
        wake_jobs: Called on the loop after a commit that enqueued a job.
        on_claim_lost: Called on the loop with a sentence when another server has taken the database.
        on_interrupted: Called on the loop when the database was unreachable for a moment: it may be
            another one now, such as a replica that lacks the last seconds.
    """

    def __init__(self, url: str, clock: Clock = system_clock, *, shared: bool = False) -> None:
        self.dialect = dialect_for(url)
        self.clock = clock
        self.publish: Publish = lambda _events: None
        self.wake_jobs: set[Callable[[], None]] = set()
        self.on_interrupted: Callable[[], None] = lambda: None
        self.on_claim_lost: Callable[[str], None] = lambda _sentence: None
        self._shared = shared and not self.dialect.single_process
        self._heard = False
        self.writing = WriteState()
        self._watch: asyncio.Task[None] | None = None
        self._context = TransactionContext()
        self._writers: list[Writer] = []
        self._writing: Engine | None = None
        self._readers: Readers | None = None

    def share(self, *, heard: bool = False) -> None:
        """Use the database beside a running server from the start on, if the dialect allows that.

        Args:
            heard: Whether the server would have to hear of what happens, which it does not.
        """
        self._shared, self._heard = not self.dialect.single_process, heard

    def in_same_transaction(self, kind: type[E], work: Callable[[Transaction, E], None]) -> None:
        """Call a function in the same transaction whenever an event of this type is announced.

        For rows of another feature, or jobs, that must exist if and only if the event does.
        """
        self._context.hooks.setdefault(kind, []).append(work)

    def provide(self, what: Provided[T], value: T) -> None:
        """Provide what commands need of the process that runs them."""
        self._context.provided[what] = value

    async def start(self) -> None:
        """Claim the database, migrate its tables and start the threads.

        Raises:
            InUseError: Another server is running on the same database.
            RuntimeError: The tables are newer than this version of EchoSphere.
        """
        try:
            await self._start(asyncio.get_running_loop())
        except BaseException:
            await self.stop()
            raise

    async def _start(self, loop: asyncio.AbstractEventLoop) -> None:
        if not self._shared:
            lost, again = partial(self._claim_lost, loop), partial(self._claimed_again, loop)
            await asyncio.to_thread(self.dialect.claim, lost, again)
            self._watch = asyncio.create_task(self._watch_claim(), name="claim")
        await self._check_integrity()
        self._writing = self.dialect.writing_engine()
        if self._shared:
            await asyncio.to_thread(self._require_no_harm, self._writing)
        await asyncio.to_thread(migrate, self._writing)
        if not self._shared:
            self._context.epoch = await asyncio.to_thread(begin_epoch, self._writing, self.clock())
        self._readers = Readers(self.dialect, self._now, loop)
        self._writers = [
            Writer(
                self._writing,
                self.dialect,
                self.clock,
                loop,
                self._committed,
                context=self._context,
                state=self.writing,
                name=f"writer-{lane}",
            )
            for lane in range(self.dialect.writers)
        ]

    def _require_no_harm(self, engine: Engine) -> None:
        """Refuse what a running server would have to hear of, and to change its tables below it.

        Raises:
            InUseError: One is running.
        """
        if not self.dialect.is_claimed():
            return
        if self._heard:
            raise InUseError(
                "A server that uses this database from another data folder must hear of this at "
                "once. Run the command with the settings of that server, on its machine."
            )
        if not is_current(engine):
            raise InUseError(
                "A server that uses this database has its tables in another version. Use the "
                "version of that server, or stop it for the upgrade."
            )

    async def _check_integrity(self) -> None:
        """Refuse to write to a file that a crash has damaged: writing could make it worse."""
        damage = await asyncio.to_thread(self.dialect.check_after_crash, INTEGRITY_CHECK_TIMEOUT)
        if damage:
            raise RuntimeError(
                f"The database is damaged ({damage}). Restore a backup, or keep a copy of the data "
                "folder and try SQLite's .recover."
            )

    async def stop(self) -> None:
        """Finish the submitted work, then release the database."""
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.wait({self._watch})
            self._watch = None
        writers, self._writers = self._writers, []
        for writer in writers:
            await writer.stop()
        readers, self._readers = self._readers, None
        if readers is not None:
            await readers.stop()
        if self._writing is not None:
            self._writing.dispose()
        self.dialect.release()

    @overload
    def write(self, command: Command[T], /) -> Awaitable[T]: ...

    @overload
    def write(
        self,
        command: Callable[Concatenate[Transaction, P], T],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Awaitable[T]: ...

    def write(
        self, command: Command[Any] | Callable[..., Any], /, *args: Any, **kwargs: Any
    ) -> Awaitable[Any]:
        """Run a command in a transaction and return its result once the commit is on disk.

        Raises:
            Unavailable: The database cannot store the write now. After a timeout it may have been
                stored: the caller repeats it, as after a lost answer.
        """
        if not isinstance(command, Command):
            return self._write_function(command, *args, **kwargs)
        return self._submit(
            command.run, command.lane_of(command), command.run_on_loop, command.own_transaction
        )

    def _write_function(
        self, use_case: Callable[..., Any], /, *args: Any, **kwargs: Any
    ) -> Awaitable[Any]:
        """Run a function like a command without a lane; tests have such functions."""
        return self._submit(
            lambda transaction: use_case(transaction, *args, **kwargs),
            "",
            runs_on_loop(use_case),
            False,
        )

    def _submit(
        self, run: Callable[[Transaction], T], lane: str, on_loop: bool, own_transaction: bool
    ) -> Awaitable[T]:
        if not self._writers:
            raise Unavailable("The server is stopping. Try again in a moment.", retry_after=5)
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        writer = self._writers[zlib.crc32(lane.encode()) % len(self._writers)]
        writer.submit(PendingWrite(run, future, lane, on_loop, own_transaction))
        return future

    def read(
        self,
        query: Callable[Concatenate[Snapshot, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Awaitable[T]:
        """Run a query on a consistent snapshot.

        Raises:
            Unavailable: The database does not answer.
        """
        if self._readers is None:
            raise Unavailable("The server is stopping. Try again in a moment.", retry_after=5)

        def run(snapshot: Snapshot) -> T:
            return query(snapshot, *args, **kwargs)

        return self._readers.submit(run, on_loop=runs_on_loop(query))

    def queue(self) -> tuple[int, float]:
        """Return the number of unfinished writes, and the age of the oldest in seconds."""
        queues = [writer.queue() for writer in self._writers]
        return sum(count for count, _ in queues), max((age for _, age in queues), default=0.0)

    async def ready(self) -> None:
        """Prove that the database answers."""
        await self.read(lambda _snapshot: None)

    async def probe(self) -> None:
        """Write as much as a message would, to one row that is overwritten each time.

        Raises:
            Unavailable: The write failed.
        """
        await self.write(WriteProbeRow())

    async def _watch_claim(self) -> None:
        """Detect a lost claim while nothing is written."""
        while not self.dialect.single_process:
            await asyncio.sleep(CLAIM_INTERVAL)
            with suppress(Exception):  # handled where it is raised
                await asyncio.to_thread(self.dialect.require_claim)

    def _claim_lost(self, loop: asyncio.AbstractEventLoop, sentence: str) -> None:
        loop.call_soon_threadsafe(self.on_claim_lost, sentence)

    def _claimed_again(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin an epoch before anything is written to what may be a replica."""
        assert self._writing is not None  # noqa: S101 - started
        self._context.epoch = begin_epoch(self._writing, self.clock())
        loop.call_soon_threadsafe(self.on_interrupted)

    def _now(self) -> int:
        """Read the current clock, which tests replace while the server runs."""
        return self.clock()

    def _committed(self, batch: Sequence[PendingWrite]) -> None:
        """Resolve the futures and publish in one turn of the loop: neither is seen without the other.

        The waiters run in the next turn, where the acknowledgement of a message and its event can
        share a write.
        """
        for write in batch:
            resolve(write)
        events = [event for write in batch for event in write.events]
        if events:
            try:
                self.publish(events)
            except Exception:
                log.exception("Events could not be published; clients will catch up")
        if any(write.jobs for write in batch):
            for wake in tuple(self.wake_jobs):
                wake()
