"""How failed sign-ins are counted, and how long they make the next one wait."""

from dataclasses import dataclass, replace

from echosphere.core.clock import HOUR, MINUTE, SECOND

WINDOW = 15 * MINUTE
ACCOUNT_FAILURES = 5
ADDRESS_FAILURES = 20
FIRST_WAIT = 30 * SECOND
LONGEST_WAIT = HOUR


@dataclass(frozen=True, slots=True)
class Failures:
    """The failures of one account or one address.

    They are counted in the database, so that a restart or a second server process forgets nothing.
    Only signing in waits: whoever is signed in stays so, whatever others try with the address.
    """

    failures: int
    first_at: int
    blocked_until: int

    def wait(self, now: int) -> int:
        """Return how many milliseconds to wait before the next attempt."""
        wait = self.blocked_until - now
        # A longer one was never given: the clock was turned back meanwhile.
        return wait if 0 < wait <= LONGEST_WAIT else 0


def another(known: Failures | None, now: int, *, growing: bool) -> Failures:
    """Return the count with one more failure.

    Args:
        known: The count so far.
        now: The server's time.
        growing: Whether each failure past the limit doubles the wait (an account), or the window
            is waited out (an address, behind which many people may be).
    """
    if known is None or _is_over(known, now):
        return Failures(1, now, 0)
    counted = replace(known, failures=known.failures + 1)
    if growing and counted.failures >= ACCOUNT_FAILURES:
        doubled = FIRST_WAIT * 2 ** min(counted.failures - ACCOUNT_FAILURES, 10)
        return replace(counted, blocked_until=now + min(doubled, LONGEST_WAIT))
    if not growing and counted.failures >= ADDRESS_FAILURES:
        return replace(counted, blocked_until=counted.first_at + WINDOW)
    return counted


def one_less(known: Failures) -> Failures:
    """Return the count without an attempt that turned out to be right."""
    return replace(known, failures=max(0, known.failures - 1), blocked_until=0)


def _is_over(known: Failures, now: int) -> bool:
    quiet_since = max(known.first_at, known.blocked_until)
    return now >= quiet_since + WINDOW or known.first_at > now
