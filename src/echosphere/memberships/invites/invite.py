"""Invites, and when they are valid."""

from dataclasses import dataclass, field

import msgspec

from echosphere.conversations import Conversation, Member

MAX_INVITES = 50
"""Valid invites of one group."""

MAX_PERSONAL_INVITES = 20
"""Valid personal invites of one user."""

MAX_REGISTRATIONS = 200
"""Registrations by one invite within an hour: a large audience may register at once."""

MIN_LIFETIME = 60
MAX_LIFETIME = 366 * 24 * 60 * 60
"""Seconds."""

INVITE_NOT_VALID = "This invitation is no longer valid. Ask the person who sent it for a new one."


@dataclass(frozen=True, slots=True)
class Invite:
    """An invite as stored: with the hash of its token only.

    Attributes:
        conversation: The group; None for a personal invite, which makes contacts.
        expires_at: Milliseconds; None for never.
        max_uses: How many users may accept it; None for any number.
    """

    id: str
    conversation: str | None
    created_by: str
    created_at: int
    expires_at: int | None
    max_uses: int | None
    uses: int
    token_hash: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class NewInvite:
    """The id of an invite that is to be created, and the hash of its token."""

    id: str
    token_hash: str = field(repr=False)


class InviteTerms(msgspec.Struct, frozen=True):
    """How long and how often an invite can be used.

    Attributes:
        expires_in: Seconds; None for never.
        max_uses: How many users may accept it; None for any number.
    """

    expires_in: int | None = None
    max_uses: int | None = None


class InviteCard(msgspec.Struct, frozen=True):
    """What a user with the token sees before joining.

    Attributes:
        conversation: The group; None for a personal invite.
        members: The number of members; 0 for a personal invite.
        invited_by: The display name of the inviter.
        joined: Whether the holder is already a member, or a contact of the inviter.
    """

    conversation: Conversation | None
    members: int
    invited_by: str
    joined: bool


def is_usable(invite: Invite, inviter: Member | None, now: int) -> bool:
    """Whether a group invite that was not revoked is valid.

    It is only while the inviter may invite: a removed admin cannot use a link they kept.
    """
    may_invite = inviter is not None and not inviter.left and inviter.role.value != "member"
    return may_invite and is_current(invite, now)


def is_current(invite: Invite, now: int) -> bool:
    """Whether an invite has neither expired nor been used up."""
    in_time = invite.expires_at is None or now < invite.expires_at
    return in_time and (invite.max_uses is None or invite.uses < invite.max_uses)
