"""The only place where the right to see a single message is checked."""

from echosphere.contacts import is_blocked_between
from echosphere.conversations import Access, access_conversation, access_for_update
from echosphere.core.errors import Forbidden, NotFound
from echosphere.database import Snapshot, Transaction
from echosphere.messages import store
from echosphere.messages.message import Message

UNKNOWN = "Message not found."


def access_message(
    snapshot: Snapshot, viewer: str, conversation: str, seq: int
) -> tuple[Access, Message]:
    """Return a message that the viewer may see, with their access to its conversation.

    Raises:
        NotFound: It does not exist, or was posted before the viewer joined, or the viewer cleared or
            hid it.
    """
    access = access_conversation(snapshot, viewer, conversation)
    return access, visible_message(snapshot, access, seq)


def access_message_for_update(
    transaction: Transaction, viewer: str, conversation: str, seq: int
) -> tuple[Access, Message]:
    """Like `access_message`, and lock the conversation until the commit."""
    access = access_for_update(transaction, viewer, conversation)
    return access, visible_message(transaction, access, seq)


def visible_message(snapshot: Snapshot, access: Access, seq: int) -> Message:
    """Return a message that this member may see.

    Raises:
        NotFound: As in `access_message`.
    """
    message = store.find_visible(snapshot, access, seq)
    if message is None and access.sees_only_addressed:
        message = store.find_addressed(snapshot, access, seq)
    if message is None:
        raise NotFound(UNKNOWN)
    return message


def require_not_blocked(snapshot: Snapshot, access: Access) -> None:
    """Refuse to reach the partner of a direct conversation across a block.

    Raises:
        Forbidden: One of the two users has blocked the other.
    """
    if access.partner and is_blocked_between(snapshot, access.viewer, access.partner):
        raise Forbidden("You cannot write to this person.")
