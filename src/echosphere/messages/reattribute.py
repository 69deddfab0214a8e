"""Gives what a placeholder wrote in a conversation to the account of the same person."""

from echosphere.conversations import Access, Conversation, Role, raise_version
from echosphere.database import Transaction
from echosphere.messages import store
from echosphere.messages.change import announce_change

BATCH = 500
"""Messages of one transaction."""


def reattribute_messages(
    transaction: Transaction, conversation: Conversation, before: str, after: str
) -> tuple[Conversation, bool]:
    """Give some messages of one user to another; return the conversation, and whether more are left.

    All of them get one new version: whoever asks for what changed gets them, like others.

    Args:
        transaction: Holds the conversation's lock.
        conversation: As read under that lock.
        before: The id of the placeholder.
        after: The id of the account.
    """
    version = raise_version(transaction, conversation)
    place = conversation.id, before, after
    given = store.set_author(transaction, *place, version=version, limit=BATCH)
    if given < BATCH:
        store.rename_in_parts(transaction, *place, version=version)
    return conversation._replace(version=version), given == BATCH


def announce_last_message(transaction: Transaction, conversation: Conversation) -> None:
    """Send the last message to the members: whoever lacks versions before it asks for them."""
    last = store.find(transaction, conversation.id, conversation.last_seq)
    if last is None:
        return
    changed = last._replace(version=raise_version(transaction, conversation))
    store.update_message(transaction, changed)
    access = Access(conversation, last.author, Role.MEMBER, 0, None)
    announce_change(transaction, access, changed)
