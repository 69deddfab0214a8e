"""How long to wait before something is tried again."""

import math
import random
import time
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime

MAX_RETRY_AFTER = 3600.0
"""Seconds that are waited at most: a clock that is wrong must not silence a bot for years."""


@dataclass(frozen=True, slots=True)
class Retry:
    """Waits twice as long each time, at random, so that many bots do not come back together.

    Attributes:
        first: Seconds before the first repetition, at most.
        longest: Seconds before any repetition, at most.
        give_up_after: Seconds after which a call fails; None to go on for good.
    """

    first: float = 0.5
    longest: float = 30.0
    give_up_after: float | None = None

    def pause(self, attempt: int) -> float:
        """Return the seconds to wait after so many failed attempts."""
        most = min(self.longest, self.first * 2 ** min(attempt, 30))
        return random.uniform(most / 2, most)  # noqa: S311 - no secret


def parse_retry_after(value: str | None) -> float | None:
    """Return the seconds that `Retry-After` asks for, up to an hour; None if it says nothing.

    Args:
        value: Of the header: a number or a date.
    """
    if not value:
        return None
    try:
        seconds = float(value)
    except ValueError:
        seconds = _seconds_until(value)
    return None if math.isnan(seconds) else min(max(0.0, seconds), MAX_RETRY_AFTER)


def _seconds_until(date: str) -> float:
    """Return the seconds until a date as HTTP writes it; NaN if it is none."""
    try:
        at = parsedate_to_datetime(date)
    except (ValueError, OverflowError):  # the latter for an offset without an end
        return math.nan
    # `-0000` says that the time zone is not known: it is UTC.
    return at.replace(tzinfo=at.tzinfo or UTC).timestamp() - time.time()
