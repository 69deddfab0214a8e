"""Keys: how they look, what they may be called, and when they can be used."""

from dataclasses import dataclass, field

from echosphere.core.clock import MINUTE
from echosphere.core.errors import Invalid
from echosphere.core.rate_limits import Rate
from echosphere.core.scopes import Scopes
from echosphere.core.text import strip_invisible

SHOWN = 10
"""Characters of a key by which its owner tells it from others; the rest is told once."""

MAX_KEYS = 20
"""Of one user."""

MAX_NAME = 80
CREATION_RATE = Rate("api-keys", burst=20, every=60)
USE_PRECISION = MINUTE
"""Milliseconds: the last use is stored this often at most."""

UNKNOWN = "API key not found."
REVOKED = "This API key was revoked."
ONLY_BOTS = "Only bots receive events. Create a bot and give its key this scope."
TOO_MANY = f"You already have {MAX_KEYS} API keys. Revoke some first."


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as stored: with its hash only.

    Attributes:
        user_id: For whom it acts.
        prefix: Its first characters.
        expires_at: Milliseconds; None for never.
        last_used_at: Milliseconds, to the minute; None if it was never used.
    """

    id: str
    user_id: str
    name: str
    prefix: str
    scopes: Scopes
    created_at: int
    expires_at: int | None
    last_used_at: int | None
    key_hash: str = field(repr=False)

    def needs_touch(self, now: int) -> bool:
        """Whether a use at this moment is to be stored."""
        return self.last_used_at is None or now - self.last_used_at >= USE_PRECISION


def clean_key_name(name: str) -> str:
    """Return a name in one line.

    Raises:
        Invalid: It is empty or too long.
    """
    cleaned = strip_invisible(name)
    if not 1 <= len(cleaned) <= MAX_NAME:
        problem = f"must have 1 to {MAX_NAME} visible characters"
        raise Invalid(f"The name {problem}.", fields={"name": problem})
    return cleaned
