"""Commands that share one transaction and one commit."""

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
from echosphere.database.transaction import Event, Transaction, TransactionHooks
from echosphere.database.write_state import WriteState

UNTRUSTED_AFTER = frozenset({"damaged", "disk"})
"""Causes after which a connection is replaced: it would still fail when the file is intact again."""

MAX_CONFLICT_TRIES = 3
"""How often a command is tried separately when it conflicts with another process."""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Command:
    """A submitted use case and its result."""

    use_case: Callable[..., Any]
    args: tuple[Any, ...]
    future: Future[Any]
    lane: str = ""
    result: Any = None
    error: BaseException | None = None
    events: list[Event] = field(default_factory=list)
    jobs: bool = False
    submitted_at: float = 0.0
    """On the clock of the event loop."""


class BatchRolledBackError(Exception):
    """A command failed after it wrote: the batch was rolled back and the others must run again."""


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
    """Runs commands in order, in one transaction unless one of them fails after it wrote.

    Args:
        line: Its connection.
        dialect: Classifies the errors of the driver.
        clock: The server's time.
        hooks: Run in the same transaction when a use case announces an event.
        epoch: Returns the number of the current epoch.
        state: Records commits and refusals.
    """

    def __init__(
        self,
        line: PersistentConnection,
        dialect: Dialect,
        clock: Clock,
        hooks: TransactionHooks | None = None,
        *,
        epoch: Callable[[], int] = lambda: 0,
        state: WriteState | None = None,
    ) -> None:
        self._line = line
        self._hooks = hooks
        self._epoch = epoch
        self._state = state or WriteState()
        self.wrote = False
        self.erased = False
        self._written = False  # in the transaction that runs
        self._dialect = dialect
        self._clock = clock
        self._transaction: RootTransaction | None = None
        self._begun_at = monotonic()
        self.commands: Sequence[Command] = ()

    def execute(self, commands: Sequence[Command], lock_timeout: float = 60.0) -> None:
        """Run and commit the commands; each then has its result or its error."""
        self.commands = commands
        self._begun_at = monotonic()
        try:
            self.begin(lock_timeout=lock_timeout)
            self.run(commands)
            self.commit()
        except BatchRolledBackError:
            for command in commands:
                self._run_separately(command)
        except Exception as error:
            self._roll_back(error)
            self._fail(commands, error)

    def begin(self, *, lock_timeout: float = 60.0) -> None:
        """Begin the transaction.

        Args:
            patience: Seconds to wait at most while another program locks the database.
        """
        self._dialect.require_claim()
        connection = self._line.open()
        connection.info["lock_timeout"] = lock_timeout
        self._written = False
        self._transaction = connection.begin()

    def run(self, commands: Sequence[Command], seconds: float | None = None) -> int:
        """Run commands and return how many were run within `seconds`.

        Raises:
            BatchRolledBackError: A command failed after it wrote; all were rolled back.
        """
        connection = self._line.open()
        now, cursor, epoch = self._clock(), connection.connection.cursor(), self._epoch()
        until = None if seconds is None else perf_counter() + seconds
        for count, command in enumerate(commands, 1):
            self._attempt(command, Transaction(connection, now, cursor, self._hooks, epoch))
            if until is not None and perf_counter() > until:
                self.commands = commands[:count]
                return count
        self.commands = commands
        return len(commands)

    def commit(self) -> None:
        """Commit the transaction."""
        assert self._transaction is not None  # noqa: S101 - begun
        self._transaction.commit()
        self._transaction = None
        if self._written:
            self._state.record_commit()

    def commit_or_fail(self) -> None:
        """Commit; if that fails, all commands get the error."""
        try:
            self.commit()
        except Exception as error:
            self._roll_back(error)
            self._fail(self.commands, error)

    def _attempt(self, command: Command, transaction: Transaction, *, alone: bool = False) -> None:
        command.error = None
        try:
            command.result = command.use_case(transaction, *command.args)
        except Exception as error:
            if alone:
                raise
            if transaction.wrote or is_database_error(error):
                self._roll_back(error)
                raise BatchRolledBackError from error
            command.error = error
        self._written = self._written or transaction.wrote
        self.wrote = self.wrote or transaction.wrote
        self.erased = self.erased or transaction.erased
        command.events = transaction.events
        command.jobs = transaction.jobs

    def _run_separately(self, command: Command) -> None:
        """Run a command in its own transaction, and again if it conflicts with another process.

        It is rolled back before each retry and then sees what the other process has committed.
        """
        for tries_left in reversed(range(MAX_CONFLICT_TRIES)):
            try:
                self.begin()
                own = Transaction(
                    self._line.open(), self._clock(), hooks=self._hooks, epoch=self._epoch()
                )
                self._attempt(command, own, alone=True)
                self.commit()
            except Exception as error:
                self._roll_back(error)
                if tries_left and self._dialect.is_conflict(cause_of(error)):
                    continue
                self._fail([command], error)
            return

    def _fail(self, commands: Sequence[Command], error: Exception) -> None:
        refusal = self._dialect.refusal(cause_of(error))
        if refusal is not None:
            log.warning("The database refused a write: %s", cause_of(error))
            cause, waited = self._dialect.cause(cause_of(error)), monotonic() - self._begun_at
            self._state.record_refusal(cause, len(commands), waited=waited)
        for command in commands:
            command.error = refusal or error
            command.events = []
            command.jobs = False

    def _roll_back(self, error: Exception) -> None:
        """Roll back; replace a connection that may be broken."""
        transaction, self._transaction = self._transaction, None
        try:
            if transaction is not None:
                transaction.rollback()
        except Exception:
            log.warning("A rollback failed; the connection is replaced")
            self._line.drop()
        else:
            if self._may_be_broken(error):
                self._line.drop()

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
