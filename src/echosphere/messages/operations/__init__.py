"""The operations and events of messages."""

from echosphere.api import Declaration, Event
from echosphere.attachments import Quota
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
        edit_minutes: How long messages can be edited; 0 for no limit.
        quota: Limits the storage of files.
    """

    def __init__(self, database: Database, edit_minutes: int, quota: Quota) -> None:
        self._parts = (
            PostingOperations(database),
            ReadingOperations(database),
            ChangingOperations(database, edit_minutes),
            PersonalOperations(database),
            HeldOperations(database),
            StorageOperations(database, quota),
        )

    def all(self) -> list[Declaration]:
        """Return the operations and events."""
        return [*(operation for part in self._parts for operation in part.all()), *EVENTS]


__all__ = ["MessagesOperations"]
