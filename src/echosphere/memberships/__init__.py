"""A user's part in conversations: list, read, receipts, sync, settings, groups, invites."""

from echosphere.memberships.groups.add import AddInvited, require_may_invite_to
from echosphere.memberships.groups.authors import announce_author, introduce_author
from echosphere.memberships.groups.events import MemberAdded, MemberLeft, MemberRemoved
from echosphere.memberships.groups.leave import remove_bot_from_groups
from echosphere.memberships.groups.members import add_member
from echosphere.memberships.groups.permissions import require_can_edit_group
from echosphere.memberships.inbox.announce import announce_entries
from echosphere.memberships.invites.join import find_allowance
from echosphere.memberships.wiring import install

__all__ = [
    "AddInvited",
    "MemberAdded",
    "MemberLeft",
    "MemberRemoved",
    "add_member",
    "announce_author",
    "announce_entries",
    "find_allowance",
    "install",
    "introduce_author",
    "remove_bot_from_groups",
    "require_can_edit_group",
    "require_may_invite_to",
]
