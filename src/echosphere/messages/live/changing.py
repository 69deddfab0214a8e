"""The deliveries of changed and deleted messages."""

from collections.abc import Sequence

from echosphere.attachments import Attachment
from echosphere.messages.events import MessageChanged, MessageDeleted, MessageEdited, Visibility
from echosphere.messages.message import Message
from echosphere.messages.wire.changing import VersionEvent
from echosphere.messages.wire.message import event_shape
from echosphere.realtime.delivery import ToMembers


def deliver_changed(event: MessageEdited | MessageChanged) -> Sequence[ToMembers]:
    """Send the changed message to the members who may see it.

    Unless its text was edited, a later change in the same commit replaces it.
    """
    replaceable = isinstance(event, MessageChanged)
    return _send_to_viewers(
        event.message, event.attachments, event.visibility, replaceable=replaceable
    )


def deliver_deleted(event: MessageDeleted) -> Sequence[ToMembers]:
    """Send the emptied row to the members who might have seen the message."""
    return _send_to_viewers(event.message, (), event.visibility)


def _send_to_viewers(
    message: Message,
    attachments: Sequence[Attachment],
    visibility: Visibility,
    *,
    replaceable: bool = False,
) -> Sequence[ToMembers]:
    here, members_version = message.conversation, visibility.members_version
    payload = event_shape(message, attachments)
    # Only the version, since without it they would take the next event for a gap and sync.
    version_only_event = VersionEvent(here, message.version)
    to_viewers = ToMembers(
        here,
        members_version,
        "message",
        payload,
        visibility.visible_to,
        row=(here, message.seq),
        version_only=("version", version_only_event) if replaceable else None,
    )
    if not visibility.hidden_from:
        return (to_viewers,)
    return (
        to_viewers,
        ToMembers(here, members_version, "version", version_only_event, visibility.hidden_from),
    )
