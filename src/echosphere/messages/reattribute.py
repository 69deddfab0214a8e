"""Gives what a placeholder wrote in a conversation to the account of the same person."""

from typing import NamedTuple

from echosphere.conversations import Access, Conversation, Role, raise_version
from echosphere.database import Transaction
from echosphere.messages import store
from echosphere.messages.change import announce_change

BATCH = 500
"""Messages of one transaction."""


class Reattributed(NamedTuple):
    """What became of some messages.

    Attributes:
        conversation: As it is now.
        changed: Whether anything was changed.
        more: Whether messages are left.
    """

    conversation: Conversation
    changed: bool
    more: bool


def reattribute_messages(
    transaction: Transaction, conversation: Conversation, before: str, after: str
) -> Reattributed:
    """Give some messages of one user to another.

    All of them get one new version: whoever asks for what changed gets them, like others. Where
    nothing is left to be given, nothing changes: a job that goes on after a crash comes here again.

    Args:
        transaction: Holds the conversation's lock.
        conversation: As read under that lock.
        before: The id of the placeholder.
        after: The id of the account.
    """
    version = conversation.version + 1
    place = conversation.id, before, after
    given = store.set_author(transaction, *place, version=version, limit=BATCH)
    more = given == BATCH and store.has_author(transaction, conversation.id, before)
    renamed = 0 if more else store.rename_in_parts(transaction, *place, version=version)
    if not given + renamed:
        return Reattributed(conversation, changed=False, more=False)
    version = raise_version(transaction, conversation)
    return Reattributed(conversation._replace(version=version), changed=True, more=more)


def announce_last_message(transaction: Transaction, conversation: Conversation) -> None:
    """Send the last message to the members: whoever lacks versions before it asks for them."""
    last = store.find(transaction, conversation.id, conversation.last_seq)
    if last is None:
        return
    changed = last._replace(version=raise_version(transaction, conversation))
    store.update_message(transaction, changed)
    access = Access(conversation, last.author, Role.MEMBER, 0, None)
    announce_change(transaction, access, changed)
