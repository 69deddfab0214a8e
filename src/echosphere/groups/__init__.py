"""Groups: starting them, who is in them and in which role, invites."""

from echosphere.groups.events import GroupChanged, MemberChanged, MemberEntered, MemberLeft
from echosphere.groups.join import find_allowance
from echosphere.groups.web import JoinPages
from echosphere.groups.wiring import install

__all__ = [
    "GroupChanged",
    "JoinPages",
    "MemberChanged",
    "MemberEntered",
    "MemberLeft",
    "find_allowance",
    "install",
]
