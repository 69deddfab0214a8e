"""Shapes of invites on the wire."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from echosphere.conversations import (
    MAX_MEMBERS,
)
from echosphere.memberships.invites.invite import MAX_LIFETIME, MIN_LIFETIME, Invite, InviteCard
from echosphere.wire import Id, Key, Request, Shape


class MakeInvite(Request, frozen=True):
    """Lifetime in seconds and number of uses of a new invite; null for unlimited."""

    expires_in: Annotated[int, Meta(ge=MIN_LIFETIME, le=MAX_LIFETIME)] | None = None
    max_uses: Annotated[int, Meta(ge=1, le=MAX_MEMBERS)] | None = None
    key: Key | None = None


class InviteCall(MakeInvite, frozen=True, kw_only=True):
    """Lifetime and number of uses of a new invite to a group."""

    conversation: Id


class RevokeCall(Request, frozen=True):
    """The invite to a group to revoke."""

    conversation: Id
    invite: Id


class RevokeOwnCall(Request, frozen=True):
    """The personal invite of the caller to revoke."""

    own_invite: Id


class TokenCall(Request, frozen=True):
    """The token in the link of an invite."""

    token: str


class InviteShape(Shape, frozen=True):
    """An invite; with `token` and `url` for its inviter only."""

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
    """An answer with a list of invites."""

    invites: list[InviteShape]


class InviteCardShape(Shape, frozen=True):
    """An invite as seen before accepting it; group fields are empty for the kind `contact`."""

    kind: Literal["group", "contact"]
    title: str | None
    description: str | None
    avatar_url: str | None
    members: int
    invited_by: str


class OneInviteCard(Shape, frozen=True):
    """An answer with an invite, as seen before accepting it."""

    invite: InviteCardShape


def invite_shape(invite: Invite, token: str | None = None, url: str | None = None) -> InviteShape:
    """Return the shape of an invite; token and URL are given for its inviter."""
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
    """Return the shape of an invite as seen before accepting it."""
    group = card.conversation
    return InviteCardShape(
        kind="contact" if group is None else "group",
        title=None if group is None else group.title,
        description=None if group is None else group.description,
        avatar_url=avatar_url,
        members=card.members,
        invited_by=card.invited_by,
    )
