"""The boundary between the event loop and the synchronous code that uses the database."""

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Concatenate, ParamSpec, Self, TypeVar, overload

from sqlalchemy import Engine

from echosphere.core import tracing
from echosphere.core.clock import Clock, system_clock
from echosphere.core.errors import Unavailable
from echosphere.core.in_use import InUseError
from echosphere.database.batch import PendingWrite
from echosphere.database.command import Command
from echosphere.database.dialects import FileClaim, dialect_for
from echosphere.database.epochs import begin_epoch, require_same_keys
from echosphere.database.probe import WriteProbeRow
from echosphere.database.reader import Readers
from echosphere.database.remote_writer import RemoteWriter
from echosphere.database.schema_migration import is_current
from echosphere.database.schema_upgrade import upgrade_tables
from echosphere.database.statement_batch import Prefetch
from echosphere.database.transaction import (
    Event,
    Provided,
    Snapshot,
    Transaction,
    TransactionContext,
)
from echosphere.database.write_state import WriteState
from echosphere.database.writer import Writer, resolve, runs_on_loop
from echosphere.database.writers import Writers
from echosphere.settings import Settings

P = ParamSpec("P")
T = TypeVar("T")
E = TypeVar("E")

Publish = Callable[[Sequence[Event]], None]

CLAIM_INTERVAL = 2.0
"""Seconds between checks of our claim on the database while nothing is written."""

INTEGRITY_CHECK_TIMEOUT = 10.0
"""Seconds for which the start waits for the integrity check after a crash."""

OTHER_TABLES = (
    "A server that uses this database runs another version. Use that version, or stop the "
    "server for the upgrade."
)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SharedFile:
    """How a process shares an SQLite file with others, all of which one parent keeps.

    Attributes:
        writer: The writer of another process; None in the one that writes.
        claim: What the parent has claimed for them.
    """

    writer: RemoteWriter | None = None
    claim: FileClaim = field(default_factory=FileClaim)


