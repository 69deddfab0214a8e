"""Examines a database without changing it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from echosphere.core.clock import system_clock
from echosphere.database.dialects import dialect_for
from echosphere.database.transaction import Snapshot
from echosphere.database.upgrading import current_revision, newest_revision

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found.

    Attributes:
        damage: What the database says is broken in it; empty when it is intact.
        revision: At which revision its tables are; None when there are none.
        newest: The revision that this version wants.
    """

    dialect: str
    damage: str
    revision: str | None
    newest: str


def examine(url: str) -> Findings:
    """Return what a look at the database shows.

    Raises:
        sqlalchemy.exc.DBAPIError: It cannot be opened or read.
    """
    dialect = dialect_for(url)
    engine = dialect.reading_engine()
    try:
        with engine.connect() as connection:
            integrity = dialect.check(connection)
            damage = "" if integrity == "ok" else integrity
            return Findings(dialect.name, damage, current_revision(connection), newest_revision())
    finally:
        engine.dispose()


def look_into(url: str, query: Callable[[Snapshot], T]) -> T:
    """Return what a query finds in a database that no server of this process uses.

    Raises:
        sqlalchemy.exc.DBAPIError: It cannot be opened or read.
    """
    engine = dialect_for(url).reading_engine()
    try:
        with engine.connect() as connection:
            return query(Snapshot(connection, system_clock()))
    finally:
        engine.dispose()
