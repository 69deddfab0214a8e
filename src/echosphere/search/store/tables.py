"""The texts that are searched, their index, and how far it has come."""

from sqlalchemy import BigInteger, Column, Executable, ForeignKey, Table, column, table

from echosphere.database import Row, Snapshot, Text, metadata

search_texts = Table(
    "search_texts",
    metadata,
    Column("id", ForeignKey("messages.id"), primary_key=True, autoincrement=False),
    Column("text", Text, nullable=False),  # folded: the words, then each file's name on a line
)

search_progress = Table(
    "search_progress",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),  # one row: 1
    Column("folding", BigInteger, nullable=False, server_default="0"),  # how those are folded
    Column("done", BigInteger, nullable=False),  # messages up to this one are in search_texts
    Column("safe", BigInteger, nullable=False),  # none up to this one can still appear
    Column("seen", BigInteger, nullable=False),  # safe once `horizon` has passed
    Column("horizon", BigInteger),  # PostgreSQL's next transaction when `seen` was the last
    Column("removed", BigInteger, nullable=False),  # SQLite: entries removed, ever
    # `removed` when the last purge began. A counter that purges decrement would be wrong if two
    # processes purged at the same time.
    Column("purged", BigInteger, nullable=False, server_default="0"),
)

search_index = table("search_index", column("rowid"), column("text"))
"""SQLite only, and made by the migration: SQLAlchemy has no virtual tables."""


def fetch_tuples(snapshot: Snapshot, statement: Executable) -> list[Row]:
    """Return the rows that a statement finds, as plain tuples."""
    return [tuple(row) for row in snapshot.execute(statement)]
