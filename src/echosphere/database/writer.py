"""The writer: commits all waiting writes in one transaction."""

import logging
from asyncio import AbstractEventLoop, Future, TimerHandle
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Engine

from echosphere.core import tracing
from echosphere.core.clock import Clock
from echosphere.core.errors import Unavailable
from echosphere.database.batch import Batch, PendingWrite, PersistentConnection
from echosphere.database.dialects import Dialect
from echosphere.database.statement_batch import Prefetch
from echosphere.database.transaction import Transaction, TransactionContext
from echosphere.database.write_state import WriteState

MAX_BATCH = 256
"""Writes per commit; with more, the first would wait too long."""

DEADLINE = 10.0
"""Seconds after which a write fails with `Unavailable`, whatever the reason."""

LOCK_TIMEOUT = 5.0
"""Seconds from submission for which a write waits while another program locks the database."""

CHECK_INTERVAL = 1.0

TRUNCATE_AFTER = 3.0
"""Seconds from a deletion to the truncation of the write-ahead log, which covers those in between."""

TRUNCATE_EVERY = 60.0
"""The same after other changes, which may have replaced text, such as a draft."""

TRUNCATE_RETRY = 1.0
"""Seconds until the next attempt if a reader prevented it."""

HELD_UP = 0.2
"""Seconds of one batch after which other lanes are given to another writer."""

MAX_ON_LOOP = 0.004
"""Seconds that writes may block the loop; the rest runs in the next batch."""

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")

log = logging.getLogger(__name__)

Publish = Callable[[Sequence[PendingWrite]], None]
"""Called on the loop with the writes of a finished batch."""


def run_on_loop(query: F) -> F:
    """Mark a query of a few prepared statements on a few rows as one to run on the event loop.

    This applies to SQLite, where threads would hand over the GIL at every statement; see
    docs/decisions. Commands declare it on their class.
    """
    query.runs_on_loop = True  # type: ignore[attr-defined]
    return query


def runs_on_loop(query: Callable[..., Any]) -> bool:
    """Whether a query is marked with `run_on_loop`."""
    return hasattr(query, "runs_on_loop")


