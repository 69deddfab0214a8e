"""What a job is, and when a failed one is tried again."""

import zlib
from random import SystemRandom

import msgspec

from echosphere.core.clock import HOUR, SECOND

MAX_ATTEMPTS = 12
"""About four hours with the pauses between them."""

MIN_BACKOFF = 5 * SECOND
MAX_BACKOFF = HOUR
DEAD = 2**53
"""The due time of a job that was given up; its row is kept with the error."""

random = SystemRandom()


class Job(msgspec.Struct, frozen=True):
    """A claimed job; `attempt` counts from 1 and identifies the claim."""

    id: int
    kind: str
    payload: str
    attempt: int


class Recurring(msgspec.Struct, frozen=True):
    """A recurring job; the id of its row is derived from its kind."""

    kind: str
    interval: int

    @property
    def id(self) -> int:
        """The same in every process."""
        return recurring_id(self.kind)


def recurring_id(kind: str) -> int:
    """Return the id of the row of a recurring job: negative, to be no automatic id of a full table."""
    number: int = zlib.crc32(kind.encode())
    return -1 - number


def backoff_after(attempt: int) -> int:
    """Return the milliseconds to wait after a failed attempt: exponential, with jitter."""
    longest: int = min(MIN_BACKOFF << min(attempt - 1, 20), MAX_BACKOFF)
    return longest // 2 + random.randrange(longest // 2 + 1)
