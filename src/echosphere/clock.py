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

SMALL = MINUTE
"""By so much a machine's clock may be corrected at once without being doubted."""

CONFIRMED_AFTER = 10 * 60.0
"""Seconds for which a leap of the machine's clock must last before it is believed."""

log = logging.getLogger(__name__)


def system_clock() -> int:
    """Return the machine's time in milliseconds since 1970 UTC."""
    return time.time_ns() // 1_000_000


class SteadyClock:
    """The machine's time, but for leaps, which are believed only when they last.

    Between two looks at the machine's clock as much time has passed as the monotonic clock says.
    Where they differ by more than `SMALL`, time goes on as if nothing had happened; when that has
    lasted, whoever keeps times moves them and calls `adopt`. Small corrections are taken at once, and
    until time has caught up with one that goes back it stands still.

    Args:
        wall: The machine's clock.
        steady: Seconds that never go back or leap.
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
        self.leap = 0
        """By how many milliseconds the machine's clock is away from the time that is given."""

    def __call__(self) -> int:
        """Return the time; never an earlier one than before, but after `adopt`."""
        with self._mutex:
            self._last = max(self._last, self._look())
            return self._last

    def begin_at(self, moment: int) -> None:
        """Go on from a time that is known to have passed, though the machine says an earlier one."""
        with self._mutex:
            self._base, self._at = moment, self._steady()
            self._last = max(self._last, moment)

    def confirmed(self) -> int:
        """Return by how many milliseconds the machine's clock has lept, if it is to be believed."""
        self()
        lasted = self._steady() - self._since
        return self.leap if self.leap and lasted >= CONFIRMED_AFTER else 0

    def adopt(self) -> None:
        """Believe the machine's clock as it is now."""
        with self._mutex:
            self._base, self._at, self.leap = self._wall(), self._steady(), 0
            self._last = self._base

    def _look(self) -> int:
        wall, steady = self._wall(), self._steady()
        expected = self._base + round((steady - self._at) * 1000)
        leap = wall - expected
        if abs(leap) <= SMALL:
            if self.leap:
                log.warning("The machine's clock is right again")
            self._base, self._at, self.leap = wall, steady, 0
            return wall
        if abs(leap - self.leap) > SMALL:
            log.warning("The machine's clock lept by %.0f s; not believed yet", leap / 1000)
            self._since = steady
            self.leap = leap
        return expected
