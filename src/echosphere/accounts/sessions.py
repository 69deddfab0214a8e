"""A person's devices: which are signed in, and signing them out."""

from collections.abc import Collection

from echosphere.accounts import store
from echosphere.accounts.events import SessionEnded
from echosphere.accounts.session import StoredSession
from echosphere.accounts.wire import Session
from echosphere.core.caller import Caller
from echosphere.core.errors import NotFound
from echosphere.database import Snapshot, Transaction


def list_sessions(snapshot: Snapshot, caller: Caller) -> list[Session]:
    """Return the caller's devices that are signed in, the last used first."""
    return [
        Session(
            id=row.id,
            device=row.device,
            address=row.address,
            kind=row.kind,
            created_at=row.created_at,
            last_used_at=row.used_at,
            current=row.id == caller.session_id,
        )
        for row in store.sessions_of(snapshot, caller.user_id)
        if _is_alive(row.created_at, row.used_at, snapshot.now)
    ]


def living_sessions(snapshot: Snapshot, sessions: Collection[str]) -> set[str]:
    """Return those of these sessions that are not over."""
    rows = store.sessions_by_id(snapshot, sessions)
    return {row.id for row in rows if _is_alive(row.created_at, row.used_at, snapshot.now)}


def end_session(
    transaction: Transaction, user: str, session: str, reason: str = "elsewhere"
) -> None:
    """Sign one of a person's devices out, and say why.

    Raises:
        NotFound: The person has no such session.
    """
    if all(row.id != session for row in store.sessions_of(transaction, user)):
        raise NotFound("There is no such session.")
    _end(transaction, user, (session,), reason)


def end_sessions(
    transaction: Transaction, user: str, but: str | None = None, reason: str = "elsewhere"
) -> None:
    """Sign all of a person's devices out, but perhaps the one in their hand, and say why."""
    known = store.sessions_of(transaction, user)
    _end(transaction, user, tuple(row.id for row in known if row.id != but), reason)


def _end(
    transaction: Transaction, user: str, sessions: tuple[str, ...], reason: str = "elsewhere"
) -> None:
    if sessions:
        store.delete_sessions(transaction, user, sessions)
        transaction.announce(SessionEnded(user, sessions, reason))


def _is_alive(created_at: int, used_at: int, now: int) -> bool:
    return StoredSession("", "", "", created_at, used_at).is_alive(now)
