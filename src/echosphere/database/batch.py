"""Batches: writes that share a transaction and a commit."""

import logging
from asyncio import Future
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import groupby
from time import monotonic, perf_counter
from typing import Any

from sqlalchemy import Connection, Engine, RootTransaction
from sqlalchemy.exc import DBAPIError

from echosphere.core.clock import Clock
from echosphere.database.dialects import Dialect
from echosphere.database.statement_batch import Prefetch, StatementBatch
from echosphere.database.transaction import (
    Event,
    OvertakenError,
    Transaction,
    TransactionContext,
)
from echosphere.database.write_state import WriteState

UNTRUSTED_AFTER = frozenset({"damaged", "disk"})
"""Causes after which a connection is replaced, since it may cache damaged pages."""

MAX_CONFLICT_TRIES = 3
"""How often a write that conflicts with another process is tried in its own transaction."""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class PendingWrite:
    """A submitted write, with its result or error after it has run.

    Attributes:
        run: Performs it in a transaction and returns the result.
        lane: The conversation or user whose writes run in order; empty for none.
        on_loop: Whether it may run on the event loop.
        own_transaction: Whether it must not share a transaction.
        prefetch: Says what it will read; None if it does not, or no one wants to know.
    """

    run: Callable[[Transaction], Any]
    future: Future[Any]
    lane: str = ""
    on_loop: bool = False
    own_transaction: bool = False
    prefetch: Prefetch | None = None
    result: Any = None
    error: BaseException | None = None
    events: list[Event] = field(default_factory=list)
    jobs: bool = False
    submitted_at: float = 0.0
    """On the clock of the event loop."""
    trace: str | None = None
    """The span that it is part of, where traces are collected; then the write's own."""


class BatchRolledBackError(Exception):
    """A write failed after it had written: the batch was rolled back, and the others must run again."""


