"""What differs between the databases: how to connect, and how many may write."""

from echosphere.database.dialects.postgresql import PostgreSQL
from echosphere.database.dialects.sqlite import SQLite

Dialect = SQLite | PostgreSQL


def dialect_for(url: str) -> Dialect:
    """Return the dialect that a database URL asks for.

    Raises:
        ValueError: Neither SQLite nor PostgreSQL.
    """
    if url.startswith("sqlite:///"):
        return SQLite(url)
    if url.startswith(("postgresql://", "postgresql+psycopg://", "postgres://")):
        return PostgreSQL(url)
    raise ValueError("the database URL must begin with sqlite:/// or postgresql://")


__all__ = ["Dialect", "PostgreSQL", "SQLite", "dialect_for"]
