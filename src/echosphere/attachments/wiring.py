"""Puts attachments together."""

from echosphere.attachments.attachment import Quota
from echosphere.attachments.operations import AttachmentsOperations
from echosphere.attachments.previews import Previews
from echosphere.attachments.reserve import Reserve
from echosphere.attachments.storage import Storage
from echosphere.attachments.upkeep import Upkeep
from echosphere.attachments.web import AttachmentDoor
from echosphere.platform import Platform


def install(platform: Platform, storage: Storage, previews: Previews) -> Quota:
    """Take in and serve files; return how much of them there may be."""
    settings, database = platform.settings, platform.database
    quota = Quota(settings.storage_per_person, settings.storage_in_all)
    AttachmentDoor(
        database,
        storage,
        previews,
        platform.rate_limiter,
        max_size=settings.max_attachment,
        reserve=Reserve(settings.data, settings.disk_reserve),
        quota=quota,
        mib_per_minute=settings.upload_mib_per_minute,
    ).serve(platform.api)
    platform.operations.add(AttachmentsOperations(database).all())
    Upkeep(database, storage).register(platform.jobs)
    return quota
