"""What use cases and stores are given to read and write with."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, CursorResult
from sqlalchemy.sql import Executable

from echosphere.database.jobs import INSERT_JOB
from echosphere.database.prepared import Prepared, Row

Event = Any
"""What happened, in the past tense: a frozen dataclass of a feature's `events.py`."""


class Snapshot:
    """One consistent view of the database, to read from.

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

        They are all fetched at once: a statement left half read would keep SQLite's
        transaction open.
        """
        rows: list[Row] = self._run(prepared, values).fetchall()
        return rows

    def _run(self, prepared: Prepared, values: Mapping[str, Any]) -> Any:
        sql, bind = prepared.compiled(self.dialect, self._connection.dialect)
        cursor = self._cursor
        cursor.execute(sql, bind(values))
        return cursor


Also = Mapping[type, Sequence[Callable[["Transaction", Any], None]]]
"""What is done in the same transaction when an event of a kind is announced."""


class Transaction(Snapshot):
    """One command's part of a transaction: what it writes is committed with all of it or not at all.

    Attributes:
        events: What was announced; published only after the commit.
        wrote: Whether anything was written, so that a failure would harm neighbours.
        jobs: Whether a job waits to be run after the commit.
        epoch: The number of the epoch that runs.
        erased: Whether something was removed that must leave the disk soon.
    """

    __slots__ = ("_also", "epoch", "erased", "events", "jobs", "wrote")

    def __init__(
        self,
        connection: Connection,
        now: int,
        cursor: Any = None,
        also: Also | None = None,
        epoch: int = 0,
    ) -> None:
        super().__init__(connection, now, cursor)
        self._also: Also = also or {}
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
        """Run a prepared statement that writes and return the number of rows it touched."""
        self.wrote = True
        self.erased = self.erased or prepared.erases
        count: int = self._run(prepared, values).rowcount
        return count

    def run_many(self, prepared: Prepared, rows: Iterable[Mapping[str, Any]]) -> None:
        """Run a prepared statement that writes once for each of these sets of values."""
        self.wrote = True
        self.erased = self.erased or prepared.erases
        sql, bind = prepared.compiled(self.dialect, self._connection.dialect)
        self._cursor.executemany(sql, [bind(values) for values in rows])

    def returning(self, prepared: Prepared, **values: Any) -> list[Row]:
        """Run a prepared statement that writes and return the rows that it gives back."""
        self.wrote = True
        return self.all(prepared, **values)

    def lock(self, prepared: Prepared, **values: Any) -> None:
        """Hold others who would change the rows of this `SELECT … FOR UPDATE` until the commit.

        SQLite has one writer and needs no lock.
        """
        if self.dialect != "sqlite":
            self._run(prepared, values).fetchall()

    def announce(self, event: Event) -> None:
        """Tell everybody concerned once the transaction is committed.

        What other features do in the same transaction when this happens is done here.
        """
        self.events.append(event)
        for work in self._also.get(type(event), ()):
            work(self, event)

    def enqueue(self, kind: str, payload: Mapping[str, Any], *, after: int = 0) -> None:
        """Leave work that must survive a crash: it is run after the commit, with retries.

        Args:
            kind: The name under which the work's function was registered.
            payload: Its arguments; JSON types only.
            after: How many milliseconds to wait at least.
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
