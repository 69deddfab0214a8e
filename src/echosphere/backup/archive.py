"""All rows of a database as lines of JSON, from and to any database."""

from collections.abc import Iterator
from typing import IO

import msgspec

from echosphere.backup.errors import DamagedError
from echosphere.backup.manifest import TableCount
from echosphere.backup.progress import Progress
from echosphere.backup.rows import RowValues, TableDigest, decode_line, encode_row
from echosphere.backup.store import Loader, Source, TableShape

TABLE = b"{"
"""How the lines begin that are no rows."""


def write_archive(source: Source, file: IO[bytes], progress: Progress) -> dict[str, TableCount]:
    """Write all rows of a database; return what each table has."""
    counts = {}
    for table in source.tables:
        file.write(msgspec.json.encode({"table": table.name, "columns": table.names}) + b"\n")
        digest = TableDigest()
        for row in source.rows(table):
            if is_ready_export(table, row):  # its file is not saved: it can be asked for again
                continue
            line = encode_row(row)
            digest.add(line)
            file.write(line + b"\n")
            progress.count(f"rows of {table.name}", digest.rows)
        counts[table.name] = TableCount(digest.rows, digest.checksum)
    file.write(b'{"end":true}\n')
    return counts


def is_ready_export(table: TableShape, row: RowValues) -> bool:
    """Whether a row is that of a finished download of someone's own data."""
    return table.name == "data_exports" and row[table.names.index("state")] == "ready"


def measure(source: Source | Loader, progress: Progress) -> dict[str, TableCount]:
    """Return what each table of a database has."""
    counts = {}
    for table in source.tables:
        digest = TableDigest()
        for row in source.rows(table):
            digest.add(encode_row(row))
            progress.count(f"rows of {table.name}", digest.rows)
        counts[table.name] = TableCount(digest.rows, digest.checksum)
    return counts


def read_archive(
    file: IO[bytes], loader: Loader, expected: dict[str, TableCount], progress: Progress
) -> None:
    """Fill the tables of a database with what an archive has.

    Raises:
        DamagedError: It does not have what was expected.
    """
    tables = {table.name: table for table in loader.tables}
    lines = _Lines(file)
    while (head := lines.head())["table"] is not None:
        table = _matching(tables, head)
        loader.insert(table, _counted(lines, table, expected[table.name], progress))


class _Lines:
    """The lines of an archive, of which one can be looked at before it is taken."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._next = file.readline()

    def head(self) -> dict[str, object]:
        """Take a line that is no row."""
        line, self._next = self._next, self._file.readline()
        if not line.startswith(TABLE):
            raise DamagedError("its table of rows is truncated")
        return {"table": None, **decode_line(line)}

    def rows(self) -> Iterator[bytes]:
        """Take the rows that follow."""
        while self._next and not self._next.startswith(TABLE):
            yield self._next[:-1]
            self._next = self._file.readline()


def _matching(tables: dict[str, TableShape], head: dict[str, object]) -> TableShape:
    table = tables.get(str(head["table"]))
    if table is None or table.names != head["columns"]:
        raise DamagedError(f"its table {head['table']} does not belong to that version")
    return table


def _counted(
    lines: _Lines, table: TableShape, expected: TableCount, progress: Progress
) -> Iterator[RowValues]:
    digest = TableDigest()
    for line in lines.rows():
        digest.add(line)
        progress.count(f"rows of {table.name}", digest.rows, expected.rows)
        yield decode_line(line)
    if (digest.rows, digest.checksum) != (expected.rows, expected.checksum):
        raise DamagedError(f"the rows of {table.name} differ from those that were written")