class Database:
    """Runs use cases in the writer and queries in readers.

    Args:
        url: `sqlite:///path/app.db` or `postgresql://user:password@host/name`.
        clock: The server's time.
        shared: Whether a server may be running on the same database, if the dialect allows that.
        one_of_several: Be one of several servers, which tell each other what they commit.
        group: The number of those of them that only the same parent joins; 0 where a bus joins all.
        keys: A fingerprint of what all servers on this database must have in common.
        shared_file: How several processes share an SQLite file; None if there is one alone.
        has_others: Whether other servers may write to the same database.
        is_responsible: Whether this is the one of several servers that does what only one must do.
        publish: Called on the loop with the events of each commit, in order.
        wake_jobs: Called on the loop after a commit that enqueued a job.
        after_clock_jump: Awaited after a jump of the clock was accepted.
        on_claim_lost: Called on the loop with a sentence when another server has taken the database.
        on_uncertain: Called on the loop when the connection was lost at a commit: what may have been
            stored was refused, and its events are not known.
        on_interrupted: Called on the loop when the connection was lost and is back: it may lead to
            another database now, such as a replica that lacks the last seconds.
    """

    def __init__(
        self,
        url: str,
        clock: Clock = system_clock,
        *,
        shared: bool = False,
        one_of_several: bool = False,
        group: int = 0,
        keys: str = "",
        shared_file: SharedFile | None = None,
    ) -> None:
        self.dialect = dialect_for(
            url,
            one_of_several=one_of_several,
            group=group,
            claim=None if shared_file is None else shared_file.claim,
        )
        self.has_others = shared_file is not None or not self.dialect.single_process
        self._remote = None if shared_file is None else shared_file.writer
        self.clock = clock
        self._keys = keys
        self.is_responsible: Callable[[], bool] = lambda: self.writes
        self.publish: Publish = lambda _events: None
        self.wake_jobs: set[Callable[[], None]] = set()
        self.after_clock_jump: set[Callable[[], Awaitable[None]]] = set()
        self.on_uncertain: Callable[[], None] = lambda: None
        self.on_interrupted: Callable[[], None] = lambda: None
        self.on_claim_lost: Callable[[str], None] = lambda _sentence: None
        self._shared = shared and not self.dialect.single_process
        self._needs_server = False
        self.writing = WriteState() if self._remote is None else self._remote.state
        self._watch: asyncio.Task[None] | None = None
        self._context = TransactionContext()
        self._writers: list[Writer] = []
        self._lanes = Writers(())
        self._writing: Engine | None = None
        self._readers: Readers | None = None

    @classmethod
    def of(
        cls,
        settings: Settings,
        clock: Clock,
        group: int = 0,
        shared_file: SharedFile | None = None,
    ) -> Self:
        """Return the database of a server with these settings.

        Args:
            settings: They say where it is.
            clock: The server's time.
            group: The number of the workers of which this is one; 0 if it is none.
            shared_file: How they share an SQLite file; None if they do not.
        """
        keys = f"{settings.secret_key}\n{settings.vapid_key}".encode()
        return cls(
            settings.database_url,
            clock,
            one_of_several=bool(settings.bus_url or group),
            group=0 if settings.bus_url else group,
            keys=hashlib.sha256(b"keys of an instance\n" + keys).hexdigest()[:32],
            shared_file=shared_file,
        )

    @property
    def writes(self) -> bool:
        """Whether this process writes itself; else another one does, and has the jobs too."""
        return self._remote is None

    def share(self, *, needs_server: bool = False) -> None:
        """Allow for a server that is running on the same database, if the dialect does.

        Args:
            needs_server: Whether a running server must learn of the change, which it would not.
        """
        self._shared, self._needs_server = not self.dialect.single_process, needs_server

    def in_same_transaction(self, kind: type[E], work: Callable[[Transaction, E], None]) -> None:
        """Have a function called in the same transaction whenever an event of this type is announced.

        For rows of another feature, or jobs, that must exist if and only if the event does.
        """
        self._context.hooks.setdefault(kind, []).append(work)

    def provide(self, what: Provided[T], value: T) -> None:
        """Provide something that commands need from the process that runs them."""
        self._context.provided[what] = value

    async def start(self) -> None:
        """Claim the database, migrate its tables and start the threads.

        Raises:
            InUseError: Another server is running on the same database.
            OtherKeysError: The servers that run on it already have other keys.
            RuntimeError: The tables are newer than this version of EchoSphere.
        """
        try:
            await self._start(asyncio.get_running_loop())
        except BaseException:
            await self.stop()
            raise

    async def require_compatible(self, *, tables: bool = False) -> None:
        """Refuse this process beside those that use the file already.

        Args:
            tables: Whether one of them writes, so that no one may migrate the tables.

        Raises:
            OtherKeysError: They have other keys.
            InUseError: The tables are those of another version.
        """
        await asyncio.to_thread(self._require_compatible_file, tables=tables)

    def _require_compatible_file(self, *, tables: bool) -> None:
        engine = self.dialect.reading_engine()
        with engine.connect() as connection:
            require_same_keys(connection, self._keys)
        if tables and not is_current(engine):
            raise InUseError(OTHER_TABLES)
        engine.dispose()

    async def _start(self, loop: asyncio.AbstractEventLoop) -> None:
        if self.writes:
            await self._start_to_write(loop)
        else:
            await self.require_compatible()
        self._readers = Readers(self.dialect, self._now, loop)

    async def _start_to_write(self, loop: asyncio.AbstractEventLoop) -> None:
        if not self._shared:
            lost, renewed = partial(self._claim_lost, loop), partial(self._claim_renewed, loop)
            await asyncio.to_thread(self.dialect.claim, lost, renewed)
            self._watch = asyncio.create_task(self._watch_claim(), name="claim")
        await self._check_integrity()
        self._writing = self.dialect.writing_engine()
        if self._shared:
            await asyncio.to_thread(self._require_compatible, self._writing)
        await asyncio.to_thread(self._migrate_and_begin, self._writing)
        self._writers = [
            Writer(
                self._writing,
                self.dialect,
                self.clock,
                loop,
                self._committed,
                on_uncertain=self._perhaps_committed,
                context=self._context,
                state=self.writing,
                name=f"writer-{number}",
            )
            for number in range(self.dialect.writers)
        ]
        self._lanes = Writers(self._writers)

    def _require_compatible(self, engine: Engine) -> None:
        """Refuse changes that a running server would miss, and migrations underneath it.

        Raises:
            InUseError: A server is running.
        """
        if not self.dialect.is_claimed():
            return
        if self._needs_server:
            raise InUseError(
                "A server uses this database from another data folder and must be told of this "
                "immediately. Run the command on that server's machine, with its settings."
            )
        if not is_current(engine):
            raise InUseError(OTHER_TABLES)

    async def _check_integrity(self) -> None:
        """Refuse to open a file that a crash has damaged: writing could make it worse."""
        damage = await asyncio.to_thread(self.dialect.check_after_crash, INTEGRITY_CHECK_TIMEOUT)
        if damage:
            raise RuntimeError(
                f"The database is damaged ({damage}). Restore a backup, or copy the data folder "
                "and try SQLite's .recover."
            )

    async def stop(self) -> None:
        """Finish the submitted work and release the database."""
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.wait({self._watch})
            self._watch = None
        if self._remote is not None:
            await self._remote.stop()
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
        if self._remote is not None:
            return self._remote.submit(command)
        return self._submit(
            command.run,
            command.lane_of(command),
            command.run_on_loop,
            command.own_transaction,
            None if type(command).prefetch is Command.prefetch else command.prefetch,
        )

    def _write_function(
        self, use_case: Callable[..., Any], /, *args: Any, **kwargs: Any
    ) -> Awaitable[Any]:
        """Run a function like a command without a lane; only tests do."""
        return self._submit(
            lambda transaction: use_case(transaction, *args, **kwargs),
            "",
            runs_on_loop(use_case),
            False,
        )

    def _submit(
        self,
        run: Callable[[Transaction], T],
        lane: str,
        on_loop: bool,
        own_transaction: bool,
        prefetch: Prefetch | None = None,
    ) -> Awaitable[T]:
        if not self._writers:
            raise Unavailable("The server is stopping. Try again in a moment.", retry_after=5)
        writer = self._writers[0]
        if len(self._writers) > 1:
            writer = self._lanes.for_lane(lane, own_transaction=own_transaction)
        return writer.submit(run, lane, on_loop, own_transaction, prefetch)

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
        if self._remote is not None:
            return self._remote.queue()
        queues = [writer.queue() for writer in self._writers]
        return sum(count for count, _ in queues), max((age for _, age in queues), default=0.0)

    async def ready(self) -> None:
        """Return once the database has answered a query."""
        await self.read(lambda _snapshot: None)

    async def deletions_held(self) -> bool:
        """Return whether a backup is being made: stored files stay until it is finished.

        Who asks after a row is gone may delete its file if nothing holds it: a backup that begins
        later does not have the row.
        """
        return await asyncio.to_thread(self.dialect.deletions_held)

    async def probe(self) -> None:
        """Write about as much as a message does, to one row that is overwritten each time.

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

    def _claim_renewed(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin an epoch before anything is written, since this may be a replica."""
        assert self._writing is not None  # noqa: S101 - started
        with self.dialect.starting() as alone:
            self._begin_epoch(self._writing, alone=alone)
        loop.call_soon_threadsafe(self.on_interrupted)

    def _migrate_and_begin(self, engine: Engine) -> None:
        """Migrate, and begin an epoch or enter that of the processes that run already."""
        with self.dialect.starting() as alone:
            upgrade_tables(self.dialect, engine)
            if not self._shared:
                self._begin_epoch(engine, alone=alone)

    def _begin_epoch(self, engine: Engine, *, alone: bool) -> None:
        with engine.begin() as connection:
            where = self.dialect.timeline(connection)
            self._context.epoch = begin_epoch(
                connection, self.clock(), where, self._keys, alone=alone
            )

    def _now(self) -> int:
        """Return the time of the current clock, which tests replace while the server runs."""
        return self.clock()

    def _committed(self, batch: Sequence[PendingWrite]) -> None:
        """Resolve the futures and publish the events in the same turn of the loop.

        Those who await the futures run in the next turn, where the acknowledgement of a message and
        its event can share a write.
        """
        for write in batch:
            resolve(write)
        events = [event for write in batch for event in write.events]
        if events:
            try:
                causes = (write.trace for write in batch if write.events)
                with tracing.span_from("deliver", {"echosphere.events": len(events)}, causes):
                    self.publish(events)
            except Exception:
                log.exception("Events could not be published; clients will catch up")
        if any(write.jobs for write in batch):
            self._wake_jobs()

    def _perhaps_committed(self) -> None:
        """Look for what a commit of which nothing is known has left, if it was one."""
        self._wake_jobs()
        self.on_uncertain()

    def _wake_jobs(self) -> None:
        for wake in tuple(self.wake_jobs):
            wake()
