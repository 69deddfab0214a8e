"""Keeps the storage free of pictures that nobody has any more: jobs, and a sweep once an hour."""

from typing import Any

from echosphere.attachments import Storage, remove_strays
from echosphere.avatars import store
from echosphere.avatars.avatar import FOLDER
from echosphere.avatars.replace import REMOVE_PICTURE
from echosphere.core.clock import DAY, HOUR
from echosphere.database import Database
from echosphere.jobs import JobRunner

KEPT = DAY
"""How long a stored picture waits for its row."""


class AvatarUpkeep:
    """Removes stored pictures whose rows are gone."""

    def __init__(self, database: Database, storage: Storage) -> None:
        self._database = database
        self._storage = storage.within(FOLDER)

    def register(self, runner: JobRunner) -> None:
        """Have the work done by a job runner."""
        runner.register(REMOVE_PICTURE, self.remove_picture)
        runner.every("avatars.sweep", HOUR, self.sweep)

    async def remove_picture(self, payload: dict[str, Any]) -> None:
        """Remove what is stored for an avatar."""
        await self._storage.remove(payload["id"])

    async def sweep(self) -> None:
        """Remove stored pictures without a row: a crash came between the two."""
        before = self._database.clock() - KEPT
        await remove_strays(self._storage, self._database, store.known_among, before)
