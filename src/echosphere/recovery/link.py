"""What a one-time link is."""

from typing import Literal

import msgspec

from echosphere.core.clock import HOUR
from echosphere.core.errors import Gone

LIFETIME = HOUR
"""Milliseconds for which a link is valid."""

Purpose = Literal["reset", "address", "confirm"]


class OneTimeLink(msgspec.Struct, frozen=True):
    """An issued link; its token is known to its holder only.

    Attributes:
        purpose: What it is for.
        user_id: Whose account it is about.
        email: The address it was sent to; None for one that was handed over.
        credentials: The digest of the account's address and password when it was issued.
        expires_at: When it ends.
        used: Whether it was used.
    """

    purpose: str
    user_id: str
    email: str | None
    credentials: str
    expires_at: int
    used: bool


def no_such_link() -> Gone:
    """Return the refusal of a link that was never issued, was used, or is void."""
    return Gone("This link is no longer valid. Request a new one.")
