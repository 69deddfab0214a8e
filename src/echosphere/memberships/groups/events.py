"""What happened to a group and its members."""

import msgspec

from echosphere.accounts import User
from echosphere.conversations import Conversation, Member, ProfileVisibility


class GroupChanged(msgspec.Struct, frozen=True):
    """The title, the description, the picture or the history setting changed."""

    conversation: Conversation


class MemberAdded(msgspec.Struct, frozen=True):
    """A user was added or joined; they get all members, and all members get them.

    Attributes:
        users: The members' profiles by id, as the new member sees them.
    """

    conversation: Conversation
    member: Member
    members: tuple[Member, ...]
    users: dict[str, User]
    visibility: ProfileVisibility


class MemberChanged(msgspec.Struct, frozen=True):
    """A member's role changed."""

    conversation: Conversation
    member: Member
    user: User
    visibility: ProfileVisibility


class MemberRemoved(msgspec.Struct, frozen=True):
    """Someone removed a member, or banned one who had left."""

    conversation: str
    user_id: str


class MemberLeft(msgspec.Struct, frozen=True):
    """A member left or was removed: the last event about the group that they receive."""

    conversation: Conversation
    member: Member
    user: User
    visibility: ProfileVisibility
