"""Posts system messages: the lines that say what happened to a group."""

from echosphere.conversations import Conversation
from echosphere.database import Transaction
from echosphere.messages import post_system_message


def post(
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
