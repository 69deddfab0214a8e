"""The one boundary between the event loop and the synchronous code that uses the database."""

import asyncio
import logging
import zlib
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Engine

from echosphere.core.clock import Clock, system_clock
from echosphere.core.errors import Unavailable
from echosphere.database.batch import Command
from echosphere.database.dialects import dialect_for
from echosphere.database.epochs import begin_epoch
from echosphere.database.probe import write_probe_row
from echosphere.database.reader import Readers
from echosphere.database.transaction import Event, Snapshot, Transaction
from echosphere.database.upgrading import migrate
from echosphere.database.write_state import WriteState
from echosphere.database.writer import Writer, answer, is_quick

P = ParamSpec("P")
T = TypeVar("T")
E = TypeVar("E")

Publish = Callable[[Sequence[Event]], None]

CLAIM_INTERVAL = 2.0
"""Seconds between two looks at whether the database is still ours when nothing is written."""

EXAMINE_FOR = 10.0
"""Seconds for which the start waits while a database is examined after a crash."""

log = logging.getLogger(__name__)


class Database:
    """Runs use cases in the writer and queries in readers.

    Args:
        url: `sqlite:///path/app.db` or `postgresql://user:password@host/name`.
        clock: Where the server's time comes from.
        beside: Whether a server may use the database at the same time, where that is possible.
        publish: Called on the loop with the events of each commit, in their order.
        wake_jobs: Called on the loop after a commit that left a job.
        on_claim_lost: Called on the loop with a sentence when another server took the database.
        on_interrupted: Called on the loop when the database was away for a moment: it may be another
            one by now, such as a copy that lacks the last seconds.
    """

    def __init__(self, url: str, clock: Clock = system_clock, *, beside: bool = False) -> None:
        self.dialect = dialect_for(url)
        self.clock = clock
        self.publish: Publish = lambda _events: None
        self.wake_jobs: set[Callable[[], None]] = set()
        self.on_interrupted: Callable[[], None] = lambda: None
        self.on_claim_lost: Callable[[str], None] = lambda _sentence: None
        self._beside = beside and not self.dialect.is_local
        self._epoch = 0
        self.writing = WriteState()
        self._watch: asyncio.Task[None] | None = None
        self._also: dict[type, list[Callable[[Transaction, Any], None]]] = {}
        self._writers: list[Writer] = []
        self._writing: Engine | None = None
        self._readers: Readers | None = None

    def in_same_transaction(self, kind: type[E], work: Callable[[Transaction, E], None]) -> None:
        """Have something done in the same transaction whenever an event of this kind is announced.

        For what must be there if and only if the event is: rows of another feature, or a job.
        """
        self._also.setdefault(kind, []).append(work)

    async def start(self) -> None:
        """Claim the database, bring its tables up to date and start the threads.

        Raises:
            RuntimeError: Another server is running on the same database, or the tables are
                newer than this version of EchoSphere.
        """
        try:
            await self._start(asyncio.get_running_loop())
        except BaseException:
            await self.stop()
            raise

    async def _start(self, loop: asyncio.AbstractEventLoop) -> None:
        if not self._beside:
            lost, again = partial(self._claim_lost, loop), partial(self._claimed_again, loop)
            await asyncio.to_thread(self.dialect.claim, lost, again)
            self._watch = asyncio.create_task(self._watch_claim(), name="claim")
        await self._examine()
        self._writing = self.dialect.writing_engine()
        await asyncio.to_thread(migrate, self._writing)
        if not self._beside:
            self._epoch = await asyncio.to_thread(begin_epoch, self._writing, self.clock())
        self._readers = Readers(self.dialect, self._now, loop)
        self._writers = [
            Writer(
                self._writing,
                self.dialect,
                self.clock,
                loop,
                self._committed,
                also=self._also,
                epoch=lambda: self._epoch,
                state=self.writing,
                name=f"writer-{lane}",
            )
            for lane in range(self.dialect.writers)
        ]

    async def _examine(self) -> None:
        """Refuse to write to a file that a crash has damaged: that would make it worse."""
        damage = await asyncio.to_thread(self.dialect.examine_after_crash, EXAMINE_FOR)
        if damage:
            raise RuntimeError(
                f"The database is damaged ({damage}). Restore a backup, or keep a copy of the data "
                "folder and try SQLite's .recover."
            )

    async def stop(self) -> None:
        """Finish what is waiting, then let go of the database."""
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

    def write(
        self,
        use_case: Callable[Concatenate[Transaction, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Awaitable[T]:
        """Run a use case in a transaction; its result comes once the commit is on disk.

        Raises:
            Unavailable: The database cannot take the write now. Nothing was stored, or, when it did
                not answer in time, perhaps something: then the caller repeats it, as after an
                answer that was lost.
        """
        return self.write_in("", use_case, *args, **kwargs)

    def write_in(
        self,
        lane: str,
        use_case: Callable[Concatenate[Transaction, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Awaitable[T]:
        """Like `write`, behind earlier commands of the same lane (a conversation's id)."""
        assert not kwargs, "commands take positional arguments"  # noqa: S101
        if not self._writers:
            raise Unavailable("The server is stopping. Try again in a moment.", retry_after=5)
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        writer = self._writers[zlib.crc32(lane.encode()) % len(self._writers)]
        writer.submit(Command(use_case, args, future, lane))
        return future

    def read(
        self,
        query: Callable[Concatenate[Snapshot, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Awaitable[T]:
        """Run a query on one consistent view of what is committed.

        Raises:
            Unavailable: The database does not answer.
        """
        if self._readers is None:
            raise Unavailable("The server is stopping. Try again in a moment.", retry_after=5)

        def run(snapshot: Snapshot) -> T:
            return query(snapshot, *args, **kwargs)

        return self._readers.submit(run, quick=is_quick(query))

    def queue(self) -> tuple[int, float]:
        """Return how many writes are not answered yet, and the age of the oldest in seconds."""
        queues = [writer.queue() for writer in self._writers]
        return sum(count for count, _ in queues), max((age for _, age in queues), default=0.0)

    async def ready(self) -> None:
        """Prove that the database answers."""
        await self.read(lambda _snapshot: None)

    async def probe(self) -> None:
        """Write as much as a message would, without leaving anything.

        Raises:
            Unavailable: It cannot be brought to the disk.
        """
        await self.write(write_probe_row)

    async def _watch_claim(self) -> None:
        """Notice in quiet times, too, that another server has the database."""
        while not self.dialect.is_local:
            await asyncio.sleep(CLAIM_INTERVAL)
            with suppress(Exception):  # it is noted where it is noticed
                await asyncio.to_thread(self.dialect.require_claim)

    def _claim_lost(self, loop: asyncio.AbstractEventLoop, sentence: str) -> None:
        loop.call_soon_threadsafe(self.on_claim_lost, sentence)

    def _claimed_again(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin an epoch before anything is written to what may be a copy."""
        assert self._writing is not None  # noqa: S101 - started
        self._epoch = begin_epoch(self._writing, self.clock())
        loop.call_soon_threadsafe(self.on_interrupted)

    def _now(self) -> int:
        """Ask the clock of this moment: it can be replaced while the server runs."""
        return self.clock()

    def _committed(self, batch: Sequence[Command]) -> None:
        """Answer and publish in one turn of the loop: neither is seen without the other.

        The answers wake their waiters in the next turn, where the acknowledgement of a message
        and its event can share a write.
        """
        for command in batch:
            answer(command)
        events = [event for command in batch for event in command.events]
        if events:
            try:
                self.publish(events)
            except Exception:
                log.exception("Events could not be published; clients will catch up")
        if any(command.jobs for command in batch):
            for wake in tuple(self.wake_jobs):
                wake()
