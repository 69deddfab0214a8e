"""Forgets what somebody kept for themselves when they close their account."""

from echosphere.accounts import AccountClosed
from echosphere.conversations import clear_drafts
from echosphere.database import Transaction
from echosphere.messages import store
from echosphere.messages.purge import purge_deserted


def forget_kept_messages(transaction: Transaction, event: AccountClosed) -> None:
    """Remove what a person saved, hid and drafted; what they said stays with those who were told."""
    store.forget_person(transaction, event.user_id)
    clear_drafts(transaction, event.user_id)
    purge_deserted(transaction, event.user_id)
