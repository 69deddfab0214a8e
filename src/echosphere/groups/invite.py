"""What an invite is, and when it still lets somebody in."""

from dataclasses import dataclass

from echosphere.conversations import Conversation, Member

MAX_INVITES = 50
"""Invites of one group that can be used at the same time."""

MAX_REGISTRATIONS = 200
"""People who may register by one invite within an hour, if it lets in as many: a large hall."""

MIN_LIFETIME = 60
MAX_LIFETIME = 366 * 24 * 60 * 60
"""Seconds."""

NO_LONGER = "This invite is not valid any more. Ask whoever sent it for a new one."
REMOVED = "You were removed from this group. Only its admins can add you again."


@dataclass(frozen=True, slots=True)
class Invite:
    """An invite as it is stored: its token is not.

    Attributes:
        expires_at: Milliseconds; None for never.
        max_uses: How many people it lets in; None for any number.
    """

    id: str
    conversation: str
    created_by: str
    created_at: int
    expires_at: int | None
    max_uses: int | None
    uses: int


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
        members: How many there are.
        invited_by: The name of the person who made it.
        joined: Whether the holder is a member already.
    """

    conversation: Conversation
    members: int
    invited_by: str
    joined: bool


def is_usable(invite: Invite, maker: Member | None, now: int) -> bool:
    """Whether an invite that was not revoked still lets people in.

    It does so as long as who made it may invite: a link that a removed admin kept is worth nothing.
    """
    in_time = invite.expires_at is None or now < invite.expires_at
    has_room = invite.max_uses is None or invite.uses < invite.max_uses
    may_invite = maker is not None and not maker.left and maker.role.value != "member"
    return in_time and has_room and may_invite
