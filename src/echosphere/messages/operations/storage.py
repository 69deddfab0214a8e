"""The operation that returns the caller's storage usage."""

from echosphere.api import Empty, Operation, get
from echosphere.attachments import quota_of
from echosphere.core.caller import Caller
from echosphere.database import Database
from echosphere.messages.limits import STORAGE_RATE
from echosphere.messages.storage import own_storage
from echosphere.messages.wire.storage import StorageAnswer, storage_answer
from echosphere.settings import LiveSettings


class StorageOperations:
    """Returns storage usage.

    Args:
        database: Holds the attachments.
        live: Limits the storage of files.
    """

    def __init__(self, database: Database, live: LiveSettings) -> None:
        self._database = database
        self._live = live

    def all(self) -> list[Operation]:
        """Return the operation."""
        return [Operation(self.storage, get("/me/storage"), name="storage", rate=STORAGE_RATE)]

    async def storage(self, caller: Caller, _: Empty) -> StorageAnswer:
        """Show how much storage the caller's files use, and the largest of them."""
        quota = quota_of(self._live.current)
        return storage_answer(await self._database.read(own_storage, caller.user_id, quota))
