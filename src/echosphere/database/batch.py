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
from echosphere.database.transaction import Also, Event, Transaction
from echosphere.database.write_state import WriteState

KEPT_WRONG = frozenset({"damaged", "disk"})
"""Causes after which a connection may not be believed: it would go on when the file is well again."""

TRIES = 3
"""How often a command is run alone that comes into conflict with another process."""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Command:
    """A use case that waits to be run, and what came of it."""

    use_case: Callable[..., Any]
    args: tuple[Any, ...]
    answer: Future[Any]
    lane: str = ""
    result: Any = None
    error: BaseException | None = None
    events: list[Event] = field(default_factory=list)
    jobs: bool = False
    arrived: float = 0.0
    """When it was submitted, on the loop's clock."""


class HarmedBatchError(Exception):
    """A command failed after it wrote: its neighbours must be run again without it."""


class Line:
    """A writer's connection: kept open from batch to batch, replaced when it broke."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None

    @property
    def is_open(self) -> bool:
        """Whether there is a connection."""
        return self._connection is not None

    def open(self) -> Connection:
        """Return the connection; connects if there is none."""
        if self._connection is None:
            self._connection = self._engine.connect()
        return self._connection

    def interrupt(self, dialect: Dialect) -> None:
        """End what is going on over the connection; called from another thread."""
        connection = self._connection
        with suppress(Exception):  # it ends by itself meanwhile
            if connection is not None:
                dialect.interrupt(connection.connection.driver_connection)

    def drop(self) -> None:
        """Have the next batch connect anew."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.invalidate()
            connection.close()

    def close(self) -> None:
        """Give the connection back."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


class Batch:
    """Runs commands in their order, in one transaction as long as none of them does harm.

    Args:
        line: Its connection.
        dialect: Knows which errors mean that the database is away.
        clock: Where the time of the transaction comes from.
        also: What is done beside the use cases when they announce something.
        epoch: Tells the number of the epoch that runs.
        state: Is told what became of it.
    """

    def __init__(
        self,
        line: Line,
        dialect: Dialect,
        clock: Clock,
        also: Also | None = None,
        *,
        epoch: Callable[[], int] = lambda: 0,
        state: WriteState | None = None,
    ) -> None:
        self._line = line
        self._also = also
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

    def settle(self, commands: Sequence[Command], patience: float = 60.0) -> None:
        """Give every command its result or its error; what succeeded is on disk then."""
        self.commands = commands
        self._begun_at = monotonic()
        try:
            self.begin(patience=patience)
            self.run(commands)
            self.commit()
        except HarmedBatchError:
            for command in commands:
                self._run_alone(command)
        except Exception as error:
            self._give_up(error)
            self._fail(commands, error)

    def begin(self, *, patience: float = 60.0) -> None:
        """Begin the transaction.

        Args:
            patience: Seconds to wait at most while another program holds the database.
        """
        self._dialect.require_claim()
        connection = self._line.open()
        connection.info["patience"] = patience
        self._written = False
        self._transaction = connection.begin()

    def run(self, commands: Sequence[Command], seconds: float | None = None) -> int:
        """Run commands and return how many: all, or those for which there was time.

        Raises:
            HarmedBatchError: One failed after it wrote; all was rolled back.
        """
        connection = self._line.open()
        now, cursor, epoch = self._clock(), connection.connection.cursor(), self._epoch()
        until = None if seconds is None else perf_counter() + seconds
        for count, command in enumerate(commands, 1):
            self._attempt(command, Transaction(connection, now, cursor, self._also, epoch))
            if until is not None and perf_counter() > until:
                self.commands = commands[:count]
                return count
        self.commands = commands
        return len(commands)

    def commit(self) -> None:
        """Bring what was written to the disk."""
        assert self._transaction is not None  # noqa: S101 - begun
        self._transaction.commit()
        self._transaction = None
        if self._written:
            self._state.committed()

    def commit_or_fail(self) -> None:
        """Commit, or give all commands the error that the commit ended with."""
        try:
            self.commit()
        except Exception as error:
            self._give_up(error)
            self._fail(self.commands, error)

    def _attempt(self, command: Command, transaction: Transaction, *, alone: bool = False) -> None:
        command.error = None
        try:
            command.result = command.use_case(transaction, *command.args)
        except Exception as error:
            if alone:
                raise
            if transaction.wrote or is_database_error(error):
                self._give_up(error)
                raise HarmedBatchError from error
            command.error = error
        self._written = self._written or transaction.wrote
        self.wrote = self.wrote or transaction.wrote
        self.erased = self.erased or transaction.erased
        command.events = transaction.events
        command.jobs = transaction.jobs

    def _run_alone(self, command: Command) -> None:
        """Run a command in a transaction of its own, and again if another process was in its way.

        What it had written was rolled back, and it now sees what the other has committed.
        """
        for tries_left in reversed(range(TRIES)):
            try:
                self.begin()
                alone = Transaction(
                    self._line.open(), self._clock(), also=self._also, epoch=self._epoch()
                )
                self._attempt(command, alone, alone=True)
                self.commit()
            except Exception as error:
                self._give_up(error)
                if tries_left and self._dialect.is_conflict(cause_of(error)):
                    continue
                self._fail([command], error)
            return

    def _fail(self, commands: Sequence[Command], error: Exception) -> None:
        refusal = self._dialect.refusal(cause_of(error))
        if refusal is not None:
            log.warning("The database refused a write: %s", cause_of(error))
            cause, waited = self._dialect.cause(cause_of(error)), monotonic() - self._begun_at
            self._state.refused(cause, len(commands), waited=waited)
        for command in commands:
            command.error = refusal or error
            command.events = []
            command.jobs = False

    def _give_up(self, error: Exception) -> None:
        """Roll back; a connection that may be broken is replaced."""
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
        if self._dialect.is_local:  # it keeps pages of the file, also those that are damaged in it
            return self._dialect.cause(cause_of(error)) in KEPT_WRONG
        return not self._dialect.is_conflict(cause_of(error))


def cause_of(error: BaseException) -> BaseException:
    """Return the driver's own error behind that of SQLAlchemy, or the error itself."""
    return getattr(error, "orig", None) or error


def is_database_error(error: Exception) -> bool:
    """Whether the database or its driver raised this, and not a use case."""
    return isinstance(error, DBAPIError) or type(error).__module__.startswith(
        ("sqlite3", "psycopg")
    )
