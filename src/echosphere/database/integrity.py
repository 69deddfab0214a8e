"""Checks a database without changing it."""

from collections.abc import Callable
from typing import TypeVar

import msgspec

from echosphere.core.clock import system_clock
from echosphere.database.dialects import PostgreSQL, Serving, dialect_for
from echosphere.database.schema_migration import current_revision, latest_revision
from echosphere.database.transaction import Snapshot

T = TypeVar("T")


class IntegrityReport(msgspec.Struct, frozen=True):
    """The result of an integrity check.

    Attributes:
        damage: The errors that the database reports; empty if it is intact.
        revision: The revision of its tables; None if there are none.
        newest: The revision that this version of EchoSphere uses.
        clock_difference: How many seconds the clock of this machine is ahead of the database's.
    """

    dialect: str
    damage: str
    revision: str | None
    newest: str
    clock_difference: float = 0.0


def check_integrity(url: str, *, thorough: bool = True) -> IntegrityReport:
    """Check a database; without `thorough` only that it answers, and its revision.

    Raises:
        sqlalchemy.exc.DBAPIError: It cannot be opened or read.
    """
    dialect = dialect_for(url)
    engine = dialect.reading_engine()
    try:
        with engine.connect() as connection:
            integrity = dialect.check(connection) if thorough else "ok"
            damage = "" if integrity == "ok" else integrity
            revision, newest = current_revision(connection), latest_revision()
            difference = system_clock() / 1000 - dialect.clock(connection)
            return IntegrityReport(dialect.name, damage, revision, newest, difference)
    finally:
        engine.dispose()


def serving_on(url: str) -> Serving | None:
    """Return who serves on a PostgreSQL database; None on SQLite, where it is one server.

    Raises:
        sqlalchemy.exc.DBAPIError: It cannot be opened or read.
    """
    dialect = dialect_for(url)
    if not isinstance(dialect, PostgreSQL):
        return None
    engine = dialect.reading_engine()
    try:
        with engine.connect() as connection:
            return dialect.serving(connection)
    finally:
        engine.dispose()


def query_offline(url: str, query: Callable[[Snapshot], T]) -> T:
    """Run a query on a database that this process has not started.

    Raises:
        sqlalchemy.exc.DBAPIError: It cannot be opened or read.
    """
    engine = dialect_for(url).reading_engine()
    try:
        with engine.connect() as connection:
            return query(Snapshot(connection, system_clock()))
    finally:
        engine.dispose()
