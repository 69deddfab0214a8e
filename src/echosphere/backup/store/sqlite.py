"""Reading all of an SQLite database at one moment, and filling one."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from echosphere.backup.rows import RowValues
from echosphere.backup.store.tables import (
    LATEST_EPOCH,
    Column,
    FileRef,
    TableShape,
    existing_files,
    in_order,
    is_copied,
    latest_epoch,
    quote,
    refs_of,
    select_files,
    select_first_rows,
    select_rows,
)

FETCH = 100
"""Rows that are held in memory."""

BUSY_SECONDS = 30.0


class SQLiteSource:
    """Reads a file while a server writes to it: all of one moment, that of opening it.

    Args:
        path: The file.
    """

    dialect = "sqlite"

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection = sqlite3.connect(
            f"file:{path}?mode=ro", uri=True, timeout=BUSY_SECONDS, isolation_level=None
        )
        self._connection.execute("BEGIN")
        self.revision = read_revision(self._connection)
        self.tables = read_tables(self._connection)

    def size(self) -> int:
        """Return the bytes of the database."""
        return self._path.stat().st_size

    def rows(self, table: TableShape) -> Iterator[RowValues]:
        """Give all rows of a table."""
        yield from _fetched(self._connection.execute(select_rows(table)), table)

    def rows_after(
        self, table: TableShape, key: Sequence[object] | None, limit: int
    ) -> list[RowValues]:
        """Return the rows that follow a key, or the first ones, by the primary key."""
        if key is None:
            cursor = self._connection.execute(select_first_rows(table), (limit,))
        else:
            cursor = self._connection.execute(select_rows(table, after=True), (*key, limit))
        return list(_fetched(cursor, table))

    def files(self) -> Iterator[FileRef]:
        """Give the stored files that rows refer to, in order."""
        for of in existing_files(self.tables):
            for blob_id, has_thumbnail in self._connection.execute(select_files(of, "")):
                yield from refs_of(of, blob_id, has_thumbnail)

    def latest_epoch(self) -> str:
        """Return the id of the last start of a server; empty if there was none."""
        return latest_epoch(self._connection.execute(LATEST_EPOCH).fetchone())

    def next_numbers(self) -> dict[str, int]:
        """Return the number after the last message that was indexed.

        SQLite itself counts on from the highest number that is there.
        """
        row = self._connection.execute("SELECT max(done) FROM search_progress").fetchone()
        return {"messages": (row[0] or 0) + 1}

    def close(self) -> None:
        """Let go of that moment."""
        self._connection.close()


class SQLiteLoader:
    """Fills the tables of a new database over a connection of its own.

    Args:
        connection: Its connection.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.tables = read_tables(connection)

    def insert(self, table: TableShape, rows: Iterable[RowValues]) -> None:
        """Insert rows."""
        marks = ", ".join("?" * len(table.columns))
        names = ", ".join(map(quote, table.names))
        statement = f"INSERT INTO {quote(table.name)} ({names}) VALUES ({marks})"  # noqa: S608
        self._connection.executemany(statement, rows)

    def rows(self, table: TableShape) -> Iterator[RowValues]:
        """Give all rows of a table, those too that are not committed yet."""
        yield from _fetched(self._connection.execute(select_rows(table)), table)

    def delete_all(self) -> None:
        """Delete the rows of all tables."""
        for table in self.tables:
            self._connection.execute(f"DELETE FROM {quote(table.name)}")  # noqa: S608 - our tables

    def finish(self, _next_numbers: dict[str, int]) -> None:
        """Build the search index, and check what refers to what.

        Raises:
            RuntimeError: A row refers to one that is not there.
        """
        self._connection.execute("INSERT INTO search_index(search_index) VALUES ('rebuild')")
        broken = self._connection.execute("PRAGMA foreign_key_check").fetchone()
        if broken is not None:
            raise RuntimeError(
                f"A row of {broken[0]} refers to one of {broken[2]} that is missing."
            )


def read_revision(connection: sqlite3.Connection) -> str | None:
    """Return the revision of the tables; None if there are none."""
    if not connection.execute(
        "SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'"
    ).fetchone():
        return None
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return None if row is None else str(row[0])


def read_tables(connection: sqlite3.Connection) -> list[TableShape]:
    """Return the tables whose rows are copied, those that others refer to first."""
    query = "SELECT name FROM sqlite_master WHERE type = 'table'"
    names = [name for (name,) in connection.execute(query) if is_copied(name)]
    keys = 'SELECT DISTINCT "table" FROM pragma_foreign_key_list(?)'
    references = {name: [row[0] for row in connection.execute(keys, (name,))] for name in names}
    return in_order((_read_table(connection, name) for name in names), references)


def integrity_problem(path: Path) -> str:
    """Return what is damaged in a file; empty if it is intact."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(10)")]
    return "" if found == ["ok"] else "; ".join(found)


def _read_table(connection: sqlite3.Connection, name: str) -> TableShape:
    query = "SELECT name, type, pk FROM pragma_table_info(?) ORDER BY name"
    found = connection.execute(query, (name,)).fetchall()
    columns = tuple(Column(column, _kind(declared)) for column, declared, _ in found)
    key = sorted((place, column) for column, _, place in found if place)
    return TableShape(name, columns, tuple(column for _, column in key))


def _kind(declared: str) -> str:
    if declared == "BOOLEAN":
        return "boolean"
    return "integer" if "INT" in declared else "text"


def _fetched(cursor: sqlite3.Cursor, table: TableShape) -> Iterator[RowValues]:
    booleans = [place for place, column in enumerate(table.columns) if column.kind == "boolean"]
    while rows := cursor.fetchmany(FETCH):
        yield from (_with_booleans(row, booleans) for row in rows) if booleans else rows


def _with_booleans(row: tuple[Any, ...], places: Sequence[int]) -> list[Any]:
    """SQLite has no truth values: it answers 0 and 1."""
    values = list(row)
    for place in places:
        if values[place] is not None:
            values[place] = bool(values[place])
    return values
