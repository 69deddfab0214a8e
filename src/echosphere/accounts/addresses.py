"""Gives an account another e-mail address, and finds those that need one."""

from dataclasses import dataclass

from echosphere.accounts import store
from echosphere.accounts.account import BrokenRuleError, collect
from echosphere.accounts.email import accepted_email
from echosphere.accounts.sign_up import address_taken
from echosphere.accounts.wire import OwnUser
from echosphere.database import Snapshot, Transaction


@dataclass(frozen=True, slots=True)
class LostAddress:
    """An account that nobody signs in to: what is typed is not compared as it was stored.

    Attributes:
        user: Whose it is.
        stored: The address as it was stored by an earlier version.
        holder: Who has it in the spelling that counts; None if nobody has.
    """

    user: str
    stored: str
    holder: str | None


def lost_addresses(snapshot: Snapshot) -> list[LostAddress]:
    """Return the open accounts whose address is not in the one spelling, the oldest first."""
    users = store.list_users(snapshot)
    holders = {user.email: user.id for user in users}
    lost = [user for user in users if _spelling(user.email) != user.email]
    return [LostAddress(user.id, user.email, holders.get(_spelling(user.email))) for user in lost]


def change_address(transaction: Transaction, user: str, given: str) -> OwnUser:
    """Store another address for an account, on behalf of who runs the server.

    Raises:
        Invalid: It is none.
        NotFound: There is no such account.
        Conflict: It is that of another account.
    """
    email = collect({"email": lambda: accepted_email(given)})["email"]
    store.get_own_user(transaction, user)
    if store.find_id_by_email(transaction, email) not in (None, user):
        raise address_taken()
    store.update_user(transaction, user, email=email)
    return store.get_own_user(transaction, user)


def _spelling(email: str) -> str:
    try:
        return accepted_email(email)
    except BrokenRuleError:
        return ""
