"""Deletes stored files that no row refers to, and temporary files that a crash left behind."""

import logging
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any

from echosphere.core.clock import MINUTE, system_clock
from echosphere.database import Command, Database, Snapshot, Transaction
from echosphere.media.storage import Storage

log = logging.getLogger(__name__)


class RemoveLater(Command[None]):
    """Have a stored file removed by its job in a minute: a backup is being made.

    Attributes:
        kind: The job.
        blob_id: The file.
    """

    kind: str
    blob_id: str

    def run(self, transaction: Transaction) -> None:
        """Leave the job again."""
        transaction.enqueue(self.kind, {"id": self.blob_id}, after=MINUTE)


async def remove_file(
    storage: Storage, database: Database, kind: str, payload: dict[str, Any]
) -> None:
    """Delete the file of a removed row, or later if a backup is being made.

    Args:
        storage: Where it is.
        database: Where its row was.
        kind: The job that runs.
        payload: Of the job: `{id}`.
    """
    if await database.deletions_held():
        await database.write(RemoveLater(kind, payload["id"]))
    else:
        await storage.remove(payload["id"])


async def delete_orphans(
    storage: Storage,
    database: Database,
    filter_existing: Callable[[Snapshot, Sequence[str]], Collection[str]],
    age: int,
) -> None:
    """Delete the files that were stored some time ago and have no row.

    They are left by a crash between storing a file and inserting its row.

    Args:
        storage: The files.
        database: The rows.
        filter_existing: Returns which of these blob ids have a row.
        age: In milliseconds; newer files may still get their row.
    """
    before = _written_before(age)
    async for listed in storage.listing():
        old = [stored for stored in listed if stored.changed_at < before]
        ids = [stored.blob_id for stored in old]
        existing = await database.read(filter_existing, ids) if ids else ()
        if await database.deletions_held():
            return
        for stored in old:
            if stored.blob_id not in existing:
                log.info("Removing the stored file %s, because nothing refers to it", stored.key)
                await storage.remove_key(stored.key)


def delete_old_files(folder: Path, age: int) -> None:
    """Delete the files of a folder that were last written so many milliseconds ago."""
    before = _written_before(age)
    for path in folder.iterdir():
        if path.stat().st_mtime * 1000 < before:
            path.unlink(missing_ok=True)


def _written_before(age: int) -> int:
    """Return the time `age` milliseconds ago by the machine's clock, which dates files."""
    return system_clock() - age
