"""Installs the personal data download: operations, route and jobs."""

from echosphere.accounts import AccountClosed
from echosphere.avatars import FOLDER as AVATARS
from echosphere.data_export.ask import delete_with_account
from echosphere.data_export.cleanup import ExportCleanup
from echosphere.data_export.make import ExportMaker
from echosphere.data_export.operations import DataExportOperations
from echosphere.data_export.room import Room
from echosphere.data_export.web import ExportRoutes
from echosphere.jobs import JobRunner
from echosphere.media import Storage
from echosphere.platform import Platform


def install(platform: Platform, storage: Storage) -> JobRunner:
    """Install the feature; return what makes the downloads, one at a time, to be started."""
    settings, database = platform.settings, platform.database
    room = Room(database, storage.incoming, lambda: platform.live_settings.current)
    jobs = JobRunner(database, concurrency=1)
    ExportMaker(
        database,
        storage,
        storage.subfolder(AVATARS),
        read=platform.operations.read,
        room=room,
        base_url=settings.base_url,
    ).register(jobs)
    ExportCleanup(database, storage).register(platform.jobs)
    ExportRoutes(database, storage).serve(platform.api)
    platform.operations.add(DataExportOperations(database, room).all())
    database.in_same_transaction(AccountClosed, delete_with_account)
    return jobs
