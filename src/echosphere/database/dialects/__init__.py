"""The differences between the databases: how to connect, and how many connections may write."""

from echosphere.database.dialects.postgresql import PostgreSQL
from echosphere.database.dialects.server_lock import Serving
from echosphere.database.dialects.sqlite import FileClaim, SQLite

Dialect = SQLite | PostgreSQL


def dialect_for(
    url: str, *, one_of_several: bool = False, group: int = 0, claim: FileClaim | None = None
) -> Dialect:
    """Return the dialect of a database URL.

    Args:
        url: Where the database is.
        one_of_several: Whether other processes of the same instance use it too, and are told what
            this one commits: PostgreSQL only.
        group: The number of those that only the same parent joins; 0 where a bus joins all.
        claim: What the parent of several processes has claimed for them: SQLite only.

    Raises:
        ValueError: It is neither SQLite nor PostgreSQL.
    """
    if url.startswith("sqlite:///"):
        return SQLite(url, claim)
    if url.startswith(("postgresql://", "postgresql+psycopg://", "postgres://")):
        return PostgreSQL(url, one_of_several=one_of_several, group=group)
    raise ValueError("the database URL must start with sqlite:/// or postgresql://")


__all__ = ["Dialect", "FileClaim", "PostgreSQL", "SQLite", "Serving", "dialect_for"]
