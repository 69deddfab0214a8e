"""Deletes a message for all members: the emptied row keeps its position."""

from typing import Any

from echosphere.conversations import (
    Access,
    Conversation,
    Role,
    access_for_update,
    sees_message,
)
from echosphere.core.errors import Forbidden, NotFound
from echosphere.database import Command, Transaction
from echosphere.messages import store
from echosphere.messages.access import UNKNOWN
from echosphere.messages.change import change_message, visibility_of
from echosphere.messages.events import MessageDeleted, Visibility
from echosphere.messages.hold import delete_held_edits
from echosphere.messages.mentions import mentioned_user_ids
from echosphere.messages.message import Message
from echosphere.messages.parts import NO_PARTS, delete_parts

DELETED_FIELDS: dict[str, Any] = {
    "body": "",
    "edited_at": None,
    "deleted": True,
    "expires_at": None,
    **NO_PARTS,
}
"""The values of the emptied row."""


class DeleteMessage(Command[Message], lane="conversation"):
    """Empty a message for all members, and announce it; idempotent.

    A user who hid it before may still delete it.

    Raises:
        NotFound: The actor cannot see the message.
        Forbidden: The actor is neither its author nor a group admin, or it is a system message.
    """

    conversation: str
    seq: int
    actor: str

    def run(self, transaction: Transaction) -> Message:
        """Delete it; return the emptied row."""
        access = access_for_update(transaction, self.actor, self.conversation)
        message = store.find(transaction, self.conversation, self.seq)
        if message is None or not sees_message(transaction, access, message.seq):
            raise NotFound(UNKNOWN)
        if not _may_delete(access, message):
            raise Forbidden("Only the author or a group admin can delete a message.")
        return message if message.deleted else erase_message(transaction, access, message)


def erase_aged_message(
    transaction: Transaction, conversation: Conversation, message: Message
) -> Conversation:
    """Empty a message whose time is over; return the conversation with its new version.

    It goes like any deleted message; the emptied row has an `expires_at` of 0.
    """
    access = Access(conversation, message.author, Role.OWNER, 0, None)
    erased = erase_message(transaction, access, message, expires_at=0)
    return conversation._replace(version=erased.version)


def erase_message(
    transaction: Transaction, access: Access, message: Message, *, expires_at: int | None = None
) -> Message:
    """Empty a message and announce it; return the emptied row. The conversation must be locked."""
    _delete_dependent_rows(transaction, message)
    delete_held_edits(transaction, access.conversation, message.seq)
    fields = DELETED_FIELDS | {"expires_at": expires_at}
    erased = change_message(transaction, access, message, **fields)
    transaction.announce(
        MessageDeleted(
            erased,
            visibility_of(transaction, access, erased),
            mentioned_user_ids(message),
            bool(message.mentions_all),
        )
    )
    return erased


def erase_silently(transaction: Transaction, conversation: Conversation, message: Message) -> None:
    """Empty a message that no user can see any more.

    It keeps its version and is announced without receivers, so that clients need not fetch anything.
    """
    _delete_dependent_rows(transaction, message)
    erased = message._replace(**DELETED_FIELDS)
    store.update_message(transaction, erased)
    no_viewers = Visibility(conversation.members_version, frozenset())
    mentioned = mentioned_user_ids(message)
    transaction.announce(MessageDeleted(erased, no_viewers, mentioned, bool(message.mentions_all)))


def _delete_dependent_rows(transaction: Transaction, message: Message) -> None:
    delete_parts(transaction, message)
    store.delete_versions(transaction, message.conversation, message.seq)


def _may_delete(access: Access, message: Message) -> bool:
    if message.system is not None:
        return False
    return message.author == access.viewer or access.role in (Role.OWNER, Role.ADMIN)
