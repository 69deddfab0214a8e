"""Writes that share one transaction and one commit."""

import logging
from asyncio import Future
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic, perf_counter
from typing import Any

from sqlalchemy import Connection, Engine, RootTransaction
from sqlalchemy.exc import DBAPIError

from echosphere.core.clock import Clock
from echosphere.database.dialects import Dialect
from echosphere.database.transaction import Event, Transaction, TransactionContext
from echosphere.database.write_state import WriteState

UNTRUSTED_AFTER = frozenset({"damaged", "disk"})
"""Causes after which a connection is replaced: it would still fail when the file is intact again."""

MAX_CONFLICT_TRIES = 3
"""How often a write is tried separately when it conflicts with another process."""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class PendingWrite:
    """A submitted write, and its result or error once it was run.

    Attributes:
        run: Does it in a transaction and returns the result.
        lane: The conversation or user whose writes are run in their order; empty for none.
        on_loop: Whether it may run on the event loop.
        own_transaction: Whether it must not share one.
    """

    run: Callable[[Transaction], Any]
    future: Future[Any]
    lane: str = ""
    on_loop: bool = False
    own_transaction: bool = False
    result: Any = None
    error: BaseException | None = None
    events: list[Event] = field(default_factory=list)
    jobs: bool = False
    submitted_at: float = 0.0
    """On the clock of the event loop."""


class BatchRolledBackError(Exception):
    """A write failed after it wrote: the batch was rolled back and the others must run again."""


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
        """Return the connection; connects if necessary."""
        if self._connection is None:
            self._connection = self._engine.connect()
        return self._connection

    def interrupt(self, dialect: Dialect) -> None:
        """Interrupt the running statement; called from another thread."""
        connection = self._connection
        with suppress(Exception):  # it may end by itself meanwhile
            if connection is not None:
                dialect.interrupt(connection.connection.driver_connection)

    def drop(self) -> None:
        """Discard the connection; the next use connects again."""
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
    """Runs writes in order, in one transaction unless one of them fails after it wrote.

    Args:
        connection: Its connection.
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
        self._written = False  # in the transaction that runs
        self._dialect = dialect
        self._clock = clock
        self._transaction: RootTransaction | None = None
        self._begun_at = monotonic()
        self.writes: Sequence[PendingWrite] = ()

    def execute(self, writes: Sequence[PendingWrite], lock_timeout: float = 60.0) -> None:
        """Run and commit the writes; each then has its result or its error."""
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
            lock_timeout: Seconds to wait at most while another program locks the database.
        """
        self._dialect.require_claim()
        connection = self._connection.open()
        connection.info["lock_timeout"] = lock_timeout
        self._written = False
        self._transaction = connection.begin()

    def run(self, writes: Sequence[PendingWrite], seconds: float | None = None) -> int:
        """Run writes and return how many were run within `seconds`.

        Raises:
            BatchRolledBackError: A write failed after it wrote; all were rolled back.
        """
        connection = self._connection.open()
        now, cursor = self._clock(), connection.connection.cursor()
        until = None if seconds is None else perf_counter() + seconds
        for count, write in enumerate(writes, 1):
            self._attempt(write, Transaction(connection, now, cursor, self._context))
            if until is not None and perf_counter() > until:
                self.writes = writes[:count]
                return count
        self.writes = writes
        return len(writes)

    def commit(self) -> None:
        """Commit the transaction."""
        assert self._transaction is not None  # noqa: S101 - begun
        self._transaction.commit()
        self._transaction = None
        if self._written:
            self._state.record_commit()

    def commit_or_fail(self) -> None:
        """Commit; if that fails, all writes get the error."""
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
            if transaction.wrote or is_database_error(error):
                self._roll_back(error)
                raise BatchRolledBackError from error
            write.error = error
        self._written = self._written or transaction.wrote
        self.wrote = self.wrote or transaction.wrote
        self.erased = self.erased or transaction.erased
        write.events = transaction.events
        write.jobs = transaction.jobs

    def _run_separately(self, write: PendingWrite) -> None:
        """Run a write in its own transaction, and again if it conflicts with another process.

        It is rolled back before each retry and then sees what the other process has committed.
        """
        for tries_left in reversed(range(MAX_CONFLICT_TRIES)):
            try:
                self.begin()
                own = Transaction(self._connection.open(), self._clock(), context=self._context)
                self._attempt(write, own, separately=True)
                self.commit()
            except Exception as error:
                self._roll_back(error)
                if tries_left and self._dialect.is_conflict(cause_of(error)):
                    continue
                self._fail([write], error)
            return

    def _fail(self, writes: Sequence[PendingWrite], error: Exception) -> None:
        refusal = self._dialect.refusal(cause_of(error))
        if refusal is not None:
            log.warning("The database refused a write: %s", cause_of(error))
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
        if self._dialect.single_process:  # it caches pages of the file, damaged ones too
            return self._dialect.cause(cause_of(error)) in UNTRUSTED_AFTER
        return not self._dialect.is_conflict(cause_of(error))


def cause_of(error: BaseException) -> BaseException:
    """Return the driver's own error behind that of SQLAlchemy, or the error itself."""
    return getattr(error, "orig", None) or error


def is_database_error(error: Exception) -> bool:
    """Whether the database or its driver raised this error, and not a use case."""
    return isinstance(error, DBAPIError) or type(error).__module__.startswith(
        ("sqlite3", "psycopg")
    )
