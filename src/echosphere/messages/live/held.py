"""What is sent when what is held in a group changed."""

from collections.abc import Sequence

from echosphere.messages.events import HeldChanged
from echosphere.messages.wire.held import HeldEvent
from echosphere.realtime.delivery import ToUsers


def deliver_held(event: HeldChanged) -> Sequence[ToUsers]:
    """Have the author's devices and those of who runs the group read what waits again."""
    return (ToUsers(event.user_ids, "held", HeldEvent(event.conversation, event.filtered)),)
