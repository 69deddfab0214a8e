"""Closes an account permanently: deletes the personal data and, if the user wants, the messages."""

from echosphere.accounts import store
from echosphere.accounts.account import CLOSED_NAME
from echosphere.accounts.change_role import require_another_owner
from echosphere.accounts.credentials import accept_proof
from echosphere.accounts.events import AccountClosed, AccountClosing, ProfileChanged
from echosphere.accounts.sessions import end_sessions
from echosphere.accounts.sign_in import Attempt
from echosphere.core.caller import Caller
from echosphere.database import Command, Transaction


class CloseOwnAccount(Command[None], own_transaction=True):
    """Close the account of a caller who has proved the password, or who they are without one.

    Attributes:
        caller: The owner.
        attempt: The proof; None without a password.
        passwords: Whether the server takes passwords.
        delete_messages: Whether what they said is deleted, too, for everyone.

    Raises:
        Conflict: The password has been changed since, or this is the last owner.
    """

    caller: Caller
    attempt: Attempt | None
    passwords: bool
    delete_messages: bool = False

    def run(self, transaction: Transaction) -> None:
        """Close it."""
        accept_proof(transaction, self.caller, self.attempt, passwords=self.passwords)
        require_another_owner(transaction, self.caller.user_id)
        transaction.announce(AccountClosing(self.caller.user_id))
        store.update_user(
            transaction,
            self.caller.user_id,
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
        end_sessions(transaction, self.caller.user_id)
        transaction.announce(ProfileChanged(self.caller.user_id))
        transaction.announce(AccountClosed(self.caller.user_id, self.delete_messages))
