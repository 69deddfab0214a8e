"""Checks a database without changing it."""

from collections.abc import Callable
from typing import TypeVar

import msgspec

from echosphere.core.clock import system_clock
from echosphere.database.dialects import dialect_for
from echosphere.database.schema_migration import current_revision, latest_revision
from echosphere.database.transaction import Snapshot

T = TypeVar("T")


class IntegrityReport(msgspec.Struct, frozen=True):
    """The result of an integrity check.

    Attributes:
        damage: The errors that the database reports; empty if it is intact.
        revision: The revision of its tables; None if there are none.
        newest: The revision that this version of EchoSphere uses.
    """

    dialect: str
    damage: str
    revision: str | None
    newest: str


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
            return IntegrityReport(
                dialect.name, damage, current_revision(connection), latest_revision()
            )
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
