"""Queries for sessions."""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Row, bindparam, case, delete, func, or_, select, update

from echosphere.accounts.session import StoredSession
from echosphere.accounts.store.tables import sessions, users
from echosphere.core.caller import Caller
from echosphere.core.ids import new_id
from echosphere.database import Command, Prepared, Snapshot, Transaction, as_list, in_list, insert

SESSION_BY_TOKEN = Prepared(
    select(
        sessions.c.id,
        sessions.c.user_id,
        users.c.role,
        sessions.c.created_at,
        sessions.c.used_at,
        func.coalesce(sessions.c.second_factor_at, users.c.second_factor_at),
        users.c.email_confirmed_at,
    )
    .join(users, users.c.id == sessions.c.user_id)
    .where(
        sessions.c.token_hash == bindparam("token_hash"),
        users.c.closed_at.is_(None),
        or_(users.c.suspended_until.is_(None), users.c.suspended_until <= bindparam("now")),
    )
)

ACTIVE_USER = Prepared(
    select(users.c.role, users.c.second_factor_at, users.c.email_confirmed_at).where(
        users.c.id == bindparam("user"),
        users.c.closed_at.is_(None),
        or_(users.c.suspended_until.is_(None), users.c.suspended_until <= bindparam("now")),
    )
)


def insert_session(
    transaction: Transaction,
    *,
    token_hash: str,
    user_id: str,
    kind: str,
    device: str,
    address: str,
    proved_at: int,
    second_factor_at: int | None = None,
) -> str:
    """Insert a session and return its id."""
    session = new_id()
    statement = insert(sessions).values(
        id=session,
        token_hash=token_hash,
        user_id=user_id,
        kind=kind,
        device=device,
        address=address,
        created_at=transaction.now,
        used_at=transaction.now,
        proved_at=proved_at,
        second_factor_at=second_factor_at,
    )
    transaction.execute(statement)
    return session


def find_active_caller(snapshot: Snapshot, user_id: str, credential: str) -> Caller | None:
    """Return a user as the caller by one of their keys; None if they are kept out or gone."""
    row = snapshot.first(ACTIVE_USER, user=user_id, now=snapshot.now)
    if row is None:
        return None
    role, factor_at, confirmed_at = row
    return Caller(user_id, credential, role, factor_at is not None, confirmed_at is not None)


def find_session(snapshot: Snapshot, token_hash: str) -> StoredSession | None:
    """Return the session of a token's hash, expired or not, or None."""
    row = snapshot.first(SESSION_BY_TOKEN, token_hash=token_hash, now=snapshot.now)
    return None if row is None else StoredSession(*row)


class TouchSession(Command[None]):
    """Store that a session is used now.

    A `created_at` in the future (the clock was turned back) becomes now, so that the session does not
    last longer.
    """

    session: str

    def run(self, transaction: Transaction) -> None:
        """Store it."""
        now = transaction.now
        created_at = case((sessions.c.created_at > now, now), else_=sessions.c.created_at)
        statement = update(sessions).where(sessions.c.id == self.session)
        transaction.execute(statement.values(used_at=now, created_at=created_at))


def shift_sessions(transaction: Transaction, by: int) -> None:
    """Shift the times of all sessions by the jump of a clock, in milliseconds."""
    times = (sessions.c.created_at, sessions.c.used_at, sessions.c.proved_at)
    transaction.execute(update(sessions).values({time.name: time + by for time in times}))


def save_proof(transaction: Transaction, session: str) -> None:
    """Store that the user of a session has proved now who they are."""
    statement = update(sessions).where(sessions.c.id == session)
    transaction.execute(statement.values(proved_at=transaction.now))


def proved_at(snapshot: Snapshot, session: str) -> int:
    """Return when the user of a session last proved who they are; 0 if there is no such session."""
    statement = select(sessions.c.proved_at).where(sessions.c.id == session)
    return snapshot.execute(statement).scalar() or 0


def sessions_of(snapshot: Snapshot, user_id: str) -> list[Row[Any]]:
    """Return the rows of a user's sessions, the last used first."""
    statement = select(sessions).where(sessions.c.user_id == user_id)
    newest_first = statement.order_by(sessions.c.used_at.desc(), sessions.c.created_at.desc())
    return list(snapshot.execute(newest_first.order_by(sessions.c.id)))


def sessions_by_id(snapshot: Snapshot, ids: Iterable[str]) -> list[Row[Any]]:
    """Return the rows of those of these sessions that exist."""
    statement = select(sessions).where(in_list(sessions.c.id, "ids"))
    return list(snapshot.execute(statement, {"ids": as_list(ids)}))


def delete_sessions(transaction: Transaction, user_id: str, ids: Collection[str]) -> None:
    """Delete these sessions of a user."""
    owned = (sessions.c.user_id == user_id, sessions.c.id.in_(ids))
    transaction.execute(delete(sessions).where(*owned))
