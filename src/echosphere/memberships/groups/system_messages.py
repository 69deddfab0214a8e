"""Posts system messages, which tell the members what happened to a group."""

from echosphere.conversations import Conversation
from echosphere.database import Transaction
from echosphere.messages import post_system_message


def post(
    transaction: Transaction,
    conversation: Conversation,
    actor: str,
    kind: str,
    **more: str | bool | int,
) -> Conversation:
    """Post a system message; return the conversation with the new version.

    Args:
        transaction: Holds the conversation's lock.
        conversation: As read under that lock, or after the last change.
        actor: The user who caused it.
        kind: A `type` of system message as listed in docs/protocol.md.
        more: Further fields, such as `user`, the member concerned.
    """
    seq = post_system_message(transaction, conversation, actor, {"type": kind, **more})
    return conversation._replace(version=seq, last_seq=seq)
