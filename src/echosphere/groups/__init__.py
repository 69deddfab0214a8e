"""Groups: starting them, who is in them and in which role, invites."""

from echosphere.groups.events import GroupChanged, MemberChanged, MemberEntered, MemberLeft
from echosphere.groups.join import find_allowance
from echosphere.groups.leave import leave_all_groups
from echosphere.groups.live import GroupsLive
from echosphere.groups.operations import GroupsOperations, InvitesOperations
from echosphere.groups.web import GroupPictures, JoinPages

__all__ = [
    "GroupChanged",
    "GroupPictures",
    "GroupsLive",
    "GroupsOperations",
    "InvitesOperations",
    "JoinPages",
    "MemberChanged",
    "MemberEntered",
    "MemberLeft",
    "find_allowance",
    "leave_all_groups",
]
