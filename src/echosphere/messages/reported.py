"""What those who decide reports may see and do: one message, what surrounds it, and no more."""

from echosphere.conversations import (
    Access,
    Role,
    find_sees_after,
    get_conversation_for_update,
)
from echosphere.database import Snapshot, Transaction
from echosphere.messages import store
from echosphere.messages.delete import remove_message
from echosphere.messages.message import Message

CONTEXT = 5
"""Messages around a reported one, three of them before it if there are as many."""


def reported_message(
    snapshot: Snapshot, conversation: str, seq: int, reporter: str
) -> list[Message]:
    """Return a reported message with its context, in their order.

    The context is of what its reporter sees: they show others nothing that is hidden from them.
    """
    message = store.find(snapshot, conversation, seq)
    sees_after = find_sees_after(snapshot, conversation, reporter)
    if message is None or sees_after is None:
        return [] if message is None else [message]
    seen = store.seen_by_member(conversation, reporter, sees_after)
    before, after = store.surroundings(snapshot, seen, seq, CONTEXT)
    some = before[-max(3, CONTEXT - len(after)) :]
    return [*some, message, *after[: CONTEXT - len(some)]]


def remove_reported_message(
    transaction: Transaction, conversation: str, seq: int, author: str
) -> bool:
    """Remove a reported message for everybody; return False if it is gone already.

    The decision gives the right to: whoever decides need not be a member.
    """
    whole = get_conversation_for_update(transaction, conversation)
    message = store.find(transaction, conversation, seq)
    if message is None or message.deleted or message.author != author:
        return False
    remove_message(transaction, Access(whole, author, Role.OWNER, 0, None), message)
    return True
