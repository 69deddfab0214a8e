"""Puts avatars together."""

from echosphere.accounts import AccountClosed
from echosphere.attachments import Previews, Storage
from echosphere.avatars.operations import AvatarsOperations
from echosphere.avatars.replace import forget_avatar
from echosphere.avatars.upkeep import AvatarUpkeep
from echosphere.avatars.web import AvatarDoor
from echosphere.platform import Platform


def install(platform: Platform, storage: Storage, previews: Previews) -> AvatarDoor:
    """Serve avatars; return what takes them in."""
    database = platform.database
    avatars = AvatarDoor(database, storage, previews, platform.rate_limiter)
    avatars.serve(platform.api)
    platform.operations.add(AvatarsOperations(database).all())
    AvatarUpkeep(database, storage).register(platform.jobs)
    database.in_same_transaction(AccountClosed, forget_avatar)
    return avatars
