"""Readers: each keeps its connection and runs one query after the other, each on one state."""

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
from echosphere.database.batch import Line, cause_of, is_database_error
from echosphere.database.dialects import Dialect
from echosphere.database.transaction import Snapshot

DEADLINE = 10.0
"""Seconds after which whoever asked is answered that it cannot be said now."""

LOOK_EVERY = 1.0

READERS = 4
"""Threads that read."""

MAX_ON_LOOP = 0.004
"""Seconds that quick queries may keep the loop; those that are left come in its next turn."""

SLOW = 0.05
"""Seconds: a query that keeps the loop for longer was not quick, or had to wait for the disk."""

PAUSE = 0.5
"""Seconds after a slow query in which the threads do all the reading."""

Query = Callable[[Snapshot], Any]

log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class Look:
    """A query that waits to be run, and whoever waits for its result."""

    query: Query
    answer: Future[Any]
    arrived: float = 0.0
    reader: "Reader | None" = None
    """Who runs it, when a thread does."""


class Reader:
    """One connection that reads, kept from query to query and replaced when it broke."""

    def __init__(self, engine: Engine, dialect: Dialect, clock: Clock) -> None:
        self._line = Line(engine)
        self._dialect = dialect
        self._clock = clock

    def run(self, query: Query) -> Any:
        """Run a query on one consistent view of what is committed.

        A connection that was lost while nobody looked is replaced, and the query run again.

        Raises:
            Unavailable: The database does not answer.
        """
        was_open = self._line.is_open
        try:
            return self._run(query)
        except Exception as error:
            if was_open and self._dialect.is_lost(cause_of(error)):
                return self.run(query)
            refusal = self._dialect.refusal(cause_of(error))
            if refusal is None:
                raise
            log.warning("The database refused a read: %s", error)
            raise refusal from error

    def interrupt(self) -> None:
        """End a query that takes too long; called from another thread."""
        self._line.interrupt(self._dialect)

    def close(self) -> None:
        """Give the connection back."""
        self._line.close()

    def _run(self, query: Query) -> Any:
        connection = self._line.open()
        cursor = connection.connection.cursor()
        try:
            self._dialect.begin_reading(cursor)
            result = query(Snapshot(connection, self._clock(), cursor))
            self._end_view()
        except Exception as error:
            self._give_up(error)
            raise
        return result

    def _give_up(self, error: Exception) -> None:
        """End the view; a connection that may be broken is replaced."""
        try:
            if not is_database_error(error):
                self._end_view()
                return
        except Exception:  # without memory, for example: the view would stay open for ever
            log.warning("A view could not be ended; the connection is replaced")
        self._line.drop()

    def _end_view(self) -> None:
        connection = self._line.open()
        connection.rollback()  # as far as SQLAlchemy knows of the transaction
        connection.connection.rollback()


class Readers:
    """Runs queries: in threads, or on the loop if they are quick and the database is a file.

    Python's `sqlite3` gives the interpreter's lock away at every row. A thread that wants it back
    from a busy loop waits up to 5 ms for each; docs/decisions tells more.

    Args:
        dialect: Opens the connections.
        clock: Where the time of a view comes from.
        loop: On which queries are submitted and answered.
    """

    def __init__(self, dialect: Dialect, clock: Clock, loop: AbstractEventLoop) -> None:
        self._dialect = dialect
        self._loop = loop
        self._engine = dialect.reading_engine()
        self._threads = ThreadPoolExecutor(READERS, thread_name_prefix="reader")
        self._idle = [Reader(self._engine, dialect, clock) for _ in range(READERS)]
        self._here = Reader(self._engine, dialect, clock)
        self._waiting: deque[Look] = deque()
        self._busy = False
        self._in_threads_until = 0.0
        self._with_threads: dict[Look, None] = {}
        self._watch: TimerHandle | None = None

    def submit(self, query: Query, *, quick: bool) -> Future[Any]:
        """Have a query run; its result or error comes with the future."""
        if not (quick and self._dialect.is_local and perf_counter() >= self._in_threads_until):
            return self._submit_to_thread(query)
        look = Look(query, self._loop.create_future())
        self._waiting.append(look)
        if not self._busy:
            self._busy = True
            self._loop.call_soon(self._turn)
        return look.answer

    async def stop(self) -> None:
        """Finish what is being read and let go of the database; nothing may be submitted more."""
        while self._waiting:
            self._run_here(self._waiting.popleft())
        await asyncio.to_thread(self._threads.shutdown)
        if self._watch is not None:
            self._watch.cancel()
        for reader in (*self._idle, self._here):
            reader.close()
        self._engine.dispose()

    def _submit_to_thread(self, query: Query) -> Future[Any]:
        look = Look(query, self._loop.create_future(), self._loop.time())
        self._with_threads[look] = None
        done = self._loop.run_in_executor(self._threads, self._run_in_thread, look)
        done.add_done_callback(partial(self._done, look))
        if self._watch is None:
            self._watch = self._loop.call_later(LOOK_EVERY, self._look_at_threads)
        return look.answer

    def _done(self, look: Look, done: Future[Any]) -> None:
        self._with_threads.pop(look, None)
        error = done.exception()
        if look.answer.done():  # too late, or the caller has given up
            return
        if error is None:
            look.answer.set_result(done.result())
        else:
            look.answer.set_exception(error)

    def _look_at_threads(self) -> None:
        """Answer those who have waited for too long, and end what they wait for."""
        self._watch = None
        since = self._loop.time() - DEADLINE
        for look in [look for look in self._with_threads if look.arrived < since]:
            if not look.answer.done():
                look.answer.set_exception(
                    Unavailable("The database does not answer. Try again soon.", retry_after=5)
                )
            if look.reader is not None:
                look.reader.interrupt()
        if self._with_threads:
            self._watch = self._loop.call_later(LOOK_EVERY, self._look_at_threads)

    def _run_in_thread(self, look: Look) -> Any:
        if look.answer.done():
            return None
        reader = self._idle.pop()  # there are as many as threads
        look.reader = reader
        try:
            return reader.run(look.query)
        finally:
            look.reader = None
            self._idle.append(reader)

    def _turn(self) -> None:
        """Run what waits, as long as the loop can be kept."""
        began = now = perf_counter()
        while self._waiting and now - began < MAX_ON_LOOP:
            before = now
            self._run_here(self._waiting.popleft())
            now = perf_counter()
            if now - before > SLOW:
                self._in_threads_until = now + PAUSE
        if self._waiting:
            self._loop.call_soon(self._turn)
        else:
            self._busy = False

    def _run_here(self, look: Look) -> None:
        if look.answer.done():  # the caller has given up
            return
        try:
            look.answer.set_result(self._here.run(look.query))
        except Exception as error:
            look.answer.set_exception(error)
