"""Closes an account for good: its messages stay, the personal data is deleted."""

from echosphere.accounts import store
from echosphere.accounts.account import CLOSED_NAME
from echosphere.accounts.change_role import require_another_owner
from echosphere.accounts.credentials import accept_proof
from echosphere.accounts.events import AccountClosed, AccountClosing, ProfileChanged
from echosphere.accounts.sessions import end_sessions
from echosphere.accounts.sign_in import Attempt
from echosphere.core.caller import Caller
from echosphere.database import Transaction, alone


@alone
def close_account(
    transaction: Transaction, caller: Caller, attempt: Attempt | None, passwords: bool
) -> None:
    """Close the account of a caller who has proved the password, or who they are without one.

    Args:
        transaction: The transaction.
        caller: The owner.
        attempt: The proof; None without a password.
        passwords: Whether the server takes passwords.

    Raises:
        Conflict: The password has been changed since, or this is the last owner.
    """
    accept_proof(transaction, caller, attempt, passwords=passwords)
    require_another_owner(transaction, caller.user_id)
    transaction.announce(AccountClosing(caller.user_id))
    store.update_user(
        transaction,
        caller.user_id,
        email=None,
        name=CLOSED_NAME,
        about="",
        avatar=None,
        password=None,
        settings="{}",
        status_emoji=None,
        status_text=None,
        status_until=None,
        last_seen=None,
        suspended_until=None,
        suspension_reason=None,
        closed_at=transaction.now,
    )
    end_sessions(transaction, caller.user_id)
    transaction.announce(ProfileChanged(caller.user_id))
    transaction.announce(AccountClosed(caller.user_id))
