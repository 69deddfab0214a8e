"""Writes down what happened to a group: its next version, and the line that everybody reads."""

from echosphere.conversations import Conversation, raise_members_version, raise_version
from echosphere.database import Transaction
from echosphere.messages import post_system_message


def say(
    transaction: Transaction, conversation: Conversation, actor: str, kind: str, **more: str | bool
) -> Conversation:
    """Write a system line; return the conversation as it is after it.

    Args:
        transaction: Where to.
        conversation: As it is now, read locked in this transaction.
        actor: Who did it.
        kind: What happened, in one of the words of docs/protocol.md.
        more: What belongs to it, such as `user`, whom it happened to.
    """
    seq = post_system_message(transaction, conversation, actor, {"type": kind, **more})
    return conversation._replace(version=seq, last_seq=seq)


def next_version(transaction: Transaction, conversation: Conversation) -> Conversation:
    """Return the conversation one version later: a client holds all of a version or nothing."""
    return conversation._replace(version=raise_version(transaction, conversation))


def next_members_version(transaction: Transaction, conversation: Conversation) -> Conversation:
    """Like `next_version`, for a change of who is a member: audiences are loaded anew."""
    raised = raise_members_version(transaction, conversation)
    return conversation._replace(version=raised, members_version=raised)
