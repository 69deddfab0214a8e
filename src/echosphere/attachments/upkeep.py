"""Keeps the storage free of what nobody can reach: jobs, and sweeps once an hour."""

import asyncio
import logging
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any

from echosphere.attachments import store
from echosphere.attachments.attachment import KEPT_UNUSED
from echosphere.attachments.remove import REMOVE_FILES, sweep_unused
from echosphere.attachments.storage import Storage
from echosphere.core.clock import HOUR
from echosphere.database import Database, Snapshot
from echosphere.jobs import JobRunner

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
        """Remove what is stored for an attachment, unless another message still carries it."""
        stored = payload["id"]
        if not await self._database.read(store.known_among, [stored]):
            await self._storage.remove(stored)

    async def sweep(self) -> None:
        """Remove unused uploads, stored files without a row, and half-received files."""
        while await self._database.write(sweep_unused):
            pass
        before = self._database.clock() - KEPT_UNUSED
        await remove_strays(self._storage, self._database, store.known_among, before)
        await asyncio.to_thread(remove_old_files, self._storage.incoming, before)


async def remove_strays(
    storage: Storage,
    database: Database,
    known_among: Callable[[Snapshot, Sequence[str]], Collection[str]],
    before: int,
) -> None:
    """Remove what was stored before a time and has no row: a crash came between the two.

    Args:
        storage: Where to look.
        database: Where the rows are.
        known_among: Returns which of these ids have one.
        before: Milliseconds.
    """
    async for found in storage.listing():
        old = [one for one in found if one.changed_at < before]
        ids = [one.attachment for one in old]
        known = await database.read(known_among, ids) if ids else ()
        for one in old:
            if one.attachment not in known:
                log.info("Removing the stored file %s: nothing refers to it", one.key)
                await storage.remove_key(one.key)


def remove_old_files(folder: Path, before: int) -> None:
    """Remove the files of a folder that were last written before a time in milliseconds."""
    for path in folder.iterdir():
        if path.stat().st_mtime * 1000 < before:
            path.unlink(missing_ok=True)
