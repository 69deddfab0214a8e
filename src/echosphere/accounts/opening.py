"""Opens a session."""

from echosphere.accounts import store
from echosphere.accounts.events import SessionEnded
from echosphere.accounts.session import MAX_SESSIONS, Device
from echosphere.accounts.suspension import require_not_suspended
from echosphere.core.ids import new_token, token_hash
from echosphere.database import Transaction


def open_session(
    transaction: Transaction,
    user_id: str,
    device: Device,
    token: str | None = None,
    *,
    proved_at: int | None = None,
    has_second_factor: bool = False,
) -> str:
    """Open a session and return its token, by default a random one; only its hash is stored.

    The browser's previous session ends, and so do the least recently used ones beyond the limit.

    Args:
        transaction: The transaction.
        user_id: Whose session it is.
        device: The device.
        token: The token.
        proved_at: When the user proved who they are; None for now.
        has_second_factor: Whether the sign-in had a second factor that we do not know of ourselves.

    Raises:
        Forbidden: The account is suspended or deactivated.
    """
    require_not_suspended(transaction, user_id)
    if device.replaces:
        _end_replaced(transaction, device.replaces)
    known = store.sessions_of(transaction, user_id)
    too_many = tuple(row.id for row in known[MAX_SESSIONS - 1 :])
    if too_many:
        store.delete_sessions(transaction, user_id, too_many)
        transaction.announce(SessionEnded(user_id, too_many))
    token = token or new_token()
    store.insert_session(
        transaction,
        token_hash=token_hash(token),
        user_id=user_id,
        kind=device.kind,
        device=device.name,
        address=device.address,
        proved_at=transaction.now if proved_at is None else proved_at,
        second_factor_at=transaction.now if has_second_factor else None,
    )
    return token


def _end_replaced(transaction: Transaction, token: str) -> None:
    replaced = store.find_session(transaction, token_hash(token))
    if replaced is not None:
        store.delete_sessions(transaction, replaced.user_id, [replaced.id])
        transaction.announce(SessionEnded(replaced.user_id, (replaced.id,)))
