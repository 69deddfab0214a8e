"""Checks what a message answers."""

from echosphere.conversations import Access, sees_message
from echosphere.core.errors import Invalid
from echosphere.database import Transaction
from echosphere.messages import store


def check_reply(transaction: Transaction, access: Access, reply_to: int | None) -> None:
    """Refuse a reply to what is not there.

    Raises:
        Invalid: The member does not see such a message, or it was deleted or is a system message.
    """
    if reply_to is None:
        return
    answered = store.find(transaction, access.conversation.id, reply_to)
    if (
        answered is None
        or not sees_message(transaction, access, answered.seq)
        or answered.deleted
        or answered.system is not None
    ):
        problem = "is not a message in this conversation that can be replied to"
        raise Invalid(f"The field 'reply_to' {problem}.", fields={"reply_to": problem})
