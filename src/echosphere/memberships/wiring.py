"""Puts memberships together."""

from echosphere.accounts import AccountClosed
from echosphere.avatars import AvatarRoutes
from echosphere.memberships.aging.sweeps import AgingSweeps
from echosphere.memberships.changed_conversations import changed_conversations, left_since
from echosphere.memberships.groups.events import MemberLeft
from echosphere.memberships.groups.leave import delete_held_messages, leave_all_groups
from echosphere.memberships.inbox.unread_recount import recount_after_hiding, recount_mentions
from echosphere.memberships.invites.personal_invites import delete_with_account
from echosphere.memberships.live import GroupsLive, InboxLive
from echosphere.memberships.operations import GroupsOperations, InboxOperations, InvitesOperations
from echosphere.memberships.web import ClosedReason, GroupPictures, JoinPages
from echosphere.messages import MessageDeleted, MessageEdited, MessagesHidden, MessagesRestored
from echosphere.platform import Platform


def install(platform: Platform, avatars: AvatarRoutes, closed_reason: ClosedReason) -> JoinPages:
    """Serve conversations, groups and invites; return the pages to which invites lead."""
    settings, database, operations = platform.settings, platform.database, platform.operations
    GroupsLive().serve(platform.fan_out)
    InboxLive(database).serve(platform.fan_out)
    GroupPictures(database, platform.rate_limiter, avatars).serve(platform.api)
    operations.add(GroupsOperations(database).all())
    invites = InvitesOperations(database, base_url=settings.base_url, secret=settings.secret_key)
    operations.add(invites.all())
    operations.add(InboxOperations(database).all())
    AgingSweeps(database, platform.live_settings).register(platform.jobs)
    pages = JoinPages(platform.api, database, closed_reason)
    pages.serve(platform.web)
    database.in_same_transaction(AccountClosed, leave_all_groups)
    database.in_same_transaction(AccountClosed, delete_with_account)
    database.in_same_transaction(MemberLeft, delete_held_messages)
    database.in_same_transaction(MessageEdited, recount_mentions)
    database.in_same_transaction(MessageDeleted, recount_mentions)
    database.in_same_transaction(MessagesHidden, recount_after_hiding)
    database.in_same_transaction(MessagesRestored, recount_after_hiding)
    platform.sweep(
        lambda marks: database.read(changed_conversations, marks),
        lambda conversation, since: database.read(left_since, conversation, since),
    )
    return pages
