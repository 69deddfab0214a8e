"""Snapshots and transactions, with which use cases and stores read and write."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, CursorResult
from sqlalchemy.sql import Executable

from echosphere.database.job_table import INSERT_JOB
from echosphere.database.prepared import Prepared, Row

Event = Any
"""What happened, in the past tense: a frozen dataclass of a feature's `events.py`."""


class Snapshot:
    """A consistent snapshot of the database for reading.

    Attributes:
        now: The server's time in milliseconds when the work began.
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

        All are fetched at once: a partly read statement would keep SQLite's transaction open.
        """
        rows: list[Row] = self._run(prepared, values).fetchall()
        return rows

    def _run(self, prepared: Prepared, values: Mapping[str, Any]) -> Any:
        sql, bind = prepared.compiled(self.dialect, self._connection.dialect)
        cursor = self._cursor
        cursor.execute(sql, bind(values))
        return cursor


TransactionHooks = Mapping[type, Sequence[Callable[["Transaction", Any], None]]]
"""The functions that run in the same transaction when an event of a type is announced."""


class Transaction(Snapshot):
    """One command's part of a transaction, which is committed as a whole or not at all.

    Attributes:
        events: The announced events; published after the commit.
        wrote: Whether anything was written, so that a failure rolls back the whole batch.
        jobs: Whether a job was enqueued.
        epoch: The number of the current epoch.
        erased: Whether something was deleted that must leave the disk soon.
    """

    __slots__ = ("_hooks", "epoch", "erased", "events", "jobs", "wrote")

    def __init__(
        self,
        connection: Connection,
        now: int,
        cursor: Any = None,
        hooks: TransactionHooks | None = None,
        epoch: int = 0,
    ) -> None:
        super().__init__(connection, now, cursor)
        self._hooks: TransactionHooks = hooks or {}
        self.epoch = epoch
        self.events: list[Event] = []
        self.wrote = False
        self.erased = False
        self.jobs = False

    def execute(
        self, statement: Executable, parameters: Mapping[str, Any] | None = None
    ) -> CursorResult[Any]:
        """Run a statement of SQLAlchemy Core."""
        self.wrote = self.wrote or not statement.is_select
        self.erased = self.erased or statement.is_delete
        return super().execute(statement, parameters)

    def run(self, prepared: Prepared, **values: Any) -> int:
        """Run a prepared statement that writes and return the number of affected rows."""
        self.wrote = True
        self.erased = self.erased or prepared.erases
        count: int = self._run(prepared, values).rowcount
        return count

    def run_many(self, prepared: Prepared, rows: Iterable[Mapping[str, Any]]) -> None:
        """Run a prepared statement that writes once per set of values."""
        self.wrote = True
        self.erased = self.erased or prepared.erases
        sql, bind = prepared.compiled(self.dialect, self._connection.dialect)
        self._cursor.executemany(sql, [bind(values) for values in rows])

    def returning(self, prepared: Prepared, **values: Any) -> list[Row]:
        """Run a prepared statement that writes and return its `RETURNING` rows."""
        self.wrote = True
        return self.all(prepared, **values)

    def lock(self, prepared: Prepared, **values: Any) -> None:
        """Lock the rows of this `SELECT … FOR UPDATE` until the commit.

        SQLite has one writer and needs no locks.
        """
        if self.dialect != "sqlite":
            self._run(prepared, values).fetchall()

    def announce(self, event: Event) -> None:
        """Publish an event after the commit.

        The hooks of its type run now, in the same transaction.
        """
        self.events.append(event)
        for work in self._hooks.get(type(event), ()):
            work(self, event)

    def enqueue(self, kind: str, payload: Mapping[str, Any], *, after: int = 0) -> None:
        """Enqueue a job, which survives crashes and is run after the commit, with retries.

        Args:
            kind: The name under which its function is registered.
            payload: Its arguments; JSON types only.
            after: Milliseconds to wait at least.
        """
        self.run(
            INSERT_JOB,
            kind=kind,
            payload=json.dumps(payload),
            run_at=self.now + after,
            attempts=0,
            created_at=self.now,
        )
        self.jobs = True
