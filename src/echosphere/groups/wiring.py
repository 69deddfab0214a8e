"""Puts groups together."""

from echosphere.accounts import AccountClosed
from echosphere.avatars import AvatarRoutes
from echosphere.groups.leave import leave_all_groups
from echosphere.groups.live import GroupsLive
from echosphere.groups.operations import GroupsOperations, InvitesOperations
from echosphere.groups.web import GroupPictures, JoinPages
from echosphere.platform import Platform


def install(platform: Platform, avatars: AvatarRoutes) -> JoinPages:
    """Serve groups and invites; return the pages to which invites lead."""
    settings, database, operations = platform.settings, platform.database, platform.operations
    GroupsLive().serve(platform.fan_out)
    GroupPictures(database, platform.rate_limiter, avatars).serve(platform.api)
    operations.add(GroupsOperations(database).all())
    invites = InvitesOperations(database, base_url=settings.base_url, secret=settings.secret_key)
    operations.add(invites.all())
    pages = JoinPages(platform.api, database, is_open=settings.registration)
    pages.serve(platform.web)
    database.in_same_transaction(AccountClosed, leave_all_groups)
    return pages
