"""The table of the settings that were changed while the server runs."""

from typing import NamedTuple

from sqlalchemy import Column, String, Table, bindparam, delete, func, select

from echosphere.database import (
    Milliseconds,
    Prepared,
    Snapshot,
    Text,
    Transaction,
    insert,
    metadata,
)

CHANGES = 7_305_809
"""An arbitrary number: the advisory lock of whoever changes a setting."""

server_settings = Table(
    "server_settings",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", Text, nullable=False),
    Column("changed_at", Milliseconds, nullable=False),
)

ALL = Prepared(
    select(server_settings.c.name, server_settings.c.value, server_settings.c.changed_at)
)
LOCK = Prepared(select(func.pg_advisory_xact_lock(CHANGES)))
DELETE = Prepared(delete(server_settings).where(server_settings.c.name == bindparam("setting")))


class Stored(NamedTuple):
    """A value as it was written, and when, in milliseconds."""

    value: str
    changed_at: int


def stored_settings(snapshot: Snapshot) -> dict[str, Stored]:
    """Return what was changed, by the names of the settings."""
    return {name: Stored(value, changed_at) for name, value, changed_at in snapshot.all(ALL)}


def stored_values(snapshot: Snapshot) -> dict[str, str]:
    """Return the values that were changed, by the names of the settings."""
    return {name: value for name, value, _ in snapshot.all(ALL)}


def lock_settings(transaction: Transaction) -> None:
    """Let others who change a setting wait until the commit.

    What may stand together is looked at, so two changes at once must not miss each other.
    """
    transaction.lock(LOCK)


def save_setting(transaction: Transaction, name: str, value: str) -> None:
    """Store a value in place of the one before."""
    values = {"value": value, "changed_at": transaction.now}
    statement = insert(server_settings).values(name=name, **values)
    transaction.execute(statement.on_conflict_do_update(index_elements=["name"], set_=values))


def delete_setting(transaction: Transaction, name: str) -> bool:
    """Delete the value of a setting; return whether there was one."""
    return transaction.run(DELETE, setting=name) == 1
