"""Installs attachments: routes, operations and jobs."""

from echosphere.attachments.attachment import Quota
from echosphere.attachments.cleanup import AttachmentCleanup
from echosphere.attachments.disk_reserve import DiskReserve
from echosphere.attachments.operations import AttachmentsOperations
from echosphere.attachments.web import AttachmentRoutes
from echosphere.media import SandboxPool, Storage
from echosphere.platform import Platform


def install(platform: Platform, storage: Storage, sandbox: SandboxPool) -> Quota:
    """Install the feature; return the limits for files."""
    settings, database = platform.settings, platform.database
    quota = Quota(settings.storage_per_person, settings.storage_in_all)
    AttachmentRoutes(
        database,
        storage,
        sandbox,
        platform.rate_limiter,
        max_size=settings.max_attachment,
        reserve=DiskReserve(settings.data, settings.disk_reserve),
        quota=quota,
        mib_per_minute=settings.upload_mib_per_minute,
    ).serve(platform.api)
    platform.operations.add(AttachmentsOperations(database).all())
    AttachmentCleanup(database, storage).register(platform.jobs)
    return quota
