"""What an avatar is: a picture under an id that never changes, at an address of this server."""

from dataclasses import dataclass

from echosphere.core.rate_limits import Rate

MAX_SIZE = 8 * 1024 * 1024
"""Bytes of the picture that somebody sends; what is kept of it is far smaller."""

AVATAR_RATE = Rate("avatars", burst=20, every=30)
"""Setting a picture, and removing it."""

FOLDER = "avatars"
PLACE = "/api/v1/avatars/"
TYPE = "image/webp"


@dataclass(frozen=True, slots=True)
class Avatar:
    """Whose picture it is: a person's, or a conversation's."""

    id: str
    user: str | None
    conversation: str | None


def address_of(avatar: str) -> str:
    """Return where a picture is to be had."""
    return PLACE + avatar


def id_in(address: str) -> str:
    """Return which picture is at an address."""
    return address.removeprefix(PLACE)
