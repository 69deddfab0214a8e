"""The Socket.IO doors of messages, and what is sent when something happened to one."""

from echosphere.database import Database
from echosphere.limits import Limits
from echosphere.live import Calls, FanOut
from echosphere.messages.live.changing import ChangingLive
from echosphere.messages.live.personal import PersonalLive
from echosphere.messages.live.posting import PostingLive
from echosphere.messages.live.reading import ReadingLive


class MessagesLive:
    """Serves everything that can be done with messages.

    Args:
        database: Where they are.
        limits: How often somebody may do something.
        edit_minutes: How long messages can be edited; 0 for ever.
    """

    def __init__(self, database: Database, limits: Limits, edit_minutes: int = 0) -> None:
        self._reading = ReadingLive(database, limits)
        self._doors = (
            PostingLive(database, limits),
            ChangingLive(database, limits, edit_minutes),
            PersonalLive(database, limits),
        )

    def serve(self, calls: Calls, fan_out: FanOut) -> None:
        """Add the calls and say what is sent."""
        for door in self._doors:
            door.serve(calls, fan_out)
        self._reading.serve(calls)


__all__ = ["MessagesLive"]
