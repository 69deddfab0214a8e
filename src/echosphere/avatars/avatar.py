"""An avatar: an immutable image with an id and a path on this server."""

import msgspec

from echosphere.core.rate_limits import Rate

MAX_SIZE = 8 * 1024 * 1024
"""Bytes of an uploaded image; the stored avatar is far smaller."""

AVATAR_RATE = Rate("avatars", burst=20, every=30)
"""For setting and removing an avatar."""

FOLDER = "avatars"
URL_PREFIX = "/api/v1/avatars/"
TYPE = "image/webp"


class Avatar(msgspec.Struct, frozen=True):
    """The avatar of a user or of a conversation."""

    id: str
    user_id: str | None
    conversation: str | None


def avatar_path(avatar: str) -> str:
    """Return the path of an avatar."""
    return URL_PREFIX + avatar


def id_from_path(path: str) -> str:
    """Return the id of the avatar at a path."""
    return path.removeprefix(URL_PREFIX)
