"""What is served of presence and typing."""

from echosphere.api import Declaration, DeviceOperation, Event, Operation, get, post
from echosphere.presence.live import PresenceLive
from echosphere.presence.wire import (
    PresenceEvent,
    TypingEvent,
)


def presence_operations(live: PresenceLive) -> list[Declaration]:
    """Return what is served and sent of who is here."""
    return [
        DeviceOperation(live.say, name="presence"),
        Operation(live.type, post("/conversations/<conversation>/typing"), name="typing"),
        Operation(live.look, get("/presence")),
        Event("presence", (PresenceEvent,)),
        Event("typing", (TypingEvent,)),
    ]
