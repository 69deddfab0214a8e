"""Reading all of a PostgreSQL database at one moment, and filling one: by COPY, without pg_dump."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import psycopg
from psycopg import sql

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

KINDS = {"bigint": "integer", "integer": "integer", "boolean": "boolean"}
TYPES = {"integer": "int8", "text": "text", "boolean": "bool"}

_COLUMNS = """
SELECT table_name, column_name, data_type FROM information_schema.columns
WHERE table_schema = current_schema() ORDER BY table_name, column_name COLLATE "C"
"""
_KEYS = """
SELECT c.relname, a.attname
FROM pg_index AS i
JOIN pg_class AS c ON c.oid = i.indrelid
CROSS JOIN LATERAL unnest(i.indkey::smallint[]) WITH ORDINALITY AS k (attnum, place)
JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = k.attnum
WHERE i.indisprimary AND c.relnamespace = current_schema()::regnamespace
ORDER BY c.relname, k.place
"""
_REFERENCES = """
SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint
WHERE contype = 'f' AND connamespace = current_schema()::regnamespace
"""
_SEQUENCES = """
SELECT table_name, column_name, pg_get_serial_sequence(quote_ident(table_name), column_name)
FROM information_schema.columns
WHERE table_schema = current_schema()
AND pg_get_serial_sequence(quote_ident(table_name), column_name) IS NOT NULL
"""
Connection = psycopg.Connection[Any]


class PostgreSQLSource:
    """Reads a database while servers write to it: all of one moment, that of opening it.

    Args:
        url: As libpq takes it.
    """

    dialect = "postgresql"

    def __init__(self, url: str) -> None:
        self._connection = psycopg.connect(url, connect_timeout=5)
        self._connection.read_only = True
        self._connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        self.revision = read_revision(self._connection)
        self.tables = read_tables(self._connection)

    def size(self) -> int:
        """Return the bytes of the database."""
        row = self._connection.execute("SELECT pg_database_size(current_database())").fetchone()
        return int(row[0]) if row else 0

    def rows(self, table: TableShape) -> Iterator[RowValues]:
        """Give all rows of a table."""
        yield from _copied(self._connection, select_rows(table), table)

    def rows_after(
        self, table: TableShape, key: Sequence[object] | None, limit: int
    ) -> list[RowValues]:
        """Return the rows that follow a key, or the first ones, by the primary key."""
        if key is None:
            first = select_first_rows(table, "%s")
            return list(_copied(self._connection, first, table, [limit]))
        statement = select_rows(table, after=True, mark="%s")
        return list(_copied(self._connection, statement, table, [*key, limit]))

    def files(self) -> Iterator[FileRef]:
        """Give the stored files that rows refer to, in order."""
        for of in existing_files(self.tables):
            with self._connection.cursor(name="files") as cursor:
                for blob_id, has_thumbnail in cursor.execute(select_files(of, 'COLLATE "C"')):
                    yield from refs_of(of, blob_id, has_thumbnail)

    def latest_epoch(self) -> str:
        """Return the id of the last start of a server; empty if there was none."""
        return latest_epoch(self._connection.execute(LATEST_EPOCH).fetchone())

    def next_numbers(self) -> dict[str, int]:
        """Return the next automatic number of each table that has such."""
        return {
            table: _next_number(self._connection, sequence)
            for table, _, sequence in self._connection.execute(_SEQUENCES).fetchall()
        }

    def close(self) -> None:
        """Let go of that moment."""
        self._connection.close()


class PostgreSQLLoader:
    """Fills the tables of a database in the transaction of a connection.

    Args:
        connection: psycopg's.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.tables = read_tables(connection)

    def insert(self, table: TableShape, rows: Iterable[RowValues]) -> None:
        """Insert rows."""
        names = ", ".join(map(quote, table.names))
        statement = f"COPY {quote(table.name)} ({names}) FROM STDIN"
        with self._connection.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)

    def rows(self, table: TableShape) -> Iterator[RowValues]:
        """Give all rows of a table, those too that are not committed yet."""
        yield from _copied(self._connection, select_rows(table), table)

    def delete_all(self) -> None:
        """Delete the rows of all tables."""
        for table in reversed(self.tables):
            self._connection.execute(f"DELETE FROM {quote(table.name)}")  # noqa: S608 - our tables

    def finish(self, next_numbers: dict[str, int]) -> None:
        """Let automatic numbers go on after the highest that was ever given."""
        for table, column, sequence in self._connection.execute(_SEQUENCES).fetchall():
            statement = sql.SQL("SELECT coalesce(max({}), 0) + 1 FROM {}")
            row = self._connection.execute(
                statement.format(sql.Identifier(column), sql.Identifier(table))
            ).fetchone()
            number = max(row[0] if row else 1, next_numbers.get(table, 1), 1)
            self._connection.execute("SELECT setval(%s, %s, false)", [sequence, number])


def read_revision(connection: Connection) -> str | None:
    """Return the revision of the tables; None if there are none."""
    row = connection.execute("SELECT to_regclass('alembic_version')").fetchone()
    if row is None or row[0] is None:
        return None
    found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return None if found is None else str(found[0])


def read_tables(connection: Connection) -> list[TableShape]:
    """Return the tables whose rows are copied, those that others refer to first."""
    columns: dict[str, list[Column]] = {}
    for table, column, kind in connection.execute(_COLUMNS).fetchall():
        if is_copied(table):
            columns.setdefault(table, []).append(Column(column, KINDS.get(kind, "text")))
    keys = _grouped(connection.execute(_KEYS).fetchall())
    shapes = (TableShape(one, tuple(columns[one]), tuple(keys.get(one, ()))) for one in columns)
    return in_order(shapes, _grouped(connection.execute(_REFERENCES).fetchall()))


def _copied(
    connection: Connection, statement: str, table: TableShape, parameters: Sequence[Any] = ()
) -> Iterator[RowValues]:
    copying = f"COPY ({statement}) TO STDOUT"
    with connection.cursor() as cursor, cursor.copy(copying, parameters or None) as copy:
        copy.set_types([TYPES[column.kind] for column in table.columns])
        yield from copy.rows()


def _grouped(pairs: Iterable[Sequence[str]]) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for first, second in pairs:
        grouped.setdefault(first.strip('"'), []).append(second.strip('"'))
    return grouped


def _next_number(connection: Connection, sequence: str) -> int:
    schema, _, name = sequence.rpartition(".")
    found = connection.execute(
        sql.SQL("SELECT last_value + CASE WHEN is_called THEN 1 ELSE 0 END FROM {}").format(
            sql.Identifier(schema.strip('"'), name.strip('"'))
        )
    ).fetchone()
    return int(found[0]) if found else 1
