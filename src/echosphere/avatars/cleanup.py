"""Deletes stored avatars that are no longer used: by jobs, and orphans once an hour."""

from typing import Any

from echosphere.avatars import store
from echosphere.avatars.avatar import FOLDER
from echosphere.avatars.replace import REMOVE_AVATAR
from echosphere.core.clock import DAY, HOUR
from echosphere.database import Database
from echosphere.jobs import JobRunner
from echosphere.media import Storage, delete_orphans, remove_file

ORPHAN_AGE = DAY
"""Milliseconds for which a file without a row is kept, since its row may follow."""


class AvatarCleanup:
    """Deletes stored avatars without a row."""

    def __init__(self, database: Database, storage: Storage) -> None:
        self._database = database
        self._storage = storage.subfolder(FOLDER)

    def register(self, runner: JobRunner) -> None:
        """Register the jobs."""
        runner.register(REMOVE_AVATAR, self.remove_avatar)
        runner.every("avatars.sweep", HOUR, self.delete_orphans)

    async def remove_avatar(self, payload: dict[str, Any]) -> None:
        """Delete the file of an avatar."""
        await remove_file(self._storage, self._database, REMOVE_AVATAR, payload)

    async def delete_orphans(self) -> None:
        """Delete files without a row, which a crash may leave behind."""
        await delete_orphans(self._storage, self._database, store.existing_ids, ORPHAN_AGE)
