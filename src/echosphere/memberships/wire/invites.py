"""Shapes of invites on the wire."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from echosphere.conversations import (
    MAX_MEMBERS,
)
from echosphere.memberships.invites.invite import MAX_LIFETIME, MIN_LIFETIME, Invite, InviteCard
from echosphere.wire import Id, Key, Request, Shape


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
