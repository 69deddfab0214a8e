"""What is served of presence and typing."""

from echosphere.api import AnyOperation, DeviceOperation, Operation, get, post
from echosphere.presence.live import PresenceLive
from echosphere.presence.wire import PresenceAnswer, PresenceCall, PresenceQuery, TypingCall


def presence_operations(live: PresenceLive) -> list[AnyOperation]:
    """Return the operations of who is here."""
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
    ]
