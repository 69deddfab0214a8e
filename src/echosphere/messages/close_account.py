"""Deletes a user's personal data about messages when the account is closed."""

from echosphere.accounts import AccountClosed
from echosphere.conversations import clear_drafts
from echosphere.database import Transaction
from echosphere.messages import store
from echosphere.messages.purge import enqueue_purge_of_abandoned, enqueue_removal_everywhere


def purge_personal_data(transaction: Transaction, event: AccountClosed) -> None:
    """Delete what the user saved, hid and drafted, and what they posted if that is wanted."""
    store.delete_personal_rows(transaction, event.user_id)
    clear_drafts(transaction, event.user_id)
    enqueue_purge_of_abandoned(transaction, event.user_id)
    if event.delete_messages:
        enqueue_removal_everywhere(transaction, event.user_id)
