"""What a session is: how long it lives, and on which device."""

from dataclasses import dataclass, field
from typing import Literal

from echosphere.core.clock import DAY, HOUR

MAX_IDLE = 30 * DAY
MAX_AGE = 180 * DAY
MAX_SESSIONS = 20
"""Devices of one person; one more signs out the device that was used longest ago."""

USE_NOTED_EVERY = HOUR

Kind = Literal["cookie", "bearer"]


@dataclass(frozen=True, slots=True)
class Device:
    """Where a session is used.

    Attributes:
        name: What its owner may recognise it by, such as "Firefox on Linux".
        address: The network address at sign-in.
        kind: Whether its token travels in the cookie or in a header.
        replaces: The token that this browser held before; that session ends.
        kept: What this browser keeps of those who signed in on it before.
    """

    name: str
    address: str
    kind: Kind = "cookie"
    replaces: str | None = None
    kept: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class StoredSession:
    """A session as the database knows it."""

    id: str
    user: str
    role: str
    created_at: int
    used_at: int

    def is_alive(self, now: int) -> bool:
        """Whether it may still be used; a clock that was turned back does not end it."""
        return now - self.used_at < MAX_IDLE and now - self.created_at < MAX_AGE

    def use_is_worth_noting(self, now: int) -> bool:
        """Whether the time of its last use is too old, or lies ahead because the clock moved."""
        return now - self.used_at >= USE_NOTED_EVERY or self.used_at > now
