"""What is sent when something happened to a message."""

from echosphere.messages.events import (
    MessageChanged,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
)
from echosphere.messages.live.changing import changed, deleted
from echosphere.messages.live.personal import hidden, restored, saved
from echosphere.messages.live.posting import posted
from echosphere.messages.personal_events import MessageSaved, MessagesHidden, MessagesRestored
from echosphere.realtime.delivery import FanOut


class MessagesLive:
    """Sends messages as they are now, and what a person's own devices keep."""

    def serve(self, fan_out: FanOut) -> None:
        """Say what is sent to whom."""
        fan_out.on(MessagePosted, posted)
        fan_out.on(MessageEdited, changed)
        fan_out.on(MessageChanged, changed)
        fan_out.on(MessageDeleted, deleted)
        fan_out.on(MessagesHidden, hidden)
        fan_out.on(MessagesRestored, restored)
        fan_out.on(MessageSaved, saved)


__all__ = ["MessagesLive"]
