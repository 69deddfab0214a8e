"""Pins a message for all members of its conversation."""

from echosphere.attachments import Attachment
from echosphere.conversations import Access, Role, access_conversation, count_members
from echosphere.core.errors import Conflict, Forbidden
from echosphere.database import Command, Snapshot, Transaction
from echosphere.messages import store
from echosphere.messages.access import access_message_for_update, require_not_blocked
from echosphere.messages.change import announce_change, attachments_of_message, change_message
from echosphere.messages.history import attachments_of_page
from echosphere.messages.message import Message, require_not_deleted
from echosphere.messages.post import Posted
from echosphere.messages.posting_rules import note_post, require_may_post
from echosphere.messages.system_messages import post_system_message

MAX_PINS = 100
MAX_MEMBERS_FOR_PINNING = 20
"""Members of a group up to which all of them may pin."""


class PinMessage(Command[Posted], lane="conversation"):
    """Pin a message, which posts a system message too, or unpin it; idempotent.

    Raises:
        NotFound: The actor cannot see the message.
        Gone: It was deleted.
        Forbidden: It is a system message, one of two users has blocked the other, or the actor is not
            an admin of a larger group, or of one in which only these post.
        TooMany: The actor must wait in slow mode.
        Conflict: Too many messages are pinned.
    """

    conversation: str
    seq: int
    actor: str
    on: bool

    def run(self, transaction: Transaction) -> Posted:
        """Pin or unpin it."""
        access, message = access_message_for_update(
            transaction, self.actor, self.conversation, self.seq
        )
        require_not_deleted(message)
        if self.on:
            require_not_blocked(transaction, access)
            require_may_post(access, transaction.now)  # a system message says so
            note_post(transaction, access)
        _require_may_pin(transaction, access)
        if self.on == (message.pinned_at is not None):
            return Posted(message, attachments_of_message(transaction, message), new=False)
        if self.on and store.count_pins(transaction, self.conversation) >= MAX_PINS:
            raise Conflict(f"{MAX_PINS} messages are already pinned here. Unpin one first.")
        pinned = {"pinned_at": transaction.now, "pinned_by": self.actor}
        fields = pinned if self.on else dict.fromkeys(pinned)
        changed = change_message(transaction, access, message, **fields)
        files = announce_change(transaction, access, changed)
        if self.on:
            current = access.conversation._replace(version=changed.version)
            post_system_message(
                transaction, current, self.actor, {"type": "pinned", "seq": self.seq}
            )
        return Posted(changed, files, new=True)


def pinned_messages(
    snapshot: Snapshot, viewer: str, conversation: str
) -> tuple[list[Message], dict[int, list[Attachment]]]:
    """Return the pinned messages that a member may see, the last pinned first, with their files.

    Raises:
        NotFound: The viewer is not a member.
    """
    access = access_conversation(snapshot, viewer, conversation)
    found = store.pins(snapshot, access)
    return found, attachments_of_page(snapshot, conversation, found)


def _require_may_pin(snapshot: Snapshot, access: Access) -> None:
    if access.role in (Role.OWNER, Role.ADMIN):
        return
    if count_members(snapshot, access.conversation.id) > MAX_MEMBERS_FOR_PINNING:
        raise Forbidden(
            f"In groups with more than {MAX_MEMBERS_FOR_PINNING} members, only admins can pin "
            "messages."
        )
