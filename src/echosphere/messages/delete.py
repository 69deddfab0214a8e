"""Deletes a message for everybody: its place stays, nothing of what it said does."""

from typing import Any

from echosphere.attachments import remove_attachments_of
from echosphere.conversations import Access, Conversation, Role, access_for_update
from echosphere.core.errors import Forbidden, NotFound
from echosphere.database import Transaction
from echosphere.messages import store
from echosphere.messages.access import UNKNOWN
from echosphere.messages.change import change_message, visibility_of
from echosphere.messages.events import MessageDeleted, Visibility
from echosphere.messages.mentions import mentioned_in
from echosphere.messages.message import Message

DELETED_FIELDS: dict[str, Any] = {
    "body": "",
    "edited_at": None,
    "deleted": True,
    "files": 0,
    "mentions": None,
    "mentions_all": False,
    "reactions": None,
    "pinned_at": None,
    "pinned_by": None,
    "preview": None,
}
"""What is left of the row."""


def delete_message(transaction: Transaction, actor: str, conversation: str, seq: int) -> Message:
    """Remove what a message said, everywhere, and announce it; doing it twice changes nothing.

    Who deleted it for themselves before may still delete it for everybody.

    Raises:
        NotFound: The person cannot see such a message.
        Forbidden: It is neither the person's own, nor do they run the group; or a system line.
    """
    access = access_for_update(transaction, actor, conversation)
    message = store.find(transaction, conversation, seq)
    if message is None or message.seq <= access.sees_after:
        raise NotFound(UNKNOWN)
    if not _may_delete(access, message):
        raise Forbidden("Only its author, or who runs the group, can delete a message.")
    return message if message.deleted else remove_message(transaction, access, message)


def remove_message(transaction: Transaction, access: Access, message: Message) -> Message:
    """Remove what a message said, behind the lock of its conversation; return what is left."""
    _remove_what_hangs_on(transaction, message)
    left = change_message(transaction, access, message, **DELETED_FIELDS)
    transaction.announce(
        MessageDeleted(
            left,
            visibility_of(transaction, access, left),
            mentioned_in(message),
            bool(message.mentions_all),
        )
    )
    return left


def purge_message(transaction: Transaction, conversation: Conversation, message: Message) -> None:
    """Remove what a message said that nobody can see any more.

    So nobody is told, and it keeps its version: what clients hold of the conversation stays as it is.
    """
    _remove_what_hangs_on(transaction, message)
    left = message._replace(**DELETED_FIELDS)
    store.change(transaction, left)
    nobody = Visibility(conversation.members_version, frozenset())
    before = mentioned_in(message)
    transaction.announce(MessageDeleted(left, nobody, before, bool(message.mentions_all)))


def _remove_what_hangs_on(transaction: Transaction, message: Message) -> None:
    remove_attachments_of(transaction, message.conversation, message.seq)
    store.delete_traces(transaction, message.conversation, message.seq)


def _may_delete(access: Access, message: Message) -> bool:
    if message.system is not None:
        return False
    return message.author == access.viewer or access.role in (Role.OWNER, Role.ADMIN)
