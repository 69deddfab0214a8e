"""Confirms the address of an account by a link that was mailed there."""

from echosphere.accounts import (
    AccountCreated,
    OwnUser,
    confirm_email,
    get_own_user,
    has_confirmed_email,
)
from echosphere.core.caller import Caller
from echosphere.database import Command, Snapshot, Transaction
from echosphere.recovery.emails import EVERY_LANGUAGE
from echosphere.recovery.issue import use_own_link
from echosphere.recovery.mail_jobs import request_confirmation
from echosphere.settings import LiveSettings


def ask_for_confirmation(
    live: LiveSettings, transaction: Transaction, event: AccountCreated
) -> None:
    """Leave the mail to a new account where that is asked, unless the address is known to be theirs."""
    if live.current.confirm_email and not has_confirmed_email(transaction, event.user_id):
        request_confirmation(transaction, event.user_id, EVERY_LANGUAGE)


class UseConfirmationLink(Command[None]):
    """Confirm the address of the caller by a link.

    Whoever else got the mail cannot say for them that the address is theirs.

    Raises:
        Gone: The link is not valid any more, or another account's.
    """

    token: str
    caller: Caller

    def run(self, transaction: Transaction) -> None:
        """Confirm it."""
        use_own_link(transaction, "confirm", self.token, self.caller)
        confirm_email(transaction, self.caller.user_id)


def unconfirmed_user(snapshot: Snapshot, caller: Caller) -> OwnUser | None:
    """Return the caller, or None if their address is confirmed."""
    if has_confirmed_email(snapshot, caller.user_id):
        return None
    return get_own_user(snapshot, caller.user_id)
