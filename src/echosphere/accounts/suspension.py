"""Suspends or deactivates an account: for a while, or until it is reactivated."""

from datetime import UTC, datetime

from echosphere.accounts import store
from echosphere.accounts.change_role import require_another_owner
from echosphere.accounts.sessions import end_sessions
from echosphere.accounts.staff import tell_staff
from echosphere.core.clock import SECOND
from echosphere.core.ends import require_to_come
from echosphere.core.errors import Forbidden
from echosphere.database import Transaction

FOREVER = 2**53 - 1
"""The end of a suspension that someone has to lift: the account is deactivated."""

LAST_DATE = 253_402_300_799_000
"""The end of the year 9999: no date after it can be shown."""


def suspend(transaction: Transaction, user_id: str, until: int, reason: str) -> None:
    """Keep a user out until then; sessions, sockets, tokens and push subscriptions end at once.

    Args:
        transaction: The transaction.
        user_id: Whom.
        until: Milliseconds since 1970 UTC, or `FOREVER`.
        reason: Shown to the user and to administrators.

    Raises:
        NotFound: There is no such open account.
        Invalid: The end is not to come.
        Conflict: It is the server's last owner.
    """
    store.lock_user(transaction, user_id)
    store.get_own_user(transaction, user_id)
    require_to_come(until, transaction.now, "until")
    require_another_owner(transaction, user_id)
    values: dict[str, int | str] = {"suspended_until": until, "suspension_reason": reason}
    store.update_user(transaction, user_id, **values)
    end_sessions(transaction, user_id, reason="suspended")
    tell_staff(transaction, "people", user_id)


def lift_suspension(transaction: Transaction, user_id: str) -> None:
    """Let a user in again.

    Raises:
        NotFound: There is no such open account.
    """
    store.lock_user(transaction, user_id)
    store.get_own_user(transaction, user_id)
    store.update_user(transaction, user_id, suspended_until=None, suspension_reason=None)
    tell_staff(transaction, "people", user_id)


def require_not_suspended(transaction: Transaction, user_id: str) -> None:
    """Refuse a session to someone who is kept out; the lock orders it with `suspend`.

    Raises:
        Forbidden: The account is suspended or deactivated; the sentence has the reason, which
            only who has proved who they are gets to see.
    """
    store.lock_user(transaction, user_id)
    until, reason = store.suspension_of(transaction, user_id)
    if until is None or until <= transaction.now:
        return
    said = " ".join((reason or "").split())
    if until == FOREVER:
        raise Forbidden(
            f"This account is deactivated. Reason: {said!r}. Contact an administrator of this "
            "server."
        )
    end = f"{datetime.fromtimestamp(min(until, LAST_DATE) / SECOND, UTC):%Y-%m-%d %H:%M} UTC"
    raise Forbidden(
        f"This account is suspended until {end!r}. Reason: {said!r}.",
        retry_after=-(-(until - transaction.now) // SECOND),
    )
