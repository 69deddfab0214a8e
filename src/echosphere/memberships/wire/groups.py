"""Shapes of groups, their members and invites on the wire."""

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, UnsetType

from echosphere.accounts import User
from echosphere.conversations import (
    MAX_MEMBERS,
    Conversation,
    History,
    Member,
    MemberShape,
    member_shapes,
)
from echosphere.memberships.groups.change import SharedChanges
from echosphere.memberships.groups.events import MemberEntered
from echosphere.memberships.invites.invite import MAX_LIFETIME, MIN_LIFETIME, Invite, InviteCard
from echosphere.memberships.wire.inbox import ConversationEvent, OwnChanges, conversation_event
from echosphere.wire import Id, Key, Request, Shape

SHARED = ("title", "history", "description")
"""The fields of a change that all members of a group see."""


class ChangeConversationCall(OwnChanges, frozen=True, kw_only=True):
    """What changes in a conversation: one's own fields, and those of the group."""

    conversation: Id
    title: Annotated[str, Meta(max_length=400)] | UnsetType = UNSET
    history: Literal["all", "joined"] | UnsetType = UNSET
    description: Annotated[str, Meta(max_length=2_000)] | UnsetType | None = UNSET

    def shared(self) -> SharedChanges:
        """Return what all members would see changed."""
        return SharedChanges(
            self.title if isinstance(self.title, str) else None,
            History(self.history) if isinstance(self.history, str) else None,
            None if self.description is UNSET else self.description or "",
        )

    def own(self) -> dict[str, Any]:
        """Return what the caller alone keeps."""
        given = self.given()
        return {name: given[name] for name in given if name not in (*SHARED, "conversation")}


class MemberCall(Request, frozen=True):
    """Who is meant, in which conversation."""

    conversation: Id
    user: Id


class ChangeRoleCall(MemberCall, frozen=True):
    """What a member becomes; `owner` hands the group over."""

    role: Literal["owner", "admin", "member"]


class MakeInvite(Request, frozen=True):
    """How long an invite lasts, and for how many; null for without end, for any number."""

    expires_in: Annotated[int, Meta(ge=MIN_LIFETIME, le=MAX_LIFETIME)] | None = None
    max_uses: Annotated[int, Meta(ge=1, le=MAX_MEMBERS)] | None = None
    key: Key | None = None


class InviteCall(MakeInvite, frozen=True, kw_only=True):
    """An invite to a group."""

    conversation: Id


class RevokeCall(Request, frozen=True):
    """Which invite to a group is revoked."""

    conversation: Id
    invite: Id


class RevokeOwnCall(Request, frozen=True):
    """Which of the caller's own invites is revoked."""

    own_invite: Id


class TokenCall(Request, frozen=True):
    """The secret in the link of an invite."""

    token: str


class OneMember(Shape, frozen=True):
    """An answer with one member."""

    member: MemberShape


class InviteShape(Shape, frozen=True):
    """An invite, as those who may invite see it; `token` and `url` for its maker only."""

    id: str
    created_by: str
    created_at: int
    expires_at: int | None
    max_uses: int | None
    uses: int
    token: str | UnsetType = UNSET
    url: str | UnsetType = UNSET


class OneInvite(Shape, frozen=True):
    """An answer with one invite."""

    invite: InviteShape


class Invites(Shape, frozen=True):
    """An answer with the invites of a group."""

    invites: list[InviteShape]


class InviteCardShape(Shape, frozen=True):
    """What an invite says to its holder: where to, or for `contact` to whom it leads."""

    kind: Literal["group", "contact"]
    title: str | None
    description: str | None
    avatar_url: str | None
    members: int
    invited_by: str


class OneInviteCard(Shape, frozen=True):
    """An answer with an invite, as its holder sees it."""

    invite: InviteCardShape


class MemberEvent(Shape, frozen=True):
    """The event `member`."""

    conversation: str
    version: int
    members_version: int
    member: MemberShape


def member_shape(member: Member, user: User) -> MemberShape:
    """Return a member with the profile."""
    return member_shapes([member], {user.id: user})[0]


def member_event(conversation: Conversation, member: Member, user: User) -> MemberEvent:
    """Return the event that tells of a member.

    How far somebody has read is not for everybody: in events of members the positions are 0, which
    changes nothing for those who know better.
    """
    return MemberEvent(
        conversation=conversation.id,
        version=conversation.version,
        members_version=conversation.members_version,
        member=member_shape(_unplaced(member), user),
    )


def welcome_event(event: MemberEntered) -> ConversationEvent:
    """Return the event that tells somebody of the group in which they are now."""
    everybody = member_shapes(map(_unplaced, event.members), event.users)
    return conversation_event(event.conversation, everybody)


def invite_shape(invite: Invite, token: str | None = None, url: str | None = None) -> InviteShape:
    """Return an invite; with its secret for the one who made it."""
    return InviteShape(
        id=invite.id,
        created_by=invite.created_by,
        created_at=invite.created_at,
        expires_at=invite.expires_at,
        max_uses=invite.max_uses,
        uses=invite.uses,
        token=token or UNSET,
        url=url or UNSET,
    )


def invite_card_shape(card: InviteCard, avatar_url: str | None) -> InviteCardShape:
    """Return an invite as its holder sees it; the picture's address is the token's."""
    group = card.conversation
    return InviteCardShape(
        kind="contact" if group is None else "group",
        title=None if group is None else group.title,
        description=None if group is None else group.description,
        avatar_url=avatar_url,
        members=card.members,
        invited_by=card.invited_by,
    )


def _unplaced(member: Member) -> Member:
    return member._replace(read_seq=0, delivered_seq=0, seen_seq=0)
