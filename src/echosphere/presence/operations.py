"""What is served of presence and typing."""

from echosphere.api import Declaration, DeviceOperation, Event, Operation, get, post
from echosphere.presence.live import PresenceLive
from echosphere.presence.wire import (
    PresenceAnswer,
    PresenceCall,
    PresenceEvent,
    PresenceQuery,
    TypingCall,
    TypingEvent,
)


def presence_operations(live: PresenceLive) -> list[Declaration]:
    """Return what is served and sent of who is here."""
    return [
        DeviceOperation(name="presence", run=live.say, shape=PresenceCall),
        Operation(
            name="typing",
            run=live.type,
            shape=TypingCall,
            http=[post("/conversations/<conversation>/typing")],
        ),
        Operation(
            run=live.look, shape=PresenceQuery, answer=PresenceAnswer, http=[get("/presence")]
        ),
        Event("presence", (PresenceEvent,)),
        Event("typing", (TypingEvent,)),
    ]
