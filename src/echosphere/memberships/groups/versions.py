"""The next version of a group, of whose change clients are told."""

from echosphere.conversations import Conversation, raise_members_version, raise_version
from echosphere.database import Transaction


def next_version(transaction: Transaction, conversation: Conversation) -> Conversation:
    """Return the conversation one version later: a client holds all of a version or nothing."""
    return conversation._replace(version=raise_version(transaction, conversation))


def next_members_version(transaction: Transaction, conversation: Conversation) -> Conversation:
    """Like `next_version`, for a change of who is a member: audiences are loaded anew."""
    raised = raise_members_version(transaction, conversation)
    return conversation._replace(version=raised, members_version=raised)
