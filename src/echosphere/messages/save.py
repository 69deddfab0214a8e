"""Lets a person save messages to find them again; nobody else sees which."""

from typing import NamedTuple

from echosphere.accounts import lock_user
from echosphere.attachments import Attachment
from echosphere.database import Snapshot, Transaction, alone
from echosphere.messages import store
from echosphere.messages.access import access_message_to_change
from echosphere.messages.change import files_of
from echosphere.messages.message import Message, require_not_deleted
from echosphere.messages.personal_events import MessageSaved


class Saved(NamedTuple):
    """A saved message."""

    saved_at: int
    message: Message
    attachments: tuple[Attachment, ...]


class SavedPage(NamedTuple):
    """Saved messages, the last saved first, and whether there are earlier ones."""

    saved: list[Saved]
    more: bool


@alone
def save_message(
    transaction: Transaction, user_id: str, conversation: str, seq: int, on: bool
) -> None:
    """Save a message for a person, or forget that they did; what is so already changes nothing.

    Raises:
        NotFound: The person cannot see such a message.
        Gone: It was deleted.
        Forbidden: It is a system line.
    """
    _, message = access_message_to_change(transaction, user_id, conversation, seq)
    if on:
        require_not_deleted(message)
    lock_user(transaction, user_id)  # no two are saved at the same time
    work = store.save if on else store.unsave
    if work(transaction, user_id, conversation, seq):
        transaction.announce(MessageSaved(user_id, conversation, seq, on))


def saved_page(snapshot: Snapshot, user_id: str, before: int, limit: int) -> SavedPage:
    """Return what a person saved before a time, as far as they may still see it."""
    rows = store.saved_before(snapshot, user_id, before, limit + 1)
    kept = [Saved(at, message, files_of(snapshot, message)) for at, message in rows[:limit]]
    return SavedPage(kept, more=len(rows) > limit)
