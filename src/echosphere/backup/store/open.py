"""Opens databases of both kinds: to read all of one, and to fill one."""

from pathlib import Path
from typing import Any

from echosphere.backup.errors import BackupError
from echosphere.backup.store.sqlite import SQLiteSource
from echosphere.database import SQLite, current_revision, dialect_for

Source = Any
"""A `SQLiteSource` or a `PostgreSQLSource`."""


def open_source(url: str) -> Source:
    """Open a database to read all of it as it is now.

    Raises:
        RuntimeError: There is none.
    """
    path = sqlite_path(url)
    if path is not None:
        if not path.exists():
            raise RuntimeError(f"There is no database at {path}.")
        return SQLiteSource(path)
    from echosphere.backup.store.postgresql import (  # noqa: PLC0415 - SQLite needs no psycopg
        PostgreSQLSource,
    )

    return PostgreSQLSource(libpq_url(dialect_for(url).url))


def sqlite_path(url: str) -> Path | None:
    """Return the file of an SQLite database; None for PostgreSQL."""
    dialect = dialect_for(url)
    return dialect.path if isinstance(dialect, SQLite) else None


def libpq_url(url: str) -> str:
    """Return a URL of SQLAlchemy as libpq takes it."""
    return f"postgresql://{url.partition('://')[2]}"


def require_empty(url: str) -> None:
    """Return if a database has no tables of ours.

    Raises:
        BackupError: It has.
    """
    path = sqlite_path(url)
    if path is not None and path.exists() and path.stat().st_size:
        raise BackupError(f"There is already a database at {path}. {ELSEWHERE}")
    if path is None and _has_tables(url):
        raise BackupError(f"The database is not empty. {ELSEWHERE}")


def _has_tables(url: str) -> bool:
    engine = dialect_for(url).reading_engine()
    try:
        with engine.connect() as connection:
            return current_revision(connection) is not None
    finally:
        engine.dispose()


ELSEWHERE = (
    "Backups and instances can be restored or moved only into an empty database: choose "
    "another one, or move the old one away."
)
