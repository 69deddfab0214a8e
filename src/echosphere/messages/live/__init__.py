"""The deliveries of message events."""

from echosphere.messages.events import (
    HeldChanged,
    MessageChanged,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
)
from echosphere.messages.live.changing import deliver_changed, deliver_deleted
from echosphere.messages.live.held import deliver_held
from echosphere.messages.live.personal import deliver_hidden, deliver_restored, deliver_saved
from echosphere.messages.live.posting import deliver_posted
from echosphere.messages.personal_events import MessageSaved, MessagesHidden, MessagesRestored
from echosphere.realtime.delivery import FanOut


class MessagesLive:
    """Delivers message events to members, and personal ones to a user's own devices."""

    def serve(self, fan_out: FanOut) -> None:
        """Register the deliveries."""
        fan_out.on(MessagePosted, deliver_posted)
        fan_out.on(MessageEdited, deliver_changed)
        fan_out.on(MessageChanged, deliver_changed)
        fan_out.on(MessageDeleted, deliver_deleted)
        fan_out.on(MessagesHidden, deliver_hidden)
        fan_out.on(MessagesRestored, deliver_restored)
        fan_out.on(MessageSaved, deliver_saved)
        fan_out.on(HeldChanged, deliver_held)


__all__ = ["MessagesLive"]
