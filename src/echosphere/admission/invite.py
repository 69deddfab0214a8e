"""Invitations to the server."""

from dataclasses import dataclass, field
from typing import NamedTuple

import msgspec

from echosphere.accounts import AccountRole
from echosphere.core.ids import derive_token, new_id, token_hash

MAX_INVITES = 200
"""Usable invites of one person."""

INVITE_JOB = "admission.invite-mail"
"""Mails an invite to its address."""

APPROVAL_JOB = "admission.approval-mail"
"""Tells an address that its registration was approved."""

MAX_USES = 1_000
MAX_GROUPS = 20
MAX_ROWS = 200
"""People who are invited at once."""

MIN_LIFETIME = 60
MAX_LIFETIME = 366 * 24 * 60 * 60
"""Seconds."""

NO_LONGER = "This invitation is no longer valid. Ask the person who sent it for a new one."
OTHER_ADDRESS = (
    "This invitation is for a different e-mail address. Ask the person who invited you "
    "which one they used."
)


class ServerInvite(NamedTuple):
    """A row of the table of invites; of its token it has the hash only.

    Attributes:
        created_by: None for the one that makes the first owner, and for those of the command line.
        role: What those who come by it become.
        contact: Whether they become contacts of its maker.
        groups: The ids of the groups that they join, separated by spaces.
        email: The only address that may use it, or None.
    """

    id: str
    token_hash: str
    created_by: str | None
    created_at: int
    expires_at: int | None
    max_uses: int | None
    uses: int
    role: str
    contact: bool
    groups: str
    email: str | None

    @property
    def makes_owner(self) -> bool:
        """Whether it is the one that makes the first owner."""
        return self.created_by is None and self.role == AccountRole.OWNER


class InviteTerms(msgspec.Struct, frozen=True):
    """What an invite is to do, and for how long; `expires_in` is in seconds."""

    role: str
    expires_in: int | None = None
    max_uses: int | None = 1
    contact: bool = False
    groups: tuple[str, ...] = ()
    email: str | None = None


@dataclass(frozen=True, slots=True)
class NewInvite:
    """The id of an invite that is to be made, and the hash of its token."""

    id: str
    token_hash: str = field(repr=False)


def token_of(secret: str, invite: str) -> str:
    """Return the token of an invite, made of its id and the server's secret: its maker sees it again."""
    return derive_token(secret, "server invite", invite, "")


def new_invite(secret: str) -> NewInvite:
    """Return the id of an invite that is to be made, with the hash of its token."""
    invite = new_id()
    return NewInvite(invite, token_hash(token_of(secret, invite)))


def link_to(base_url: str, token: str) -> str:
    """Return the address of the page for a token."""
    return f"{base_url.rstrip('/')}/invite/{token}"
