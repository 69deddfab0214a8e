"""The delivery of a posted message."""

from collections.abc import Sequence

from echosphere.messages.events import MessagePosted
from echosphere.messages.wire.message import event_shape
from echosphere.realtime.delivery import ToMembers


def deliver_posted(event: MessagePosted) -> Sequence[ToMembers]:
    """Send a new message to the members."""
    message = event.message
    payload = event_shape(message, event.attachments)
    return (ToMembers(message.conversation, event.members_version, "message", payload),)
