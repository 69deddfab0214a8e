"""Puts avatars together."""

from echosphere.accounts import AccountClosed
from echosphere.attachments import Previews, Storage
from echosphere.avatars.cleanup import AvatarCleanup
from echosphere.avatars.operations import AvatarsOperations
from echosphere.avatars.replace import delete_avatar
from echosphere.avatars.web import AvatarRoutes
from echosphere.platform import Platform


def install(platform: Platform, storage: Storage, previews: Previews) -> AvatarRoutes:
    """Serve avatars; return what takes them in."""
    database = platform.database
    avatars = AvatarRoutes(database, storage, previews, platform.rate_limiter)
    avatars.serve(platform.api)
    platform.operations.add(AvatarsOperations(database).all())
    AvatarCleanup(database, storage).register(platform.jobs)
    database.in_same_transaction(AccountClosed, delete_avatar)
    return avatars
