"""Shapes of groups and their members on the wire."""

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, UnsetType

from echosphere.accounts import User
from echosphere.conversations import (
    Conversation,
    History,
    Member,
    MemberScope,
    MemberShape,
    member_shapes,
)
from echosphere.memberships.groups.change import SharedChanges
from echosphere.memberships.groups.events import MemberAdded
from echosphere.memberships.groups.removal import Removal, RemovedMessages
from echosphere.memberships.wire.conversations import (
    ConversationEvent,
    OwnChanges,
    conversation_event,
)
from echosphere.wire import Id, Request, Shape

SHARED = (
    "title",
    "history",
    "description",
    "posting",
    "reacting",
    "slow_seconds",
    "retention_days",
    "expire_seconds",
)
"""The fields of a change that all members of a group see."""


class ChangeConversationCall(OwnChanges, frozen=True, kw_only=True):
    """Changes of the caller's own settings, and of the group."""

    conversation: Id
    title: Annotated[str, Meta(max_length=400)] | UnsetType = UNSET
    history: Literal["all", "joined"] | UnsetType = UNSET
    description: Annotated[str, Meta(max_length=2_000)] | UnsetType | None = UNSET
    posting: Literal["all", "admins"] | UnsetType = UNSET
    reacting: Literal["all", "admins"] | UnsetType = UNSET
    slow_seconds: Literal[0, 5, 10, 30, 60, 300, 900, 3600] | UnsetType = UNSET
    retention_days: Annotated[int, Meta(ge=0, le=36_500)] | UnsetType = UNSET
    expire_seconds: Literal[0, 3600, 28_800, 86_400, 604_800, 2_592_000, 7_776_000] | UnsetType = (
        UNSET
    )

    def shared(self) -> SharedChanges:
        """Return the changes that all members see."""
        return SharedChanges(
            self.title if isinstance(self.title, str) else None,
            History(self.history) if isinstance(self.history, str) else None,
            None if self.description is UNSET else self.description or "",
            MemberScope(self.posting) if isinstance(self.posting, str) else None,
            MemberScope(self.reacting) if isinstance(self.reacting, str) else None,
            self.slow_seconds if isinstance(self.slow_seconds, int) else None,
            self.retention_days if isinstance(self.retention_days, int) else None,
            self.expire_seconds if isinstance(self.expire_seconds, int) else None,
        )

    def member_settings(self) -> dict[str, Any]:
        """Return the changes of the caller's own settings."""
        given = self.given()
        return {name: given[name] for name in given if name not in (*SHARED, "conversation")}


class MemberCall(Request, frozen=True):
    """A member of a conversation."""

    conversation: Id
    user: Id


class RemoveCall(MemberCall, frozen=True):
    """How a member is removed: which of their messages go with them, and whether they may come back."""

    messages: Literal["none", "hour", "day", "all"] = "none"
    banned: bool = False

    def removal(self) -> Removal:
        """Return how the member is removed."""
        return Removal(RemovedMessages(self.messages), self.banned)


class BanShape(Shape, frozen=True):
    """A user who is banned from a group."""

    user: User
    banned_at: int
    banned_by: str | None


class Bans(Shape, frozen=True):
    """Who is banned from a group."""

    banned: list[BanShape]


class ChangeRoleCall(MemberCall, frozen=True):
    """A member's new role; `owner` transfers ownership."""

    role: Literal["owner", "admin", "member"]


class OneMember(Shape, frozen=True):
    """An answer with one member."""

    member: MemberShape


class MemberEvent(Shape, frozen=True):
    """The event `member`."""

    conversation: str
    version: int
    members_version: int
    member: MemberShape


def member_shape(member: Member, user: User) -> MemberShape:
    """Return the shape of a member."""
    return member_shapes([member], {user.id: user})[0]


def member_event(conversation: Conversation, member: Member, user: User) -> MemberEvent:
    """Return the event `member`.

    Positions are 0, because some receivers may not see them; clients never lower a position.
    """
    return MemberEvent(
        conversation=conversation.id,
        version=conversation.version,
        members_version=conversation.members_version,
        member=member_shape(_without_positions(member), user),
    )


def welcome_event(event: MemberAdded) -> ConversationEvent:
    """Return the event that shows the group to its new member."""
    everybody = member_shapes(map(_without_positions, event.members), event.users)
    return conversation_event(event.conversation, everybody)


def _without_positions(member: Member) -> Member:
    return member._replace(read_seq=0, delivered_seq=0, seen_seq=0)
