"""Keeps the storage free of what nobody can reach: jobs, and sweeps once an hour."""

import asyncio
import logging
from pathlib import Path
from typing import Any

from echosphere.attachments import store
from echosphere.attachments.attachment import KEPT_UNUSED
from echosphere.attachments.remove import REMOVE_FILES, sweep_unused
from echosphere.attachments.storage import Storage, Stored
from echosphere.clock import HOUR
from echosphere.database import Database, JobRunner

log = logging.getLogger(__name__)


class Upkeep:
    """Removes stored files whose rows are gone, and rows that wait in vain."""

    def __init__(self, database: Database, storage: Storage) -> None:
        self._database = database
        self._storage = storage

    def register(self, runner: JobRunner) -> None:
        """Have the work done by a job runner."""
        runner.register(REMOVE_FILES, self.remove_files)
        runner.every("attachments.sweep", HOUR, self.sweep)

    async def remove_files(self, payload: dict[str, Any]) -> None:
        """Remove what is stored for an attachment."""
        await self._storage.remove(payload["id"])

    async def sweep(self) -> None:
        """Remove unused uploads, stored files without a row, and half-received files."""
        while await self._database.write(sweep_unused):
            pass
        before = self._database.clock() - KEPT_UNUSED
        async for found in self._storage.listing():
            await self._remove_strays([one for one in found if one.changed_at < before])
        await asyncio.to_thread(remove_old_files, self._storage.incoming, before)

    async def _remove_strays(self, old: list[Stored]) -> None:
        if not old:
            return
        known = await self._database.read(store.known_among, [one.attachment for one in old])
        for one in old:
            if one.attachment not in known:
                log.info("Removing the stored file %s: it belongs to no attachment", one.key)
                await self._storage.remove_key(one.key)


def remove_old_files(folder: Path, before: int) -> None:
    """Remove the files of a folder that were last written before a time in milliseconds."""
    for path in folder.iterdir():
        if path.stat().st_mtime * 1000 < before:
            path.unlink(missing_ok=True)