class PersistentConnection:
    """A connection that stays open between uses and is replaced when it breaks."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None

    @property
    def is_open(self) -> bool:
        """Whether it is connected."""
        return self._connection is not None

    def open(self) -> Connection:
        """Return the connection, opening it if necessary."""
        if self._connection is None:
            self._connection = self._engine.connect()
        return self._connection

    def interrupt(self, dialect: Dialect) -> None:
        """Interrupt the running statement; called from another thread."""
        connection = self._connection
        with suppress(Exception):  # the statement may end by itself meanwhile
            if connection is not None:
                dialect.interrupt(connection.connection.driver_connection)

    def drop(self) -> None:
        """Discard the connection; the next use opens another."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.invalidate()
            connection.close()

    def close(self) -> None:
        """Close the connection."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


class Batch:
    """Runs writes in order, in one transaction unless one of them fails after it has written.

    Args:
        connection: The connection to use.
        dialect: Classifies the errors of the driver.
        clock: The server's time.
        context: What all transactions of this process share.
        state: Records commits and refusals.
    """

    def __init__(
        self,
        connection: PersistentConnection,
        dialect: Dialect,
        clock: Clock,
        *,
        context: TransactionContext | None = None,
        state: WriteState | None = None,
    ) -> None:
        self._connection = connection
        self._context = context or TransactionContext()
        self._state = state or WriteState()
        self.wrote = False
        self.erased = False
        self.uncertain = False
        """Whether the connection broke at the commit: it may have been carried out."""
        self._written = False  # in the current transaction
        self._dialect = dialect
        self._clock = clock
        self._transaction: RootTransaction | None = None
        self._unflushed: StatementBatch | None = None
        self._begun_at = monotonic()
        self.writes: Sequence[PendingWrite] = ()

    def execute(self, writes: Sequence[PendingWrite], lock_timeout: float = 60.0) -> None:
        """Run and commit the writes, after which each has its result or error."""
        self.writes = writes
        self._begun_at = monotonic()
        try:
            self.begin(lock_timeout=lock_timeout)
            self.run(writes)
            self.commit()
        except BatchRolledBackError:
            for write in writes:
                self._run_separately(write)
        except Exception as error:
            self._roll_back(error)
            self._fail(writes, error)

    def begin(self, *, lock_timeout: float = 60.0) -> None:
        """Begin the transaction.

        Args:
            lock_timeout: Seconds to wait while another program locks the database.
        """
        self._dialect.require_claim()
        connection = self._connection.open()
        if not self._dialect.is_current(connection):
            self._connection.drop()
            connection = self._connection.open()
        connection.info["lock_timeout"] = lock_timeout
        self._written = False
        self._transaction = connection.begin()

    def run(self, writes: Sequence[PendingWrite], seconds: float | None = None) -> int:
        """Run writes for up to `seconds`, and return how many were run.

        Raises:
            BatchRolledBackError: A write failed after it had written; all were rolled back.
        """
        connection = self._connection.open()
        now, cursor = self._clock(), connection.connection.cursor()
        if not self._dialect.single_process:
            self._run_with_common_statements(
                writes, StatementBatch(connection, now, cursor, self._context)
            )
            return len(writes)
        until = None if seconds is None else perf_counter() + seconds
        for count, write in enumerate(writes, 1):
            self._attempt(write, Transaction(connection, now, cursor, self._context))
            if until is not None and perf_counter() > until:
                self.writes = writes[:count]
                return count
        self.writes = writes
        return len(writes)

    def _run_with_common_statements(
        self, writes: Sequence[PendingWrite], batch: StatementBatch
    ) -> None:
        """Run all writes; those next to each other that prefetch do so in common."""
        self.writes = writes
        for prefetches, run in groupby(writes, _prefetches):
            some = list(run)
            if prefetches:
                self._or_roll_back(
                    batch.prefetch, [(one.lane, one.prefetch) for one in some if one.prefetch]
                )
            for write in some:
                self._attempt(write, batch.transaction(write.lane))
        self._unflushed = None if batch.is_flushed else batch

    def _or_roll_back(self, work: Callable[..., None], *args: Any) -> None:
        try:
            work(*args)
        except Exception as error:
            self._roll_back(error)
            raise BatchRolledBackError from error

    def commit(self) -> None:
        """Commit the transaction.

        Raises:
            BatchRolledBackError: What was to be written at last cannot be written.
        """
        assert self._transaction is not None  # noqa: S101 - begun
        unflushed, self._unflushed = self._unflushed, None
        try:
            if unflushed is None:
                self._transaction.commit()
            else:
                unflushed.flush(then=self._transaction.commit)
        except Exception as error:
            self.uncertain = self.uncertain or self._is_uncertain(error)
            if unflushed is None or self._dialect.is_lost(cause_of(error)):
                raise
            self._roll_back(error)
            raise BatchRolledBackError from error
        self._transaction = None
        if self._written:
            self._state.record_commit()

    def _is_uncertain(self, error: Exception) -> bool:
        return self._written and self._dialect.is_lost(cause_of(error))

    def commit_or_fail(self) -> None:
        """Commit; if that fails, give all writes the error."""
        try:
            self.commit()
        except Exception as error:
            self._roll_back(error)
            self._fail(self.writes, error)

    def _attempt(
        self, write: PendingWrite, transaction: Transaction, *, separately: bool = False
    ) -> None:
        write.error = None
        try:
            write.result = write.run(transaction)
        except Exception as error:
            if separately:
                raise
            overtaken = isinstance(error, OvertakenError)
            if transaction.wrote or overtaken or is_database_error(error):
                self._roll_back(error)
                raise BatchRolledBackError from error
            write.error = error
        self._written = self._written or transaction.wrote
        self.wrote = self.wrote or transaction.wrote
        self.erased = self.erased or transaction.erased
        write.events = transaction.events
        write.jobs = transaction.jobs

    def _run_separately(self, write: PendingWrite) -> None:
        """Run a write in its own transaction, and retry it if it conflicts with another process.

        Each retry sees what the other process has committed.
        """
        for tries_left in reversed(range(MAX_CONFLICT_TRIES)):
            try:
                self.begin()
                own = Transaction(self._connection.open(), self._clock(), context=self._context)
                self._attempt(write, own, separately=True)
                self.commit()
            except Exception as error:
                self._roll_back(error)
                overtaken = isinstance(error, OvertakenError)
                if tries_left and (overtaken or self._dialect.is_conflict(cause_of(error))):
                    continue
                self._fail([write], error)
            return

    def _fail(self, writes: Sequence[PendingWrite], error: Exception) -> None:
        refusal = self._dialect.refusal(cause_of(error))
        if refusal is not None:
            log.warning("The database rejected a write: %s", cause_of(error))
            cause, waited = self._dialect.cause(cause_of(error)), monotonic() - self._begun_at
            self._state.record_refusal(cause, len(writes), waited=waited)
        for write in writes:
            write.error = refusal or error
            write.events = []
            write.jobs = False

    def _roll_back(self, error: Exception) -> None:
        """Roll back; replace a connection that may be broken."""
        transaction, self._transaction = self._transaction, None
        try:
            if transaction is not None:
                transaction.rollback()
        except Exception:
            log.warning("A rollback failed; the connection is replaced")
            self._connection.drop()
        else:
            if self._may_be_broken(error):
                self._connection.drop()

    def _may_be_broken(self, error: Exception) -> bool:
        if not is_database_error(error):
            return False
        if self._dialect.single_process:  # it caches pages of the file, damaged ones included
            return self._dialect.cause(cause_of(error)) in UNTRUSTED_AFTER
        return not self._dialect.is_conflict(cause_of(error))


def _prefetches(write: PendingWrite) -> bool:
    return write.prefetch is not None


def cause_of(error: BaseException) -> BaseException:
    """Return the driver's error that SQLAlchemy wraps, or the error itself."""
    return getattr(error, "orig", None) or error


def is_database_error(error: Exception) -> bool:
    """Whether the error comes from the database or its driver and not from a use case."""
    return isinstance(error, DBAPIError) or type(error).__module__.startswith(
        ("sqlite3", "psycopg")
    )
