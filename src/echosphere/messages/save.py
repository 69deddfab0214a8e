"""Saves messages for one user, invisibly to all others."""

from typing import NamedTuple

from echosphere.accounts import lock_user
from echosphere.attachments import Attachment
from echosphere.database import Command, Snapshot, Transaction
from echosphere.messages import store
from echosphere.messages.access import access_message_for_update
from echosphere.messages.change import attachments_of_message
from echosphere.messages.message import Message, require_not_deleted
from echosphere.messages.personal_events import MessageSaved


class SavedMessage(NamedTuple):
    """A saved message."""

    saved_at: int
    message: Message
    attachments: tuple[Attachment, ...]


class SavedPage(NamedTuple):
    """Saved messages, the last saved first, and whether there are earlier ones."""

    saved: list[SavedMessage]
    more: bool


class SaveMessage(Command[None], lane="user_id", own_transaction=True):
    """Save a message for a user, or remove it from the saved ones; idempotent.

    Raises:
        NotFound: The user cannot see the message.
        Gone: It was deleted.
        Forbidden: It is a system message.
    """

    user_id: str
    conversation: str
    seq: int
    on: bool

    def run(self, transaction: Transaction) -> None:
        """Save it, or remove it."""
        _, message = access_message_for_update(
            transaction, self.user_id, self.conversation, self.seq
        )
        if self.on:
            require_not_deleted(message)
        lock_user(transaction, self.user_id)  # so that no two have the same time
        save_or_unsave = store.save if self.on else store.unsave
        if save_or_unsave(transaction, self.user_id, self.conversation, self.seq):
            transaction.announce(MessageSaved(self.user_id, self.conversation, self.seq, self.on))


def saved_page(snapshot: Snapshot, user_id: str, before: int, limit: int) -> SavedPage:
    """Return the messages that a user saved before a time and may still see."""
    rows = store.saved_before(snapshot, user_id, before, limit + 1)
    saved = [
        SavedMessage(at, message, attachments_of_message(snapshot, message))
        for at, message in rows[:limit]
    ]
    return SavedPage(saved, more=len(rows) > limit)
