"""The table of downloads and its queries: each user has one at most."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Integer,
    String,
    Table,
    delete,
    func,
    select,
    update,
)

from echosphere.data_export.export import DataExport, Problem, State
from echosphere.database import Identifier, Milliseconds, Snapshot, Transaction, insert, metadata

data_exports = Table(
    "data_exports",
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("id", Identifier, nullable=False, unique=True),
    Column("state", String(16), nullable=False),
    Column("requested_at", Milliseconds, nullable=False),
    Column("starts", Integer, nullable=False),
    Column("size", BigInteger),
    Column("expires_at", Milliseconds, index=True),
    Column("problem", String(16)),
)

_exports = data_exports.c
_EXPORT = (
    _exports.id,
    _exports.user_id,
    _exports.state,
    _exports.requested_at,
    _exports.starts,
    _exports.size,
    _exports.expires_at,
    _exports.problem,
)


def find_of_user(snapshot: Snapshot, user_id: str) -> DataExport | None:
    """Return a user's download in whatever state, or None."""
    row = snapshot.execute(select(*_EXPORT).where(_exports.user_id == user_id)).first()
    return None if row is None else _to_export(tuple(row))


def find(snapshot: Snapshot, export: str) -> DataExport | None:
    """Return a download by its id, or None."""
    row = snapshot.execute(select(*_EXPORT).where(_exports.id == export)).first()
    return None if row is None else _to_export(tuple(row))


def insert_if_none(transaction: Transaction, export: DataExport) -> bool:
    """Insert a download unless the user has one; return whether it was inserted."""
    statement = insert(data_exports).values(
        user_id=export.user_id,
        id=export.id,
        state=export.state.value,
        requested_at=export.requested_at,
        starts=export.starts,
    )
    unless_there = statement.on_conflict_do_nothing(index_elements=["user_id"])
    return transaction.execute(unless_there.returning(_exports.id)).first() is not None


def change(transaction: Transaction, export: str, **fields: Any) -> bool:
    """Change a download; return False if it is gone."""
    statement = update(data_exports).where(_exports.id == export).values(**fields)
    return transaction.execute(statement).rowcount == 1


def delete_of_user(transaction: Transaction, user_id: str) -> str | None:
    """Delete a user's download and return its id; None if there was none."""
    statement = delete(data_exports).where(_exports.user_id == user_id).returning(_exports.id)
    found: str | None = transaction.execute(statement).scalar()
    return found


def delete_expired(transaction: Transaction, moment: int) -> list[str]:
    """Delete the downloads that have expired by then and return their ids."""
    expired = delete(data_exports).where(_exports.expires_at <= moment).returning(_exports.id)
    return list(transaction.execute(expired).scalars())


def total_bytes(snapshot: Snapshot) -> int:
    """Return how many bytes all downloads take."""
    total = select(func.coalesce(func.sum(_exports.size), 0))
    return int(snapshot.execute(total).scalar_one())


def existing_ids(snapshot: Snapshot, ids: Sequence[str]) -> set[str]:
    """Return those of these ids that are of a download."""
    return set(snapshot.execute(select(_exports.id).where(_exports.id.in_(ids))).scalars())


def _to_export(row: tuple[Any, ...]) -> DataExport:
    made, user_id, state, requested_at, starts, size, expires_at, problem = row
    reason = None if problem is None else Problem(problem)
    return DataExport(made, user_id, State(state), requested_at, starts, size, expires_at, reason)
