"""A database that is being filled: at once, or in steps that an interruption does not undo."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol

import msgspec
from sqlalchemy import Connection, text

from echosphere.backup.rows import RowValues
from echosphere.backup.store.sqlite import SQLiteLoader
from echosphere.backup.store.tables import TableShape, quote
from echosphere.database import UNFINISHED_MOVE, create_tables, current_revision, dialect_for

SOURCE = ""
"""The name under which a move notes where its rows come from."""


class Loader(Protocol):
    """Fills the tables of a database."""

    tables: list[TableShape]

    def rows(self, table: TableShape) -> Iterator[RowValues]:
        """Give all rows of a table, those too that are not committed yet."""

    def insert(self, table: TableShape, rows: Iterable[RowValues]) -> None:
        """Insert rows."""

    def delete_all(self) -> None:
        """Delete the rows of all tables."""

    def finish(self, next_numbers: dict[str, int]) -> None:
        """Do what has to be done when all rows are there."""


class Target:
    """A database that is being filled.

    Args:
        url: Where it is.
    """

    def __init__(self, url: str) -> None:
        self.dialect = dialect_for(url)
        self._engine = self.dialect.writing_engine()
        self.connection: Connection = self._engine.connect()
        if self.dialect.name == "sqlite":  # checked at the end; it cannot be changed later
            self._driver.execute("PRAGMA foreign_keys=OFF")

    @property
    def _driver(self) -> Any:
        return self.connection.connection.driver_connection

    @property
    def revision(self) -> str | None:
        """The revision of its tables; None if there are none."""
        with self.connection.begin():
            return current_revision(self.connection)

    def create(self, revision: str) -> None:
        """Make the tables of a version, within the transaction that runs."""
        create_tables(self.connection, revision)

    def loader(self) -> Loader:
        """Return what fills its tables, over the connection of this."""
        if self.dialect.name == "sqlite":
            return SQLiteLoader(self._driver)
        from echosphere.backup.store.postgresql import (  # noqa: PLC0415 - as above
            PostgreSQLLoader,
        )

        return PostgreSQLLoader(self._driver)

    def begin_move(self, revision: str) -> None:
        """Make the tables of a version, and note that they are not complete."""
        with self.connection.begin():
            self.create(revision)
            self.loader().delete_all()
            self._run("CREATE TABLE move_progress (name VARCHAR(200) PRIMARY KEY, position TEXT)")
            self._run("UPDATE alembic_version SET version_num = :mark", mark=UNFINISHED_MOVE)

    def restart_move(self, source: str) -> None:
        """Forget what was moved, and note where rows come from now."""
        with self.connection.begin():
            self.loader().delete_all()
            self._run("DELETE FROM move_progress")
            self._note(SOURCE, source)

    def position(self, name: str) -> Any:
        """Return what was noted last under a name: the key up to which a table is filled."""
        with self.connection.begin():
            query = text("SELECT position FROM move_progress WHERE name = :name")
            noted = self.connection.execute(query, {"name": name}).scalar()
            return None if noted is None else msgspec.json.decode(noted)

    def move_rows(self, table: TableShape, rows: Sequence[RowValues], position: Any) -> None:
        """Insert rows and note how far the table has come: both or neither."""
        with self.connection.begin():
            self.loader().insert(table, rows)
            self._note(table.name, position)

    def finish_move(self, next_numbers: dict[str, int]) -> None:
        """Do what has to be done when all rows are there."""
        with self.connection.begin():
            self.loader().finish(next_numbers)

    def publish_move(self, revision: str) -> None:
        """Let servers start on it."""
        with self.connection.begin():
            self._run("DROP TABLE move_progress")
            self._run("UPDATE alembic_version SET version_num = :revision", revision=revision)

    def delete_rows(self, tables: Iterable[str]) -> None:
        """Delete all rows of those of these tables that there are, within the transaction that runs."""
        known = {table.name for table in self.loader().tables}
        for table in tables:
            if table in known:
                self._run(f"DELETE FROM {quote(table)}")  # noqa: S608 - our tables

    def delete_jobs(self, kinds: Iterable[str]) -> None:
        """Delete the jobs of some kinds, within the transaction that runs."""
        for kind in kinds:
            self._run("DELETE FROM jobs WHERE kind = :kind", kind=kind)

    def _note(self, name: str, position: Any) -> None:
        self._run("DELETE FROM move_progress WHERE name = :name", name=name)
        noted = msgspec.json.encode(position).decode()
        self._run("INSERT INTO move_progress VALUES (:name, :position)", name=name, position=noted)

    def _run(self, statement: str, **values: Any) -> None:
        self.connection.execute(text(statement), values)

    def settle(self) -> None:
        """Have what was committed on the disk in one file, and statistics of it."""
        if self.dialect.name == "sqlite":
            self.dialect.truncate_wal(self.connection)
        else:
            with self.connection.begin():
                self.connection.exec_driver_sql("ANALYZE")

    def close(self) -> None:
        """Close it; what was not committed is gone."""
        self.connection.close()
        self._engine.dispose()
