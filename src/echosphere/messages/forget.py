"""Forgets what somebody kept for themselves when they close their account."""

from echosphere.accounts import AccountClosed
from echosphere.database import Transaction
from echosphere.messages import store


def forget_kept_messages(transaction: Transaction, event: AccountClosed) -> None:
    """Remove what a person saved and hid; what they said stays with those who were told."""
    store.forget_person(transaction, event.user)
