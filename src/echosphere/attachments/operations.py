"""The operation that discards an upload; uploads and downloads are in `web.py`."""

from echosphere.api import Operation, delete
from echosphere.attachments.remove import DiscardAttachment
from echosphere.attachments.wire import AttachmentCall
from echosphere.core.caller import Caller
from echosphere.core.scopes import SENDS_FILES
from echosphere.database import Database


class AttachmentsOperations:
    """Discards uploads.

    Args:
        database: Holds the attachments.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[Operation]:
        """Return the operations."""
        return [Operation(self.discard, delete("/attachments/<attachment>"), scopes=SENDS_FILES)]

    async def discard(self, caller: Caller, call: AttachmentCall) -> None:
        """Discard an upload that has not been sent."""
        await self._database.write(DiscardAttachment(caller.user_id, call.attachment))
