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
from echosphere.recovery.issue import find_valid_link, use_link
from echosphere.recovery.mail_jobs import request_confirmation


def ask_for_confirmation(transaction: Transaction, event: AccountCreated) -> None:
    """Leave the mail to a new account, unless it is known that the address is theirs."""
    if not has_confirmed_email(transaction, event.user_id):
        request_confirmation(transaction, event.user_id, EVERY_LANGUAGE)


def find_to_confirm(snapshot: Snapshot, token: str) -> str:
    """Return the address that a link confirms.

    Raises:
        Gone: The link is not valid any more.
    """
    return find_valid_link(snapshot, "confirm", token).email or ""


class UseConfirmationLink(Command[None]):
    """Confirm an address by a link.

    Raises:
        Gone: The link is not valid any more.
    """

    token: str

    def run(self, transaction: Transaction) -> None:
        """Confirm it."""
        confirm_email(transaction, use_link(transaction, "confirm", self.token).user_id)


def unconfirmed_user(snapshot: Snapshot, caller: Caller) -> OwnUser | None:
    """Return the caller, or None if their address is confirmed."""
    if has_confirmed_email(snapshot, caller.user_id):
        return None
    return get_own_user(snapshot, caller.user_id)
