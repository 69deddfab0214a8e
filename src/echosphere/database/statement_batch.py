"""Statements that the commands of a batch share on PostgreSQL, where each one is a round trip.

What commands say they will read is read for all of them before the first one runs, and what need not
be written at once is written for all of them after the last one. See docs/decisions.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, CursorResult
from sqlalchemy.sql import Executable

from echosphere.database.for_many import ForMany
from echosphere.database.prepared import Prepared, Row
from echosphere.database.transaction import Lookup, Transaction, TransactionContext

Known = dict[tuple[Prepared, Any], list[Row]]
"""Rows that were read ahead, by statement and values."""

Prefetch = Callable[["BatchedTransaction"], Iterator[Sequence[Lookup]]]
"""`Command.prefetch` of a command."""


class StatementBatch:
    """What the commands of one transaction read ahead, and have not written yet.

    Args:
        connection: The connection, on which the transaction has begun.
        now: The server's time.
        cursor: The driver's cursor.
        context: What all transactions of this process share.
    """

    def __init__(
        self, connection: Connection, now: int, cursor: Any, context: TransactionContext
    ) -> None:
        self.connection = connection
        self._dialect = connection.dialect
        self._driver: Any = connection.connection.driver_connection
        self.now = now
        self.cursor = cursor
        self.context = context
        self._known: dict[str, Known] = {}
        self._later: dict[Prepared, dict[Any, Mapping[str, Any]]] = {}

    def transaction(self, lane: str) -> "BatchedTransaction":
        """Return the view of a command of this lane."""
        return BatchedTransaction(self, self._known.get(lane, {}))

    def prefetch(self, commands: Sequence[tuple[str, Prefetch]]) -> None:
        """Read what commands will read, given by their lanes.

        In place of what was read before: the commands in between may have changed it.
        """
        self.flush()
        self._known = {lane: {} for lane, _ in commands}
        asking = [(lane, prefetch(self.transaction(lane))) for lane, prefetch in commands]
        while asking:
            asking = self._ask(asking)

    def _ask(
        self, asking: Sequence[tuple[str, Iterator[Sequence[Lookup]]]]
    ) -> list[tuple[str, Iterator[Sequence[Lookup]]]]:
        """Read what each of them asks for next; return those that may ask for more."""
        wanted: dict[Prepared, tuple[ForMany, list[dict[str, Any]], list[list[Row]]]] = {}
        further = []
        for lane, asker in asking:
            lookups = next(asker, None)
            if lookups is None:
                continue
            further.append((lane, asker))
            known = self._known[lane]
            for prepared, values in lookups:
                if prepared not in wanted:
                    wanted[prepared] = (prepared.for_many(self._dialect), [], [])
                form, sets, results = wanted[prepared]
                key = prepared, form.key_of(values)
                if key not in known:
                    known[key] = []
                    results.append(known[key])
                    sets.append({"n": len(sets), **values})
        asked = [one for one in wanted.values() if one[1]]
        if asked:
            with self._driver.pipeline():
                found = [
                    (results, self._driver.execute(form.sql, form.parameters(sets), binary=True))
                    for form, sets, results in asked
                ]
                for results, cursor in found:
                    for row in cursor.fetchall():
                        results[row[-1]].append(row[:-1])
        return further

    def add(self, prepared: Prepared, key: object, values: Mapping[str, Any]) -> None:
        """Write this later, in place of what has the same key."""
        self._later.setdefault(prepared, {})[key] = values

    @property
    def is_flushed(self) -> bool:
        """Whether there is nothing left to write."""
        return not self._later

    def flush(self, then: Callable[[], None] = lambda: None) -> None:
        """Write what was to be written later, and do something with the same round trip."""
        if not self._later:
            then()
            return
        later, self._later = self._later, {}
        with self._driver.pipeline():
            for prepared, sets in later.items():
                form = prepared.for_many(self._dialect)
                self._driver.execute(form.sql, form.parameters(list(sets.values())))
            then()


class BatchedTransaction(Transaction):
    """A transaction that knows what was read ahead, and writes some things later.

    What it reads otherwise sees what was to be written later. What it writes at once makes it forget
    what was read ahead: the next command of its lane reads that itself.
    """

    __slots__ = ("_batch", "_known")

    def __init__(self, batch: StatementBatch, known: Known) -> None:
        super().__init__(batch.connection, batch.now, batch.cursor, batch.context)
        self._batch = batch
        self._known = known

    def _lookup(self, prepared: Prepared, values: Mapping[str, Any]) -> list[Row] | None:
        if not self._known:
            return None
        key_of = prepared.for_many(self._connection.dialect).key_of
        return self._known.get((prepared, key_of(values)))

    def first(self, prepared: Prepared, **values: Any) -> Row | None:
        """Return the first row that a prepared statement finds, or None."""
        rows = self.all(prepared, **values)
        return rows[0] if rows else None

    def all(self, prepared: Prepared, **values: Any) -> list[Row]:
        """Return the rows that a prepared statement finds."""
        known = self._lookup(prepared, values)
        return super().all(prepared, **values) if known is None else known

    def lock(self, prepared: Prepared, **values: Any) -> None:
        """Lock rows, unless they were locked ahead."""
        if self._lookup(prepared, values) is None:
            super().lock(prepared, **values)

    def execute(
        self, statement: Executable, parameters: Mapping[str, Any] | None = None
    ) -> CursorResult[Any]:
        """Run a statement of SQLAlchemy Core."""
        if not statement.is_select:
            self._known.clear()
        self._batch.flush()
        return super().execute(statement, parameters)

    def run(self, prepared: Prepared, **values: Any) -> int:
        """Run a prepared statement that writes, and return the number of affected rows."""
        self._known.clear()
        return super().run(prepared, **values)

    def run_many(self, prepared: Prepared, rows: Any) -> None:
        """Run a prepared statement that writes once per set of values."""
        self._known.clear()
        self._batch.flush()
        super().run_many(prepared, rows)

    def returning(self, prepared: Prepared, **values: Any) -> list[Row]:
        """Run a prepared statement that writes, and return its `RETURNING` rows."""
        self._known.clear()
        return super().returning(prepared, **values)

    def run_later(self, prepared: Prepared, key: object = None, /, **values: Any) -> None:
        """Write this with what other commands of the batch write."""
        self.wrote = True
        self.erased = self.erased or prepared.erases
        self._batch.add(prepared, object() if key is None else key, values)

    def insert_new(self, prepared: Prepared, existing: Lookup, /, **values: Any) -> bool:
        """Insert a row later if none was in its way when it was looked for, with its place locked."""
        found = self._lookup(*existing)
        if found is None:
            return super().insert_new(prepared, existing, **values)
        if not found:
            found.append(())
            self.run_later(prepared, **values)
            return True
        return False

    def learn(self, lookup: Lookup, rows: list[Row]) -> None:
        """Take these rows for what a query finds."""
        prepared, values = lookup
        key_of = prepared.for_many(self._connection.dialect).key_of
        self._known[prepared, key_of(values)] = rows

    def amend(self, prepared: Prepared, change: Callable[[Row], Row]) -> None:
        """Change what is known of this lane."""
        for (statement, _), rows in self._known.items():
            if statement is prepared:
                rows[:] = map(change, rows)

    def _run(self, prepared: Prepared, values: Mapping[str, Any]) -> Any:
        self._batch.flush()
        return super()._run(prepared, values)
