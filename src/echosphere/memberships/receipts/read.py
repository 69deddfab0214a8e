"""Moves a person's read position forward."""

from echosphere.conversations import access_conversation, set_read
from echosphere.database import Transaction
from echosphere.memberships.inbox.events import OwnChanged, ReceiptGiven
from echosphere.memberships.receipts.recipients import gives_receipts, receivers_of
from echosphere.memberships.store import inbox as store


def mark_read(transaction: Transaction, reader: str, conversation: str, seq: int) -> None:
    """Count everything up to a number as read; a smaller one than before changes nothing.

    What the reader marked to come back to is not marked any more.

    Raises:
        NotFound: The reader is not a member.
    """
    access = access_conversation(transaction, reader, conversation)
    reached = min(seq, access.conversation.last_seq)
    shown = gives_receipts(transaction, access)
    if not set_read(transaction, reader, conversation, reached, reached if shown else 0):
        return
    entry = store.find_entry(transaction, reader, conversation)
    assert entry is not None  # noqa: S101 - access was checked
    if shown and entry.own.read_seq == reached:
        receivers = receivers_of(transaction, access)
        version = access.conversation.members_version
        transaction.announce(
            ReceiptGiven(conversation, version, reader, receivers, read_seq=reached)
        )
    transaction.announce(OwnChanged(reader, entry))
