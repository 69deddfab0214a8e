"""What happened to a group and to those in it."""

from dataclasses import dataclass

from echosphere.accounts import User
from echosphere.conversations import Conversation, Member, ProfileVisibility


@dataclass(frozen=True, slots=True)
class GroupChanged:
    """The title, the description, the picture or the history setting is another one now."""

    conversation: Conversation


@dataclass(frozen=True, slots=True)
class MemberAdded:
    """Somebody was added or joined; they are told of everybody, everybody of them.

    Attributes:
        users: The members as the new one sees them.
    """

    conversation: Conversation
    member: Member
    members: tuple[Member, ...]
    users: dict[str, User]
    visibility: ProfileVisibility


@dataclass(frozen=True, slots=True)
class MemberChanged:
    """A member has another role."""

    conversation: Conversation
    member: Member
    user: User
    visibility: ProfileVisibility


@dataclass(frozen=True, slots=True)
class MemberLeft:
    """Somebody left or was removed: the last that they hear of the group."""

    conversation: Conversation
    member: Member
    user: User
    visibility: ProfileVisibility
