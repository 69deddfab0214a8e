"""Deletes the stored files of removed attachments, unused uploads, and orphans."""

import asyncio
from typing import Any

from echosphere.attachments import store
from echosphere.attachments.attachment import MAX_UNUSED_AGE
from echosphere.attachments.remove import REMOVE_BLOB, DeleteUnusedAttachments
from echosphere.core.clock import HOUR
from echosphere.database import Database
from echosphere.jobs import JobRunner
from echosphere.media import Storage, delete_old_files, delete_orphans, remove_file


class AttachmentCleanup:
    """Deletes stored files that no attachment uses, and uploads that no message uses."""

    def __init__(self, database: Database, storage: Storage) -> None:
        self._database = database
        self._storage = storage

    def register(self, runner: JobRunner) -> None:
        """Register the jobs."""
        runner.register(REMOVE_BLOB, self.remove_blob)
        runner.every("attachments.sweep", HOUR, self.clean_up)

    async def remove_blob(self, payload: dict[str, Any]) -> None:
        """Delete a stored file, unless a forwarded message still uses it."""
        blob_id = payload["id"]
        if not await self._database.read(store.filter_existing_blobs, [blob_id]):
            await remove_file(self._storage, self._database, REMOVE_BLOB, payload)

    async def clean_up(self) -> None:
        """Delete unused uploads, stored files without a row, and old temporary files."""
        while await self._database.write(DeleteUnusedAttachments()):
            pass
        await delete_orphans(
            self._storage, self._database, store.filter_existing_blobs, MAX_UNUSED_AGE
        )
        await asyncio.to_thread(delete_old_files, self._storage.incoming, MAX_UNUSED_AGE)
