"""Explains whether and why a user was notified of a message, or why not."""

from collections.abc import Callable

from echosphere.core.clock import MINUTE
from echosphere.core.errors import NotFound
from echosphere.database import Snapshot
from echosphere.messages import access_message
from echosphere.notifications import store
from echosphere.notifications.content import MessageContext
from echosphere.notifications.decide import Outcome
from echosphere.notifications.notify import NOTICES_KEPT
from echosphere.notifications.recipients import Recipient, find_recipient, message_context
from echosphere.notifications.store import Notice


def explain_notification(
    snapshot: Snapshot,
    decide_now: Callable[[MessageContext, Recipient, int], Outcome],
    viewer: str,
    conversation: str,
    seq: int,
) -> Notice | tuple[Outcome, None]:
    """Return the stored notice, or without one, the outcome as things stand now.

    Args:
        snapshot: The state to read.
        decision: Returns the outcome as things stand now.
        viewer: Whose notification is explained.
        conversation: The message's conversation.
        seq: The message's number.

    Raises:
        NotFound: The viewer may not see the message.
    """
    _, message = access_message(snapshot, viewer, conversation, seq)
    recipient = find_recipient(snapshot, message, viewer)
    if recipient is None:
        raise NotFound("Message not found.")
    notice = store.find_notice(snapshot, viewer, conversation, seq)
    if notice is not None:
        return notice
    outcome = decide_now(message_context(snapshot, message), recipient, snapshot.now)
    if not outcome.is_notified:
        return outcome, None
    # It would be sent now, and yet there is no notice: there was no subscription then.
    since = message.created_at
    if outcome is Outcome.MENTION:  # perhaps only since the edit
        since = message.edited_at or since
    age = snapshot.now - since
    if age < MINUTE:
        return Outcome.PENDING, None
    return (Outcome.FORGOTTEN if age > NOTICES_KEPT else Outcome.NO_DEVICE), None
