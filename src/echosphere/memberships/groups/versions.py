"""Raises a group's versions."""

from echosphere.conversations import Conversation, raise_members_version, raise_version
from echosphere.database import Transaction


def next_version(transaction: Transaction, conversation: Conversation) -> Conversation:
    """Return the conversation with the next version: each change of a group has its own."""
    return conversation._replace(version=raise_version(transaction, conversation))


def next_members_version(transaction: Transaction, conversation: Conversation) -> Conversation:
    """As `next_version`, for a change of the set of members: audiences are reloaded."""
    raised = raise_members_version(transaction, conversation)
    return conversation._replace(version=raised, members_version=raised)
