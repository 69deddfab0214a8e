"""Deletes expired downloads, and files that a crash left behind."""

from echosphere.core.clock import DAY, HOUR
from echosphere.data_export import store
from echosphere.data_export.ask import DeleteExpiredExports
from echosphere.data_export.export import FOLDER
from echosphere.database import Database
from echosphere.jobs import JobRunner
from echosphere.media import Storage, delete_orphans

ORPHAN_AGE = DAY
"""Milliseconds for which a file without a row is kept, since it may still become a download."""


class ExportCleanup:
    """Deletes what no one can fetch any more."""

    def __init__(self, database: Database, storage: Storage) -> None:
        self._database = database
        self._storage = storage.subfolder(FOLDER)

    def register(self, jobs: JobRunner) -> None:
        """Register the job."""
        jobs.every("data_export.sweep", HOUR, self.clean_up)

    async def clean_up(self) -> None:
        """Delete downloads whose time is over, and stored files without a row."""
        await self._database.write(DeleteExpiredExports())
        await delete_orphans(self._storage, self._database, store.existing_ids, ORPHAN_AGE)
