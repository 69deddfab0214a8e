"""Sends members their own part of a conversation again."""

from echosphere.conversations import audience_of
from echosphere.database import Transaction
from echosphere.memberships.inbox.events import MemberSettingsChanged
from echosphere.memberships.store import inbox as inbox_store


def announce_entries(transaction: Transaction, conversation: str) -> None:
    """Send all members their read position and counts, after an import changed them."""
    for user_id in audience_of(transaction, conversation)[1]:
        entry = inbox_store.find_entry(transaction, user_id, conversation)
        if entry is not None:
            transaction.announce(MemberSettingsChanged(user_id, entry))
