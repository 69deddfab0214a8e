"""Lists and ends the sessions of a user."""

from collections.abc import Collection

from echosphere.accounts import store
from echosphere.accounts.caller_cache import CredentialKind, FoundCaller
from echosphere.accounts.events import SessionEnded
from echosphere.accounts.session import StoredSession
from echosphere.accounts.wire import Session
from echosphere.core.caller import Caller
from echosphere.core.errors import NotFound
from echosphere.database import Command, Snapshot, Transaction, run_on_loop


@run_on_loop
def find_caller(snapshot: Snapshot, hashed: str) -> FoundCaller | None:
    """Return the caller of a token's hash; None if it is unknown, expired or revoked."""
    session = store.find_session(snapshot, hashed)
    if session is None or not session.is_active(snapshot.now):
        return None
    has_factor = session.second_factor_at is not None
    confirmed = session.email_confirmed_at is not None
    caller = Caller(session.user_id, session.id, session.role, has_factor, confirmed)
    return FoundCaller(caller, session.needs_touch(snapshot.now))


SESSIONS = CredentialKind("session", find_caller, store.TouchSession)


def list_sessions(snapshot: Snapshot, caller: Caller) -> list[Session]:
    """Return the caller's active sessions, the last used first."""
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
        if _is_active(row.created_at, row.used_at, snapshot.now)
    ]


def active_sessions(snapshot: Snapshot, sessions: Collection[str]) -> set[str]:
    """Return the ids of these sessions that are active."""
    rows = store.sessions_by_id(snapshot, sessions)
    return {row.id for row in rows if _is_active(row.created_at, row.used_at, snapshot.now)}


def end_session(
    transaction: Transaction, user_id: str, session: str, reason: str = "elsewhere"
) -> None:
    """End one session of a user.

    Raises:
        NotFound: The user has no such session.
    """
    if all(row.id != session for row in store.sessions_of(transaction, user_id)):
        raise NotFound("Session not found.")
    _end(transaction, user_id, (session,), reason)


class EndSession(Command[None]):
    """End one session of a user; see `end_session`."""

    user_id: str
    session: str
    reason: str = "elsewhere"

    def run(self, transaction: Transaction) -> None:
        """End it."""
        end_session(transaction, self.user_id, self.session, self.reason)


def end_sessions(
    transaction: Transaction,
    user_id: str,
    except_session: str | None = None,
    reason: str = "elsewhere",
) -> None:
    """End all sessions of a user except one."""
    known = store.sessions_of(transaction, user_id)
    _end(transaction, user_id, tuple(row.id for row in known if row.id != except_session), reason)


class EndSessions(Command[None]):
    """End all sessions of a user except one; see `end_sessions`."""

    user_id: str
    except_session: str | None = None
    reason: str = "elsewhere"

    def run(self, transaction: Transaction) -> None:
        """End them."""
        end_sessions(transaction, self.user_id, self.except_session, self.reason)


def _end(
    transaction: Transaction, user_id: str, sessions: tuple[str, ...], reason: str = "elsewhere"
) -> None:
    if sessions:
        store.delete_sessions(transaction, user_id, sessions)
        transaction.announce(SessionEnded(user_id, sessions, reason))


def _is_active(created_at: int, used_at: int, now: int) -> bool:
    return StoredSession("", "", "", created_at, used_at).is_active(now)
