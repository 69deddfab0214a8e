"""What an invite is, and when it still lets somebody in."""

from dataclasses import dataclass, field

from echosphere.conversations import Conversation, Member

MAX_INVITES = 50
"""Invites of one group that can be used at the same time."""

MAX_PERSONAL_INVITES = 20
"""Invites of one person that can be used at the same time."""

MAX_REGISTRATIONS = 200
"""People who may register by one invite within an hour, if it lets in as many: a large hall."""

MIN_LIFETIME = 60
MAX_LIFETIME = 366 * 24 * 60 * 60
"""Seconds."""

INVITE_NOT_VALID = "This invite is not valid any more. Ask whoever sent it for a new one."
REMOVED_FROM_GROUP = "You were removed from this group. Only its admins can add you again."


@dataclass(frozen=True, slots=True)
class Invite:
    """An invite as it is stored: of its token only the hash.

    Attributes:
        conversation: The group; None for an invite of a person, which makes contacts.
        expires_at: Milliseconds; None for never.
        max_uses: How many people it lets in; None for any number.
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
class InviteTerms:
    """How long an invite is to hold.

    Attributes:
        expires_in: Seconds; None for no end.
        max_uses: How many people it lets in; None for any number.
    """

    expires_in: int | None = None
    max_uses: int | None = None


@dataclass(frozen=True, slots=True)
class InviteCard:
    """What the holder of a token is shown before joining.

    Attributes:
        conversation: The group; None for an invite of a person.
        members: How many there are.
        invited_by: The name of the person who made it.
        joined: Whether the holder is a member already.
    """

    conversation: Conversation | None
    members: int
    invited_by: str
    joined: bool


def is_usable(invite: Invite, inviter: Member | None, now: int) -> bool:
    """Whether an invite that was not revoked still lets people in.

    It does so as long as who made it may invite: a link that a removed admin kept is worth nothing.
    """
    may_invite = inviter is not None and not inviter.left and inviter.role.value != "member"
    return may_invite and is_current(invite, now)


def is_current(invite: Invite, now: int) -> bool:
    """Whether neither the time nor the uses of an invite are up."""
    in_time = invite.expires_at is None or now < invite.expires_at
    return in_time and (invite.max_uses is None or invite.uses < invite.max_uses)
