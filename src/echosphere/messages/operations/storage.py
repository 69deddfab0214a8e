"""The operation that returns the caller's storage usage."""

from echosphere.api import Empty, Operation, get
from echosphere.attachments import Quota
from echosphere.core.caller import Caller
from echosphere.database import Database
from echosphere.messages.limits import STORAGE_RATE
from echosphere.messages.storage import own_storage
from echosphere.messages.wire.storage import StorageAnswer, storage_answer


class StorageOperations:
    """Returns storage usage.

    Args:
        database: Holds the attachments.
        quota: Limits the storage of files.
    """

    def __init__(self, database: Database, quota: Quota) -> None:
        self._database = database
        self._quota = quota

    def all(self) -> list[Operation]:
        """Return the operation."""
        return [Operation(self.storage, get("/me/storage"), name="storage", rate=STORAGE_RATE)]

    async def storage(self, caller: Caller, _: Empty) -> StorageAnswer:
        """Show how much room the caller's files take, and the largest of them."""
        return storage_answer(await self._database.read(own_storage, caller.user_id, self._quota))
