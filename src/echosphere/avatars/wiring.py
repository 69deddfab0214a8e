"""Installs avatars: routes, operations and jobs."""

from echosphere.accounts import AccountClosed
from echosphere.avatars.cleanup import AvatarCleanup
from echosphere.avatars.operations import AvatarsOperations
from echosphere.avatars.replace import delete_avatar
from echosphere.avatars.web import AvatarRoutes
from echosphere.media import SandboxPool, Storage
from echosphere.platform import Platform


def install(platform: Platform, storage: Storage, sandbox: SandboxPool) -> AvatarRoutes:
    """Install the feature; return the routes, which receive the avatars of groups too."""
    database = platform.database
    avatars = AvatarRoutes(database, storage, sandbox, platform.rate_limiter)
    avatars.serve(platform.api)
    platform.operations.add(AvatarsOperations(database).all())
    AvatarCleanup(database, storage).register(platform.jobs)
    database.in_same_transaction(AccountClosed, delete_avatar)
    return avatars
