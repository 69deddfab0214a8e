"""The time, from one replaceable source."""

import logging
import time
from collections.abc import Callable
from threading import Lock

Clock = Callable[[], int]
"""Returns milliseconds since 1970 UTC."""

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

MAX_CORRECTION = MINUTE
"""Milliseconds up to which a correction of the system clock is taken at once."""

CONFIRM_AFTER = 10 * 60.0
"""Seconds that a jump of the system clock must last before it is accepted."""

log = logging.getLogger(__name__)


def system_clock() -> int:
    """Return the system's time in milliseconds since 1970 UTC."""
    return time.time_ns() // 1_000_000


class SteadyClock:
    """The system's time without its jumps, which are accepted only when they last.

    Elapsed time comes from the monotonic clock. If the system clock differs by more than
    `MAX_CORRECTION`, the time given goes on as if nothing had happened; once the jump has lasted,
    `ClockJumpCorrector` moves the stored times and calls `accept_jump`. Smaller corrections are
    taken at once; after one backwards, the time stands still until it has caught up.

    Args:
        wall: The system clock.
        steady: Seconds from a monotonic clock.
    """

    def __init__(
        self, wall: Clock = system_clock, steady: Callable[[], float] = time.monotonic
    ) -> None:
        self._wall = wall
        self._steady = steady
        self._mutex = Lock()
        self._base, self._at = wall(), steady()
        self._last = self._base
        self._since = 0.0
        self.jump = 0
        """Milliseconds by which the system clock is ahead of the time given."""

    def __call__(self) -> int:
        """Return the time, which goes back only after `accept_jump`."""
        with self._mutex:
            self._last = max(self._last, self._read())
            return self._last

    def start_at(self, moment: int) -> None:
        """Go on from a time known to have passed, although the system clock is behind it."""
        with self._mutex:
            self._base, self._at = moment, self._steady()
            self._last = max(self._last, moment)

    def confirmed_jump(self) -> int:
        """Return the milliseconds of a jump that has lasted for `CONFIRM_AFTER`, else 0."""
        self()
        lasted = self._steady() - self._since
        return self.jump if self.jump and lasted >= CONFIRM_AFTER else 0

    def accept_jump(self) -> None:
        """Take the system clock as it is now."""
        with self._mutex:
            self._base, self._at, self.jump = self._wall(), self._steady(), 0
            self._last = self._base

    def _read(self) -> int:
        wall, steady = self._wall(), self._steady()
        expected = self._base + round((steady - self._at) * 1000)
        jump = wall - expected
        if abs(jump) <= MAX_CORRECTION:
            if self.jump:
                log.warning("The system clock is correct again")
            self._base, self._at, self.jump = wall, steady, 0
            return wall
        if abs(jump - self.jump) > MAX_CORRECTION:
            log.warning("The system clock jumped by %.0f s; not accepted yet", jump / 1000)
            self._since = steady
            self.jump = jump
        return expected
