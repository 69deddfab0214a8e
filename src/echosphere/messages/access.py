"""The one place where the right to see a single message is checked."""

from echosphere.contacts import is_blocked_between
from echosphere.conversations import Access, access_conversation, access_for_update
from echosphere.core.errors import Forbidden, NotFound
from echosphere.database import Snapshot, Transaction
from echosphere.messages import store
from echosphere.messages.message import Message

UNKNOWN = "There is no such message."


def access_message(
    snapshot: Snapshot, viewer: str, conversation: str, seq: int
) -> tuple[Access, Message]:
    """Return a message as this person may see it.

    Raises:
        NotFound: It does not exist, was before the person's time, or they cleared or hid it.
    """
    access = access_conversation(snapshot, viewer, conversation)
    return access, shown_message(snapshot, access, seq)


def access_message_to_change(
    transaction: Transaction, viewer: str, conversation: str, seq: int
) -> tuple[Access, Message]:
    """Like `access_message`, and nobody else changes the conversation until the commit."""
    access = access_for_update(transaction, viewer, conversation)
    return access, shown_message(transaction, access, seq)


def shown_message(snapshot: Snapshot, access: Access, seq: int) -> Message:
    """Return a message as this member may see it.

    Raises:
        NotFound: It does not exist, was before the member's time, or they cleared or hid it.
    """
    message = store.find_shown(snapshot, access, seq)
    if message is None:
        raise NotFound(UNKNOWN)
    return message


def require_not_blocked(snapshot: Snapshot, access: Access) -> None:
    """Refuse what reaches the other person of a direct conversation, when one blocked the other.

    Raises:
        Forbidden: One of the two has blocked the other.
    """
    if access.partner and is_blocked_between(snapshot, access.viewer, access.partner):
        raise Forbidden("You cannot write to this person.")
