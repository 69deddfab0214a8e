"""Sessions: their lifetime and their device."""

from dataclasses import dataclass, field
from typing import Literal

import msgspec

from echosphere.core.clock import DAY, HOUR

MAX_IDLE = 30 * DAY
MAX_AGE = 180 * DAY
MAX_SESSIONS = 20
"""Sessions of one user; a further one ends the least recently used."""

TOUCH_INTERVAL = HOUR

Kind = Literal["cookie", "bearer"]


@dataclass(frozen=True, slots=True)
class Device:
    """The device on which a session is used.

    Attributes:
        name: Shown to the owner, such as "Firefox on Linux".
        address: The network address at sign-in.
        kind: Whether the token is sent in the cookie or in a header.
        replaces: The token that this browser had before; its session ends.
        device_cookie: The value of the cookie of known devices.
        remembered: The token of a browser that needs no second factor for a while.
    """

    name: str
    address: str
    kind: Kind = "cookie"
    replaces: str | None = None
    device_cookie: str = field(default="", repr=False)
    remembered: str = field(default="", repr=False)


class StoredSession(msgspec.Struct, frozen=True):
    """A row of the table of sessions, with the role of its user."""

    id: str
    user_id: str
    role: str
    created_at: int
    used_at: int
    second_factor_at: int | None = None
    email_confirmed_at: int | None = None

    def is_active(self, now: int) -> bool:
        """Whether it has not expired; a clock that was turned back does not end it."""
        return now - self.used_at < MAX_IDLE and now - self.created_at < MAX_AGE

    def needs_touch(self, now: int) -> bool:
        """Whether `used_at` is too old, or in the future because the clock was turned back."""
        return now - self.used_at >= TOUCH_INTERVAL or self.used_at > now
