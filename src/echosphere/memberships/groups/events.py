"""What happened to a group and its members."""

from dataclasses import dataclass

from echosphere.accounts import User
from echosphere.conversations import Conversation, Member, ProfileVisibility


@dataclass(frozen=True, slots=True)
class GroupChanged:
    """The title, the description, the picture or the history setting changed."""

    conversation: Conversation


@dataclass(frozen=True, slots=True)
class MemberAdded:
    """A user was added or joined; they get all members, and all members get them.

    Attributes:
        users: The members' profiles by id, as the new member sees them.
    """

    conversation: Conversation
    member: Member
    members: tuple[Member, ...]
    users: dict[str, User]
    visibility: ProfileVisibility


@dataclass(frozen=True, slots=True)
class MemberChanged:
    """A member's role changed."""

    conversation: Conversation
    member: Member
    user: User
    visibility: ProfileVisibility


@dataclass(frozen=True, slots=True)
class MemberLeft:
    """A member left or was removed: the last event about the group that they receive."""

    conversation: Conversation
    member: Member
    user: User
    visibility: ProfileVisibility
