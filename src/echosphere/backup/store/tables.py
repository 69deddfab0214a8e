"""What the tables of a database are, and the statements that read and write them.

The tables are asked of the database, not of the code: a snapshot before an upgrade has those of the
version before.
"""

from collections.abc import Iterable, Mapping, Sequence
from graphlib import TopologicalSorter
from typing import NamedTuple

import msgspec

NOT_COPIED = (
    "alembic_version",
    "search_index",
    "sqlite_",
    "move_progress",
    "bot_events",
    "bot_interactions",
)
"""How the names of tables begin that are made again, not copied."""

LATEST_EPOCH = "SELECT id FROM epochs ORDER BY number DESC LIMIT 1"

OF_ONE_SERVER = {("search_progress", "horizon")}
"""Columns that mean something to one PostgreSQL server only: the number of a transaction."""


class Column(NamedTuple):
    """A column; its kind is `integer`, `text` or `boolean`."""

    name: str
    kind: str


class TableShape(msgspec.Struct, frozen=True):
    """A table.

    Attributes:
        name: Its name.
        columns: In alphabetical order.
        key: The columns of its primary key; empty if it has none.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    @property
    def names(self) -> list[str]:
        """The names of the columns."""
        return [column.name for column in self.columns]

    def key_of(self, row: Sequence[object]) -> list[object]:
        """Return the values of the primary key in a row."""
        names = self.names
        return [row[names.index(column)] for column in self.key]


class FileRef(NamedTuple):
    """A stored file that a row refers to.

    Attributes:
        folder: The folder in the storage; empty for attachments.
        blob_id: Its id.
        thumbnail: Whether it is the thumbnail of that file.
    """

    folder: str
    blob_id: str
    thumbnail: bool


class FilesOf(NamedTuple):
    """Where a table names stored files, as SQL."""

    table: str
    folder: str
    blob_id: str
    has_thumbnail: str
    where: str = "1 = 1"


FILES = (  # sorted by folder: lists of files are compared while they are read
    FilesOf(
        "attachments", "", "coalesce(stored, id)", "max(CASE WHEN thumbnail THEN 1 ELSE 0 END)"
    ),
    FilesOf("avatars", "avatars", "id", "0"),
    FilesOf("data_exports", "exports", "id", "0", "state = 'ready'"),
    FilesOf("preview_images", "previews", "id", "0"),
)


def is_copied(table: str) -> bool:
    """Return whether the rows of a table are copied."""
    return not table.startswith(NOT_COPIED)


def quote(name: str) -> str:
    """Return a name as SQL."""
    return '"' + name.replace('"', '""') + '"'


def in_order(
    tables: Iterable[TableShape], references: Mapping[str, Iterable[str]]
) -> list[TableShape]:
    """Return tables with those that others refer to first."""
    by_name = {table.name: table for table in tables}
    graph = {name: {*references.get(name, ())} - {name} for name in sorted(by_name)}
    return [by_name[name] for name in TopologicalSorter(graph).static_order() if name in by_name]


def select_rows(table: TableShape, *, after: bool = False, mark: str = "?") -> str:
    """Return the statement that reads a table; with `after`, the rows after a key, in its order.

    Its parameters are then the values of the key, if any, and how many rows are wanted.
    """
    columns = ", ".join(_read(table.name, column.name) for column in table.columns)
    statement = f"SELECT {columns} FROM {quote(table.name)}"  # noqa: S608 - names of our tables
    if not after:
        return statement
    key = ", ".join(map(quote, table.key))
    marks = ", ".join([mark] * len(table.key))
    return f"{statement} WHERE ({key}) > ({marks}) ORDER BY {key} LIMIT {mark}"


def select_first_rows(table: TableShape, mark: str = "?") -> str:
    """Return the statement that reads the first rows by the key; its parameter is how many."""
    key = ", ".join(map(quote, table.key))
    return f"{select_rows(table)} ORDER BY {key} LIMIT {mark}"


def existing_files(tables: Iterable[TableShape]) -> list[FilesOf]:
    """Return where tables name stored files; earlier versions lack some of them."""
    names = {table.name for table in tables}
    return [of for of in FILES if of.table in names]


def select_files(of: FilesOf, collate: str) -> str:
    """Return the statement that lists the files of a table: id and whether there is a thumbnail."""
    return (
        f"SELECT {of.blob_id} AS blob, {of.has_thumbnail} FROM {of.table}"  # noqa: S608 - ours
        f" WHERE {of.where}"
        f" GROUP BY 1 ORDER BY {of.blob_id} {collate}"
    )


def refs_of(of: FilesOf, blob_id: str, has_thumbnail: object) -> list[FileRef]:
    """Return the files of a row of that list."""
    refs = [FileRef(of.folder, blob_id, thumbnail=False)]
    return [*refs, FileRef(of.folder, blob_id, thumbnail=True)] if has_thumbnail else refs


def latest_epoch(row: Sequence[str] | None) -> str:
    """Return the id in the row of that query; empty if there is none."""
    return "" if row is None else row[0]


def _read(table: str, column: str) -> str:
    return "NULL" if (table, column) in OF_ONE_SERVER else quote(column)
