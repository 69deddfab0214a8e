"""Counts failed sign-ins and computes how long the next one has to wait."""

import msgspec

from echosphere.core.clock import HOUR, MINUTE, SECOND

WINDOW = 15 * MINUTE
ACCOUNT_FAILURES = 5
ADDRESS_FAILURES = 20
FIRST_WAIT = 30 * SECOND
LONGEST_WAIT = HOUR


class FailureCount(msgspec.Struct, frozen=True):
    """The failures of one account or one network address.

    The counts are in the database, to survive restarts and to be shared by processes. Only signing in
    is throttled: existing sessions are not affected.
    """

    failures: int
    first_at: int
    blocked_until: int

    def wait(self, now: int) -> int:
        """Return the milliseconds to wait before the next attempt."""
        wait = self.blocked_until - now
        # A longer wait was never set: the clock has been turned back.
        return wait if 0 < wait <= LONGEST_WAIT else 0


def record_failure(known: FailureCount | None, now: int, *, doubling: bool) -> FailureCount:
    """Return the count with one more failure.

    Args:
        known: The count so far.
        now: The server's time.
        doubling: True for an account: each failure past the limit doubles the wait. False for a
            network address, which many users may share: it waits for the end of the window.
    """
    if known is None or _has_expired(known, now):
        return FailureCount(1, now, 0)
    counted = msgspec.structs.replace(known, failures=known.failures + 1)
    if doubling and counted.failures >= ACCOUNT_FAILURES:
        doubled = FIRST_WAIT * 2 ** min(counted.failures - ACCOUNT_FAILURES, 10)
        return msgspec.structs.replace(counted, blocked_until=now + min(doubled, LONGEST_WAIT))
    if not doubling and counted.failures >= ADDRESS_FAILURES:
        return msgspec.structs.replace(counted, blocked_until=counted.first_at + WINDOW)
    return counted


def release(known: FailureCount) -> FailureCount:
    """Return the count without an attempt that did not fail."""
    return msgspec.structs.replace(known, failures=max(0, known.failures - 1), blocked_until=0)


def _has_expired(known: FailureCount, now: int) -> bool:
    quiet_since = max(known.first_at, known.blocked_until)
    return now >= quiet_since + WINDOW or known.first_at > now
