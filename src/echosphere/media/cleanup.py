"""Deletes stored files that no row refers to, and temporary files that a crash left behind."""

import logging
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from echosphere.database import Database, Snapshot
from echosphere.media.storage import Storage

log = logging.getLogger(__name__)


async def delete_orphans(
    storage: Storage,
    database: Database,
    filter_existing: Callable[[Snapshot, Sequence[str]], Collection[str]],
    before: int,
) -> None:
    """Delete the files that were stored before a time and have no row.

    They are left by a crash between storing a file and inserting its row.

    Args:
        storage: The files.
        database: The rows.
        filter_existing: Returns which of these blob ids have a row.
        before: Milliseconds since 1970 UTC; newer files may still get their row.
    """
    async for listed in storage.listing():
        old = [stored for stored in listed if stored.changed_at < before]
        ids = [stored.blob_id for stored in old]
        existing = await database.read(filter_existing, ids) if ids else ()
        for stored in old:
            if stored.blob_id not in existing:
                log.info("Removing the stored file %s: nothing refers to it", stored.key)
                await storage.remove_key(stored.key)


def delete_old_files(folder: Path, before: int) -> None:
    """Delete the files of a folder that were last written before a time in milliseconds."""
    for path in folder.iterdir():
        if path.stat().st_mtime * 1000 < before:
            path.unlink(missing_ok=True)
