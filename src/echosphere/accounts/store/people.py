"""Queries for those who look after the accounts of a server."""

from typing import NamedTuple

from sqlalchemy import Select, func, or_, select

from echosphere.accounts.store.tables import sessions, users
from echosphere.database import Snapshot


class Account(NamedTuple):
    """An account as administrators see it."""

    id: str
    name: str
    email: str
    role: str
    avatar_url: str | None
    created_at: int
    last_seen: int | None
    suspended_until: int | None
    suspension_reason: str | None
    sessions: int


def search_accounts(
    snapshot: Snapshot, query: str, *, offset: int, limit: int, suspended: bool = False
) -> list[Account]:
    """Return open accounts whose name or address contains the query, sorted by name."""
    found = _accounts().order_by(func.lower(users.c.name), users.c.id).offset(offset).limit(limit)
    if query:
        folded = query.lower()
        columns = (users.c.name, users.c.email)
        matches = [func.lower(one).contains(folded, autoescape=True) for one in columns]
        found = found.where(or_(*matches, users.c.name.contains(query, autoescape=True)))
    if suspended:
        found = found.where(users.c.suspended_until > snapshot.now)
    return [Account(*tuple(row)) for row in snapshot.execute(found)]


def find_account(snapshot: Snapshot, user_id: str) -> Account | None:
    """Return an open account, or None."""
    row = snapshot.execute(_accounts().where(users.c.id == user_id)).first()
    return None if row is None else Account(*tuple(row))


def suspension_of(snapshot: Snapshot, user_id: str) -> tuple[int | None, str | None]:
    """Return until when a user is kept out, and the reason; None where there is none."""
    found = select(users.c.suspended_until, users.c.suspension_reason).where(users.c.id == user_id)
    for until, reason in map(tuple, snapshot.execute(found)):
        return until, reason
    return None, None


def _accounts() -> Select[tuple[object, ...]]:
    count = select(func.count()).where(sessions.c.user_id == users.c.id).scalar_subquery()
    return select(
        users.c.id,
        users.c.name,
        users.c.email,
        users.c.role,
        users.c.avatar,
        users.c.created_at,
        users.c.last_seen,
        users.c.suspended_until,
        users.c.suspension_reason,
        count,
    ).where(users.c.closed_at.is_(None))
