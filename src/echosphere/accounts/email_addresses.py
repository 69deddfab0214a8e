"""Changes the e-mail address of an account, and finds addresses that are not normalized."""

import msgspec

from echosphere.accounts import store
from echosphere.accounts.account import InvalidValueError, validate
from echosphere.accounts.email import normalize_email
from echosphere.accounts.events import EmailConfirmed, SecurityEvent, SettingsChanged
from echosphere.accounts.register import email_taken
from echosphere.accounts.sessions import end_sessions
from echosphere.accounts.wire import OwnUser
from echosphere.database import Snapshot, Transaction


class UnnormalizedEmail(msgspec.Struct, frozen=True):
    """An account whose owner cannot sign in: what is typed is normalized, the stored address is not.

    Attributes:
        user_id: The owner.
        stored: The address as an earlier version stored it.
        holder: The id of the user who has the normalized address, if any.
    """

    user_id: str
    stored: str
    holder: str | None


def unnormalized_emails(snapshot: Snapshot) -> list[UnnormalizedEmail]:
    """Return the open accounts whose address is not normalized, the oldest first."""
    users = store.list_users(snapshot)
    holders = {user.email: user.id for user in users}
    lost = [user for user in users if _normalized(user.email) != user.email]
    return [
        UnnormalizedEmail(user.id, user.email, holders.get(_normalized(user.email)))
        for user in lost
    ]


def change_email(
    transaction: Transaction,
    user_id: str,
    given: str,
    except_session: str | None = None,
    *,
    confirmed: bool = True,
) -> OwnUser:
    """Store another address for an account, end its sessions, and have the old address told.

    Args:
        transaction: The transaction.
        user_id: The owner.
        given: The new address.
        except_session: The session that goes on.
        confirmed: Whether it is known that the address is theirs.

    Raises:
        Invalid: It is not an e-mail address.
        NotFound: There is no such account.
        Conflict: Another account has it.
    """
    email = validate({"email": lambda: normalize_email(given)})["email"]
    old = store.get_own_user(transaction, user_id).email
    if store.find_user_id_by_email(transaction, email) not in (None, user_id):
        raise email_taken()
    since = transaction.now if confirmed else None
    store.update_user(transaction, user_id, email=email, email_confirmed_at=since)
    if confirmed:
        transaction.announce(EmailConfirmed(user_id))
    end_sessions(transaction, user_id, except_session, "email")
    transaction.announce(SettingsChanged(user_id))  # the own devices show the address
    transaction.announce(SecurityEvent(user_id, "email_changed", email=old))
    return store.get_own_user(transaction, user_id)


def _normalized(email: str) -> str:
    try:
        return normalize_email(email)
    except InvalidValueError:
        return ""
