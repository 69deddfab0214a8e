"""The calls, routes and events of presence and typing."""

from echosphere.api import Declaration, DeviceOperation, Event, Operation, get, post
from echosphere.presence.live import PresenceLive
from echosphere.presence.wire import PresenceEvent, TypingEvent


def presence_operations(live: PresenceLive) -> list[Declaration]:
    """Return the operations and events of presence."""
    return [
        DeviceOperation(live.set_status, name="presence"),
        Operation(live.set_typing, post("/conversations/<conversation>/typing"), name="typing"),
        Operation(live.query, get("/presence")),
        Event("presence", (PresenceEvent,)),
        Event("typing", (TypingEvent,)),
    ]
