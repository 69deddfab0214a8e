"""Moves an instance to another database: in steps, compared at the end, resumed after a break."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from time import monotonic

import msgspec

from echosphere.backup.archive import measure
from echosphere.backup.errors import BackupError
from echosphere.backup.manifest import TableCount
from echosphere.backup.progress import Progress
from echosphere.backup.rows import RowValues
from echosphere.backup.store import (
    ELSEWHERE,
    SOURCE,
    Source,
    TableShape,
    Target,
    open_source,
    sqlite_path,
)
from echosphere.database import UNFINISHED_MOVE, dialect_for, latest_revision

FIRST_BATCH = 100
MAX_BATCH = 2_000
"""Rows that are held in memory and moved in one transaction: fewer if they are large."""

BATCH_SIZE = 4 * 1024**2
"""About how many characters a transaction moves."""

DONE = "done"
"""The position of a table that is complete."""


class Move(msgspec.Struct, frozen=True):
    """A finished move.

    Attributes:
        tables: What the tables have, on both databases.
        seconds: How long it took, without what an interrupted command had done.
        resumed: Whether it went on where another one was interrupted.
    """

    tables: dict[str, TableCount]
    seconds: float
    resumed: bool


def move_database(url: str, to: str, *, progress: Progress) -> Move:
    """Copy all rows to an empty database, compare, and let servers start on it.

    Nothing of the old one is changed. No server may run on either.

    Args:
        url: The database as it is.
        to: The new one: empty, or of a move from the same one that was interrupted.
        progress: Is told how far it has come.

    Raises:
        BackupError: It cannot be moved; the sentence says why.
        InUseError: A server is running.
    """
    began = monotonic()
    if dialect_for(url).url == dialect_for(to).url:
        raise BackupError("That database is already in use. Choose another one.")
    with ExitStack() as stack:
        stack.enter_context(_claimed(url))
        source = stack.enter_context(closing(open_source(url)))
        if source.revision != latest_revision():
            raise BackupError(
                "The tables belong to another version. Run echosphere db upgrade first."
            )
        _make_room(to)
        stack.enter_context(_claimed(to))
        target = stack.enter_context(closing(Target(to)))
        resumed = _begin(source, target, to)
        for table in source.tables:
            _move_table(source, target, table, progress)
        progress.step("Comparing …")
        target.finish_move(source.next_numbers())
        tables = _compare(source, to, progress)
        target.publish_move(source.revision)
        target.settle()
    return Move(tables, monotonic() - began, resumed)


@contextmanager
def _claimed(url: str) -> Iterator[None]:
    """Keep servers from a database."""
    dialect = dialect_for(url)
    dialect.claim()
    try:
        yield
    finally:
        dialect.release()


def _make_room(to: str) -> None:
    path: Path | None = sqlite_path(to)
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)


def _begin(source: Source, target: Target, to: str) -> bool:
    """Prepare the target; return whether it goes on where another move was interrupted.

    A server that ran on the source since has begun an epoch, and may have changed anything.
    """
    mark = f"{source.dialect} {source.revision} {source.latest_epoch()}"
    revision = target.revision
    if revision not in (None, UNFINISHED_MOVE):
        raise BackupError(f"There is already a database in {to.rpartition('@')[2]}. {ELSEWHERE}")
    if revision is None:
        target.begin_move(source.revision)
    elif target.position(SOURCE) == mark:
        return True
    target.restart_move(mark)
    return False


def _move_table(source: Source, target: Target, table: TableShape, progress: Progress) -> None:
    """Move the rest of a table, in the order of its key."""
    position = target.position(table.name)
    if position == DONE:
        return
    progress.step(f"Moving {table.name} …")
    if not table.key:  # one of a few rows
        target.move_rows(table, list(source.rows(table)), DONE)
        return
    count, limit = 0, FIRST_BATCH
    while rows := source.rows_after(table, position, limit):
        position = table.key_of(rows[-1])
        target.move_rows(table, rows, position)
        count, limit = count + len(rows), _next_limit(rows)
        progress.count(f"rows of {table.name}", count)
    target.move_rows(table, [], DONE)


def _next_limit(rows: Sequence[RowValues]) -> int:
    """Return how many rows like these are about as large as a batch should be."""
    size = sum(len(value) for row in rows for value in row if isinstance(value, str))
    return max(1, min(MAX_BATCH, 4 * len(rows), BATCH_SIZE * len(rows) // max(size, 1)))


def _compare(source: Source, to: str, progress: Progress) -> dict[str, TableCount]:
    with closing(open_source(to)) as moved:
        found = measure(moved, progress)
    expected = measure(source, progress)
    wrong = [name for name, count in expected.items() if found.get(name) != count]
    if wrong:
        raise BackupError(
            f"The copy differs in {', '.join(wrong)}. Empty the new database and run the move "
            "again. The old one is unchanged."
        )
    return expected
