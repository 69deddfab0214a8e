"""Snapshots and transactions, through which use cases and stores read and write."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, CursorResult
from sqlalchemy.sql import Executable

from echosphere.database.job_table import INSERT_JOB
from echosphere.database.prepared import Prepared, Row

Event = Any
"""A frozen struct of a feature's `events.py`, named in the past tense."""


Lookup = tuple[Prepared, Mapping[str, Any]]
"""A prepared query and its values."""

T = TypeVar("T")


class Provided(Generic[T]):
    """Something that commands need from the process that runs them, such as a key.

    It is not part of a command, because it cannot or must not be sent to another process.

    Args:
        name: For error messages.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def of(self, transaction: "Transaction") -> T:
        """Return what the process that runs a transaction has provided.

        Raises:
            LookupError: Nothing was provided; see `Database.provide`.
        """
        provided = transaction.context.provided
        if self not in provided:
            raise LookupError(f"This process has not provided {self._name}")
        value: T = provided[self]
        return value


class OvertakenError(Exception):
    """Another process did the same meanwhile: the write is to run again, and will find what was done."""


Hooks = dict[type, list[Callable[["Transaction", Any], None]]]


@dataclass(slots=True)
class TransactionContext:
    """What all transactions of a process share.

    Attributes:
        hooks: Functions that run in the same transaction, by the type of the announced event.
        provided: What the process has provided.
        epoch: The number of the current epoch.
    """

    hooks: Hooks = field(default_factory=dict)
    provided: dict[Provided[Any], Any] = field(default_factory=dict)
    epoch: int = 0


class Snapshot:
    """A consistent snapshot of the database for reading.

    Attributes:
        now: The server's time when the work began, in milliseconds since 1970 UTC.
        dialect: The name of the database: `sqlite` or `postgresql`.
    """

    __slots__ = ("_connection", "_cursor", "dialect", "now")

    def __init__(self, connection: Connection, now: int, cursor: Any = None) -> None:
        self._connection = connection
        self._cursor = cursor or connection.connection.cursor()
        self.dialect = connection.dialect.name
        self.now = now

    def execute(
        self, statement: Executable, parameters: Mapping[str, Any] | None = None
    ) -> CursorResult[Any]:
        """Run a statement of SQLAlchemy Core."""
        return self._connection.execute(statement, parameters)

    def first(self, prepared: Prepared, **values: Any) -> Row | None:
        """Run a prepared statement and return its first row, or None."""
        rows: list[Row] = self._run(prepared, values).fetchall()
        return rows[0] if rows else None

    def all(self, prepared: Prepared, **values: Any) -> list[Row]:
        """Run a prepared statement and return its rows.

        All rows are fetched at once: a partly read statement would keep SQLite's transaction open.
        """
        rows: list[Row] = self._run(prepared, values).fetchall()
        return rows

    def _run(self, prepared: Prepared, values: Mapping[str, Any]) -> Any:
        sql, bind = prepared.compiled(self.dialect, self._connection.dialect)
        cursor = self._cursor
        cursor.execute(sql, bind(values))
        return cursor


class Transaction(Snapshot):
    """A command's view of a transaction, which is committed as a whole or not at all.

    Attributes:
        events: The announced events; published after the commit.
        wrote: Whether anything was written, so that a failure rolls back the whole batch.
        jobs: Whether a job was enqueued.
        context: What all transactions of this process share.
        erased: Whether data was deleted, which must leave the disk soon.
    """

    __slots__ = ("context", "erased", "events", "jobs", "wrote")

    def __init__(
        self,
        connection: Connection,
        now: int,
        cursor: Any = None,
        context: TransactionContext | None = None,
    ) -> None:
        super().__init__(connection, now, cursor)
        self.context = context or TransactionContext()
        self.events: list[Event] = []
        self.wrote = False
        self.erased = False
        self.jobs = False

    @property
    def epoch(self) -> int:
        """The number of the current epoch."""
        return self.context.epoch

    def execute(
        self, statement: Executable, parameters: Mapping[str, Any] | None = None
    ) -> CursorResult[Any]:
        """Run a statement of SQLAlchemy Core."""
        self.wrote = self.wrote or not statement.is_select
        self.erased = self.erased or statement.is_delete
        return super().execute(statement, parameters)

    def run(self, prepared: Prepared, **values: Any) -> int:
        """Run a prepared statement that writes, and return the number of affected rows."""
        self.wrote = True
        self.erased = self.erased or prepared.erases
        count: int = self._run(prepared, values).rowcount
        return count

    def run_later(self, prepared: Prepared, key: object = None, /, **values: Any) -> None:
        """Run a prepared statement that writes, before the commit.

        Commands of the same batch may have it run in common: then in any order among others of
        these, but before anything else that the transaction reads or writes. It must not change
        what they prefetch, unless `amend` says so.

        Args:
            key: Of several with the same key, the last one alone need be run.
            values: The values of the statement.
        """
        self.run(prepared, **values)

    def insert_new(self, prepared: Prepared, existing: Lookup, /, **values: Any) -> bool:
        """Run an `INSERT … ON CONFLICT DO NOTHING`, and return whether a row was inserted.

        Args:
            prepared: The statement.
            existing: Finds the row that would be in its way; a command that prefetches this has the
                row inserted later. No one else may insert such a row meanwhile.
            values: The values of the statement.
        """
        return self.run(prepared, **values) > 0

    def amend(self, prepared: Prepared, change: Callable[[Row], Row]) -> None:
        """Have what was prefetched by this query in this lane follow what is written later."""

    def run_many(self, prepared: Prepared, rows: Iterable[Mapping[str, Any]]) -> None:
        """Run a prepared statement that writes once per set of values."""
        self.wrote = True
        self.erased = self.erased or prepared.erases
        sql, bind = prepared.compiled(self.dialect, self._connection.dialect)
        self._cursor.executemany(sql, [bind(values) for values in rows])

    def returning(self, prepared: Prepared, **values: Any) -> list[Row]:
        """Run a prepared statement that writes, and return its `RETURNING` rows."""
        self.wrote = True
        return self.all(prepared, **values)

    def lock(self, prepared: Prepared, **values: Any) -> None:
        """Lock the rows of this `SELECT … FOR UPDATE` until the commit.

        SQLite has a single writer and needs no locks.
        """
        if self.dialect != "sqlite":
            self._run(prepared, values).fetchall()

    def announce(self, event: Event) -> None:
        """Publish an event after the commit.

        The hooks for its type run now, in the same transaction.
        """
        self.events.append(event)
        for work in self.context.hooks.get(type(event), ()):
            work(self, event)

    def enqueue(self, kind: str, payload: Mapping[str, Any], *, after: int = 0) -> None:
        """Enqueue a job, which survives crashes and is run after the commit, with retries.

        Args:
            kind: The name under which its function is registered.
            payload: Its arguments; JSON types only.
            after: Minimum delay in milliseconds.
        """
        self.run_later(
            INSERT_JOB,
            kind=kind,
            payload=json.dumps(payload),
            run_at=self.now + after,
            attempts=0,
            created_at=self.now,
        )
        self.jobs = True
