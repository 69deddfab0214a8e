"""The operations and events of messages."""

from echosphere.api import Declaration, Event
from echosphere.database import Database
from echosphere.messages.operations.changing import ChangingOperations
from echosphere.messages.operations.held import HeldOperations
from echosphere.messages.operations.personal import PersonalOperations
from echosphere.messages.operations.posting import PostingOperations
from echosphere.messages.operations.reading import ReadingOperations
from echosphere.messages.operations.storage import StorageOperations
from echosphere.messages.wire.changing import VersionEvent
from echosphere.messages.wire.held import HeldEvent
from echosphere.messages.wire.message import MessageEvent
from echosphere.messages.wire.personal import HiddenEvent, SavedEvent
from echosphere.settings import LiveSettings

EVENTS = (
    Event("message", (MessageEvent,)),
    Event("version", (VersionEvent,)),
    Event("hidden", (HiddenEvent,)),
    Event("restored", (HiddenEvent,)),
    Event("saved", (SavedEvent,)),
    Event("held", (HeldEvent,)),
)


class MessagesOperations:
    """All operations and events of messages.

    Args:
        database: Holds the messages.
        live: How long messages can be edited, and how much files may take up, at this moment.
    """

    def __init__(self, database: Database, live: LiveSettings) -> None:
        self._parts = (
            PostingOperations(database),
            ReadingOperations(database),
            ChangingOperations(database, live),
            PersonalOperations(database),
            HeldOperations(database),
            StorageOperations(database, live),
        )

    def all(self) -> list[Declaration]:
        """Return the operations and events."""
        return [*(operation for part in self._parts for operation in part.all()), *EVENTS]


__all__ = ["MessagesOperations"]
