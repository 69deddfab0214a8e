"""Moves a person's read position forward."""

from echosphere.conversations import access_conversation, set_read
from echosphere.database import Transaction
from echosphere.inbox import store
from echosphere.inbox.events import MessagesRead, OwnChanged


def mark_read(transaction: Transaction, reader: str, conversation: str, seq: int) -> None:
    """Count everything up to a number as read; a smaller one than before changes nothing.

    Raises:
        NotFound: The reader is not a member.
    """
    access = access_conversation(transaction, reader, conversation)
    reached = min(seq, access.conversation.last_seq)
    if not set_read(transaction, reader, conversation, reached):
        return
    entry = store.find_entry(transaction, reader, conversation)
    assert entry is not None  # noqa: S101 - access was checked
    transaction.announce(
        MessagesRead(conversation, access.conversation.members_version, reader, reached)
    )
    transaction.announce(OwnChanged(reader, entry))