class Writer:
    """Writes on one connection, one batch at a time.

    Its methods run on the event loop; only batches run in its thread.
    """

    def __init__(
        self,
        engine: Engine,
        dialect: Dialect,
        clock: Clock,
        loop: AbstractEventLoop,
        publish: Publish,
        *,
        on_uncertain: Callable[[], None],
        context: TransactionContext,
        state: WriteState,
        name: str = "writer",
    ) -> None:
        self._connection = PersistentConnection(engine)
        self._dialect = dialect
        self._clock = clock
        self._loop = loop
        self._publish = publish
        self._on_uncertain = on_uncertain
        self._context = context
        self._state = state
        self._running: Sequence[PendingWrite] = ()
        self._watch: TimerHandle | None = None
        self._truncating: TimerHandle | None = None
        self._truncate_next = False
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._waiting: deque[PendingWrite] = deque()
        self._busy = False
        self._busy_since = 0.0
        self.submitted = 0
        """How many writes were submitted."""
        self.finished = 0
        """How many of them are finished; the first submitted are the first finished."""
        self._idle: Future[None] | None = None

    def submit(
        self,
        run: Callable[[Transaction], T],
        lane: str,
        on_loop: bool,
        own_transaction: bool,
        prefetch: Prefetch | None = None,
    ) -> Future[T]:
        """Queue a write; its future is resolved after the commit."""
        future: Future[T] = self._loop.create_future()
        write = PendingWrite(run, future, lane, on_loop, own_transaction, prefetch)
        write.submitted_at = self._loop.time()
        if tracing.tracer is not None:
            write.trace = tracing.tracer.current()
        self._waiting.append(write)
        self.submitted += 1
        if not self._busy:
            self._busy = True
            self._busy_since = write.submitted_at
            if self._watch is None:
                self._watch = self._loop.call_later(CHECK_INTERVAL, self._expire_overdue)
            # Writes submitted in the same turn of the loop share the commit.
            self._loop.call_soon(self._run_next_batch)
        return future

    async def stop(self) -> None:
        """Finish the queued writes; nothing may be submitted afterwards."""
        if self._busy:
            self._idle = self._loop.create_future()
            await self._idle
        for timer in (self._watch, self._truncating):
            if timer is not None:
                timer.cancel()
        self._thread.shutdown()
        self._connection.close()

    def is_held_up(self) -> bool:
        """Whether its batch takes long: it waits for a lock, or has much to do."""
        return self._busy and self._loop.time() - self._busy_since > HELD_UP

    def queue(self) -> tuple[int, float]:
        """Return the number of unfinished writes, and the age of the oldest in seconds."""
        unanswered = [*self._running, *self._waiting]
        oldest = min((one.submitted_at for one in unanswered), default=self._loop.time())
        return len(unanswered), self._loop.time() - oldest

    def _expire_overdue(self) -> None:
        """Fail overdue writes, and interrupt the database.

        It is unknown whether a running write was committed: the caller repeats it, as after a lost
        answer.
        """
        self._watch = None
        since = self._loop.time() - DEADLINE
        late = [one for one in self._running if one.submitted_at < since and not one.future.done()]
        while self._waiting and self._waiting[0].submitted_at < since:
            late.append(self._waiting.popleft())
            self.finished += 1
        for write in late:
            write.error = Unavailable(
                "The database is not responding. Try again in a moment.", retry_after=5
            )
            resolve(write)
        if late:
            self._state.record_refusal("silent", len(late), waited=DEADLINE)
            log.warning("The database did not answer %d writes in time", len(late))
        if self._running and self._running[0].submitted_at < since:
            self._connection.interrupt(self._dialect)
        if self._busy:
            self._watch = self._loop.call_later(CHECK_INTERVAL, self._expire_overdue)

    def _run_next_batch(self) -> None:
        """Run the next batch, on the loop or in the thread."""
        self.finished += len(self._running)
        self._running = ()
        if self._truncate_next:
            self._truncate_next = False
            self._thread.submit(self._truncate_in_thread)
            return
        waiting = self._waiting
        if not waiting:
            self._busy = False
            if self._idle is not None:
                self._idle.set_result(None)
            return
        writes = self._next_writes()
        self._running = writes
        self._busy_since = self._loop.time()
        batch = Batch(
            self._connection,
            self._dialect,
            self._clock,
            context=self._context,
            state=self._state,
        )
        if self._dialect.single_process and all(one.on_loop for one in writes):
            self._run_on_loop(batch, writes)
        else:
            self._execute_in_thread(batch, writes)

    def _next_writes(self) -> list[PendingWrite]:
        """Return the writes of the next transaction, in the order in which they run.

        Several writers lock conversations in order of their ids, which rules out deadlocks.
        """
        waiting = self._waiting
        most = min(len(waiting), MAX_BATCH)
        if self._dialect.single_process:
            return [waiting.popleft() for _ in range(most)]
        some = [waiting.popleft()]
        while len(some) < most and not (some[0].own_transaction or waiting[0].own_transaction):
            some.append(waiting.popleft())
        return sorted(some, key=_lane)

    def _run_on_loop(self, batch: Batch, writes: list[PendingWrite]) -> None:
        try:
            batch.begin(lock_timeout=0)
            done = batch.run(writes, MAX_ON_LOOP)
        except Exception:
            # It was rolled back, or another program locks the database, for which a thread can wait.
            self._execute_in_thread(batch, writes)
            return
        self._waiting.extendleft(reversed(writes[done:]))
        self._run_in_thread(batch.commit_or_fail, batch)

    def _execute_in_thread(self, batch: Batch, writes: list[PendingWrite]) -> None:
        waited = self._loop.time() - min(one.submitted_at for one in writes)
        lock_timeout = max(LOCK_TIMEOUT - waited, 0.1)
        self._run_in_thread(partial(batch.execute, lock_timeout=lock_timeout), batch, writes)

    def _run_in_thread(
        self, work: Callable[..., None], batch: Batch, *args: list[PendingWrite]
    ) -> None:
        def run() -> None:
            work(*args)
            self._loop.call_soon_threadsafe(self._batch_done, batch)

        self._thread.submit(run)

    def _batch_done(self, batch: Batch) -> None:
        if batch.wrote and self._dialect.single_process:
            self._truncate_in(TRUNCATE_AFTER if batch.erased else TRUNCATE_EVERY)
        if tracing.tracer is not None:
            record_writes(tracing.tracer, batch.writes, self._loop.time())
        try:
            self._publish(batch.writes)
            if batch.uncertain:
                self._on_uncertain()
        finally:
            self._run_next_batch()

    def _truncate_in(self, seconds: float) -> None:
        """Schedule the truncation of the write-ahead log, which still contains deleted data."""
        due = self._loop.time() + seconds
        if self._truncating is not None:
            if self._truncating.when() <= due:
                return
            self._truncating.cancel()
        self._truncating = self._loop.call_at(due, self._truncate)

    def _truncate(self) -> None:
        self._truncating = None
        self._truncate_next = True
        if not self._busy:
            self._busy = True
            self._run_next_batch()

    def _truncate_in_thread(self) -> None:
        try:
            done = self._dialect.truncate_wal(self._connection.open())
        except Exception:
            log.exception("The write-ahead log could not be truncated")
            done = False
        self._loop.call_soon_threadsafe(self._truncated, done)

    def _truncated(self, done: bool) -> None:
        if not done:
            self._truncate_in(TRUNCATE_RETRY)
        self._run_next_batch()


def _lane(write: PendingWrite) -> str:
    return write.lane


def resolve(write: PendingWrite) -> None:
    """Resolve a write's future with its result or error."""
    if write.future.done():  # canceled by the caller, though committed
        return
    if write.error is not None:
        write.future.set_exception(write.error)
    else:
        write.future.set_result(write.result)


def record_writes(tracer: tracing.Tracer, writes: Sequence[PendingWrite], now: float) -> None:
    """Record from when to when each write waited for its commit; what follows is part of that."""
    for write in writes:
        if write.trace is None:
            continue
        attributes: tracing.Attributes = {
            "echosphere.command": type(getattr(write.run, "__self__", write.run)).__name__,
            "echosphere.batch": len(writes),
            "echosphere.outcome": "committed"
            if write.error is None
            else type(write.error).__name__,
        }
        took = now - write.submitted_at
        write.trace = tracer.record("write", took, attributes, parents=[write.trace])
