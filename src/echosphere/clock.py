"""The time, from one replaceable source."""

import time
from collections.abc import Callable

Clock = Callable[[], int]
"""Returns milliseconds since 1970 UTC."""

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def system_clock() -> int:
    """Return the machine's time in milliseconds since 1970 UTC."""
    return time.time_ns() // 1_000_000
