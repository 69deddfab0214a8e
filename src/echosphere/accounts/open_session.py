"""Opens a session: the one way to become signed in."""

from echosphere.accounts import store
from echosphere.accounts.events import SessionEnded
from echosphere.accounts.session import MAX_SESSIONS, Device
from echosphere.core.ids import new_token, token_hash
from echosphere.database import Transaction


def open_session(
    transaction: Transaction, user: str, device: Device, token: str | None = None
) -> str:
    """Return the token of a new session, the given one or a random one; only its hash is kept.

    The session that the same browser had before ends, and so do those beyond the limit, the ones
    that were used longest ago first.
    """
    if device.replaces:
        _end_replaced(transaction, device.replaces)
    known = store.sessions_of(transaction, user)
    too_many = tuple(row.id for row in known[MAX_SESSIONS - 1 :])
    if too_many:
        store.delete_sessions(transaction, user, too_many)
        transaction.announce(SessionEnded(user, too_many))
    token = token or new_token()
    store.insert_session(
        transaction,
        token_hash=token_hash(token),
        user=user,
        kind=device.kind,
        device=device.name,
        address=device.address,
    )
    return token


def _end_replaced(transaction: Transaction, token: str) -> None:
    replaced = store.find_session(transaction, token_hash(token))
    if replaced is not None:
        store.delete_sessions(transaction, replaced.user, [replaced.id])
        transaction.announce(SessionEnded(replaced.user, (replaced.id,)))
