"""Incoming webhooks, and when they can be used."""

from dataclasses import dataclass, field

from echosphere.core.clock import MINUTE
from echosphere.core.rate_limits import Rate

MAX_WEBHOOKS = 50
"""Webhooks of one group that can be used."""

CREATION_RATE = Rate("webhooks", burst=20, every=60)
POST_RATE = Rate("webhook posts", burst=30, every=1.0)
"""For each webhook."""

ADDRESS_RATE = Rate("webhook posts of an address", burst=600, every=0.1)
"""Also for those who try addresses that do not exist."""

USE_PRECISION = MINUTE
"""Milliseconds: the last use is stored this often at most."""

UNKNOWN = "Webhook not found."
REVOKED = "This webhook was revoked. Ask the group's owner or admins for a new one."
MAKER_SUSPENDED = (
    "The person who created this webhook cannot use this server at the moment. Ask another "
    "admin to create a new one."
)
TOO_MANY = f"The group already has {MAX_WEBHOOKS} webhooks. Revoke some first."


@dataclass(frozen=True, slots=True)
class Webhook:
    """A webhook as stored: with the hash of its token only.

    Attributes:
        id: Also the id of the user who is the author of what it posts.
        name: That of this user.
        created_by: The id of the user who made it.
        last_used_at: Milliseconds, to the minute; None if it was never used.
        revoked_at: Milliseconds; None while it can be used.
        avatar: The path of the user's avatar.
    """

    id: str
    conversation: str
    name: str
    created_by: str
    created_at: int
    last_used_at: int | None
    revoked_at: int | None
    token_hash: str = field(repr=False)
    avatar: str | None = None

    def needs_touch(self, now: int) -> bool:
        """Whether a use at this moment is to be stored."""
        return self.last_used_at is None or now - self.last_used_at >= USE_PRECISION
