"""What a job is, and when a failed one is tried again."""

import zlib
from dataclasses import dataclass
from random import SystemRandom

from echosphere.core.clock import HOUR, SECOND

MAX_ATTEMPTS = 12
"""About four hours with the pauses between them."""

MIN_BACKOFF = 5 * SECOND
MAX_BACKOFF = HOUR
DEAD = 2**53
"""The due time of a job that was given up; its row is kept with the error."""

random = SystemRandom()


@dataclass(frozen=True, slots=True)
class Job:
    """A claimed job; `attempt` counts from 1 and identifies the claim."""

    id: int
    kind: str
    payload: str
    attempt: int


@dataclass(frozen=True, slots=True)
class Recurring:
    """A recurring job; the id of its row is derived from its kind."""

    kind: str
    interval: int

    @property
    def id(self) -> int:
        """Negative, so that it cannot equal an automatic id; the same in every process."""
        number: int = zlib.crc32(self.kind.encode())
        return -1 - number


def backoff_after(attempt: int) -> int:
    """Return the milliseconds to wait after a failed attempt: exponential, with jitter."""
    longest: int = min(MIN_BACKOFF << min(attempt - 1, 20), MAX_BACKOFF)
    return longest // 2 + random.randrange(longest // 2 + 1)
