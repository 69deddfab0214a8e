"""What is sent when something was posted."""

from collections.abc import Sequence

from echosphere.live import ToMembers
from echosphere.messages.events import MessagePosted
from echosphere.messages.wire.message import event_shape


def posted(event: MessagePosted) -> Sequence[ToMembers]:
    """Send a new message to the members."""
    message = event.message
    payload = event_shape(message, event.attachments)
    return (ToMembers(message.conversation, event.members_version, "message", payload),)
