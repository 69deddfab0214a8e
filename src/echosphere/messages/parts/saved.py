"""Saved: the users who saved a message for themselves."""

from echosphere.database import Transaction
from echosphere.messages import store
from echosphere.messages.message import Message
from echosphere.messages.parts.part import Part


class Saved(Part):
    """The marks of those who saved a message, which no one else sees."""

    def on_delete(self, transaction: Transaction, message: Message) -> None:
        """Delete them: an emptied message is nothing to keep."""
        store.delete_saved_by_all(transaction, message.conversation, message.seq)
