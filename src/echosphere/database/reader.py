"""Readers: each has a connection and runs one query at a time, on a consistent snapshot."""

import asyncio
import logging
from asyncio import AbstractEventLoop, Future, TimerHandle
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from time import perf_counter
from typing import Any

from sqlalchemy import Engine

from echosphere.core.clock import Clock
from echosphere.core.errors import Unavailable
from echosphere.database.batch import PersistentConnection, cause_of, is_database_error
from echosphere.database.dialects import Dialect
from echosphere.database.transaction import Snapshot

DEADLINE = 10.0
"""Seconds after which a query fails with `Unavailable`."""

CHECK_INTERVAL = 1.0

READER_THREADS = 4
"""Threads that run queries."""

MAX_ON_LOOP = 0.004
"""Seconds that queries may block the loop; the rest runs in its next turn."""

SLOW_QUERY = 0.05
"""Seconds; a query that blocks the loop for longer has probably waited for the disk."""

THREADS_ONLY_FOR = 0.5
"""Seconds after a slow query during which all queries run in threads."""

Query = Callable[[Snapshot], Any]

log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class PendingQuery:
    """A submitted query, and the future of its result."""

    query: Query
    future: Future[Any]
    submitted_at: float = 0.0
    reader: "Reader | None" = None
    """The reader that is running it in a thread."""


class Reader:
    """Runs queries on a connection of its own, which it replaces when it breaks."""

    def __init__(self, engine: Engine, dialect: Dialect, clock: Clock) -> None:
        self._connection = PersistentConnection(engine)
        self._dialect = dialect
        self._clock = clock

    def run(self, query: Query) -> Any:
        """Run a query on a consistent snapshot.

        If the connection was lost since its last use, the query runs again on a new one.

        Raises:
            Unavailable: The database does not answer.
        """
        was_open = self._connection.is_open
        try:
            return self._run(query)
        except Exception as error:
            if was_open and self._dialect.is_lost(cause_of(error)):
                return self.run(query)
            refusal = self._dialect.refusal(cause_of(error))
            if refusal is None:
                raise
            log.warning("The database rejected a read: %s", error)
            raise refusal from error

    def interrupt(self) -> None:
        """Interrupt the running query; called from another thread."""
        self._connection.interrupt(self._dialect)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _run(self, query: Query) -> Any:
        connection = self._connection.open()
        cursor = connection.connection.cursor()
        try:
            self._dialect.begin_reading(cursor)
            result = query(Snapshot(connection, self._clock(), cursor))
            self._end_snapshot()
        except Exception as error:
            self._discard(error)
            raise
        return result

    def _discard(self, error: Exception) -> None:
        """End the snapshot; replace a connection that may be broken."""
        try:
            if not is_database_error(error):
                self._end_snapshot()
                return
        except Exception:  # out of memory, for example: the snapshot would stay open
            log.warning("A snapshot could not be ended; the connection is replaced")
        self._connection.drop()

    def _end_snapshot(self) -> None:
        connection = self._connection.open()
        connection.rollback()  # resets the state of SQLAlchemy
        connection.connection.rollback()


class Readers:
    """Runs queries in threads; marked ones on the loop, if the database is SQLite.

    Python's `sqlite3` releases the GIL at every row, and a thread then waits up to 5 ms to get it
    back from a busy loop; see docs/decisions.

    Args:
        dialect: Opens the connections.
        clock: The server's time.
        loop: The loop on which queries are submitted.
    """

    def __init__(self, dialect: Dialect, clock: Clock, loop: AbstractEventLoop) -> None:
        self._dialect = dialect
        self._loop = loop
        self._engine = dialect.reading_engine()
        self._threads = ThreadPoolExecutor(READER_THREADS, thread_name_prefix="reader")
        self._idle = [Reader(self._engine, dialect, clock) for _ in range(READER_THREADS)]
        self._loop_reader = Reader(self._engine, dialect, clock)
        self._waiting: deque[PendingQuery] = deque()
        self._busy = False
        self._in_threads_until = 0.0
        self._in_threads: dict[PendingQuery, None] = {}
        self._watch: TimerHandle | None = None

    def submit(self, query: Query, *, on_loop: bool) -> Future[Any]:
        """Submit a query, and return the future of its result."""
        if not (
            on_loop and self._dialect.single_process and perf_counter() >= self._in_threads_until
        ):
            return self._submit_to_thread(query)
        pending = PendingQuery(query, self._loop.create_future())
        self._waiting.append(pending)
        if not self._busy:
            self._busy = True
            self._loop.call_soon(self._run_waiting)
        return pending.future

    async def stop(self) -> None:
        """Finish the submitted queries and close the connections; no more may be submitted."""
        while self._waiting:
            self._run_on_loop(self._waiting.popleft())
        await asyncio.to_thread(self._threads.shutdown)
        if self._watch is not None:
            self._watch.cancel()
        for reader in (*self._idle, self._loop_reader):
            reader.close()
        self._engine.dispose()

    def _submit_to_thread(self, query: Query) -> Future[Any]:
        pending = PendingQuery(query, self._loop.create_future(), self._loop.time())
        self._in_threads[pending] = None
        done = self._loop.run_in_executor(self._threads, self._run_in_thread, pending)
        done.add_done_callback(partial(self._done, pending))
        if self._watch is None:
            self._watch = self._loop.call_later(CHECK_INTERVAL, self._expire_overdue)
        return pending.future

    def _done(self, pending: PendingQuery, done: Future[Any]) -> None:
        self._in_threads.pop(pending, None)
        error = done.exception()
        if pending.future.done():  # timed out, or cancelled by the caller
            return
        if error is None:
            pending.future.set_result(done.result())
        else:
            pending.future.set_exception(error)

    def _expire_overdue(self) -> None:
        """Fail overdue queries, and interrupt them."""
        self._watch = None
        since = self._loop.time() - DEADLINE
        for pending in [pending for pending in self._in_threads if pending.submitted_at < since]:
            if not pending.future.done():
                pending.future.set_exception(
                    Unavailable(
                        "The database is not responding. Try again in a moment.", retry_after=5
                    )
                )
            if pending.reader is not None:
                pending.reader.interrupt()
        if self._in_threads:
            self._watch = self._loop.call_later(CHECK_INTERVAL, self._expire_overdue)

    def _run_in_thread(self, pending: PendingQuery) -> Any:
        if pending.future.done():
            return None
        reader = self._idle.pop()  # there is one for each thread
        pending.reader = reader
        try:
            return reader.run(pending.query)
        finally:
            pending.reader = None
            self._idle.append(reader)

    def _run_waiting(self) -> None:
        """Run waiting queries for up to `MAX_ON_LOOP`."""
        began = now = perf_counter()
        while self._waiting and now - began < MAX_ON_LOOP:
            before = now
            self._run_on_loop(self._waiting.popleft())
            now = perf_counter()
            if now - before > SLOW_QUERY:
                self._in_threads_until = now + THREADS_ONLY_FOR
        if self._waiting:
            self._loop.call_soon(self._run_waiting)
        else:
            self._busy = False

    def _run_on_loop(self, pending: PendingQuery) -> None:
        if pending.future.done():  # cancelled by the caller
            return
        try:
            pending.future.set_result(self._loop_reader.run(pending.query))
        except Exception as error:
            pending.future.set_exception(error)
