"""What moderators may see and do: a reported message with its context, and its deletion."""

from echosphere.conversations import (
    Access,
    Role,
    find_sees_after,
    get_conversation_for_update,
)
from echosphere.database import Snapshot, Transaction
from echosphere.messages import store
from echosphere.messages.delete import erase_message
from echosphere.messages.message import Message

CONTEXT = 5
"""Messages around a reported one, of which three come before it if possible."""


def reported_message_with_context(
    snapshot: Snapshot, conversation: str, seq: int, reporter: str
) -> list[Message]:
    """Return a reported message with its context, in ascending order.

    The context has only messages that the reporter can see.
    """
    message = store.find(snapshot, conversation, seq)
    sees_after = find_sees_after(snapshot, conversation, reporter)
    if message is None or sees_after is None:
        return [] if message is None else [message]
    parameters = store.member_parameters(conversation, reporter, sees_after)
    before, after = store.messages_around(snapshot, parameters, seq, CONTEXT)
    context = before[-max(3, CONTEXT - len(after)) :]
    return [*context, message, *after[: CONTEXT - len(context)]]


def erase_reported_message(
    transaction: Transaction, conversation: str, seq: int, author: str
) -> bool:
    """Delete a reported message for all members; return False if it was deleted already.

    The caller has checked the right to moderate; a moderator need not be a member.
    """
    locked = get_conversation_for_update(transaction, conversation)
    message = store.find(transaction, conversation, seq)
    if message is None or message.deleted or message.author != author:
        return False
    erase_message(transaction, Access(locked, author, Role.OWNER, 0, None), message)
    return True
