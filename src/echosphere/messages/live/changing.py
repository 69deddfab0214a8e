"""What is sent when a message changed."""

from collections.abc import Sequence

from echosphere.attachments import Attachment
from echosphere.messages.events import MessageChanged, MessageDeleted, MessageEdited, Visibility
from echosphere.messages.message import Message
from echosphere.messages.wire.changing import VersionEvent
from echosphere.messages.wire.message import event_shape
from echosphere.realtime.delivery import ToMembers


def changed(event: MessageEdited | MessageChanged) -> Sequence[ToMembers]:
    """Send a message as it is now to those who may see it.

    What changed around its words needs not be sent if more of that was committed with it.
    """
    around = isinstance(event, MessageChanged)
    return _send_to_viewers(event.message, event.attachments, event.visibility, may_pass=around)


def deleted(event: MessageDeleted) -> Sequence[ToMembers]:
    """Send what is left of a message to those who might have seen it."""
    return _send_to_viewers(event.message, (), event.visibility)


def _send_to_viewers(
    message: Message,
    attachments: Sequence[Attachment],
    visibility: Visibility,
    *,
    may_pass: bool = False,
) -> Sequence[ToMembers]:
    here, members_version = message.conversation, visibility.members_version
    shown = event_shape(message, attachments)
    # Only the number: otherwise they would take the next event for a gap, and catch up.
    passed = VersionEvent(here, message.version)
    to_viewers = ToMembers(
        here,
        members_version,
        "message",
        shown,
        visibility.visible_to,
        row=(here, message.seq),
        version_only=("version", passed) if may_pass else None,
    )
    if not visibility.hidden_from:
        return (to_viewers,)
    return (to_viewers, ToMembers(here, members_version, "version", passed, visibility.hidden_from))
