"""When a failed delivery is tried again, and when an endpoint is given up."""

from datetime import UTC
from email.utils import parsedate_to_datetime
from random import SystemRandom

from echosphere.core.clock import DAY, HOUR, MINUTE, SECOND

WAITS = (
    5 * SECOND,
    30 * SECOND,
    2 * MINUTE,
    10 * MINUTE,
    HOUR,
    3 * HOUR,
    8 * HOUR,
    12 * HOUR,
)
"""Milliseconds after each failed attempt; after the last one there is no other."""

JITTER = 0.1
"""By which part a wait may be longer: what failed together is not tried together again."""

HOLDS = 4
"""Attempts up to which an event holds up those behind it: about three minutes. Then they overtake it."""

MAX_WAITING = 100
"""Deliveries of one endpoint that wait to be tried again; further events stay in the log meanwhile."""

GIVE_UP = DAY
"""Milliseconds of failures without a success after which an endpoint is disabled."""

GRACE = HOUR
"""What is left of that day at least when an endpoint is tried again after a time in which it could not
be: nothing is given up before what came meanwhile was tried."""

LATE = 10 * MINUTE
"""Milliseconds after which an attempt that was due has been kept from it: the server was off, or the
bot's owner was kept out. Less is the usual wait for a turn."""

RECOVERED = 10 * MINUTE
"""If nothing got through for this long and something does, all that wait are tried at once."""

MAX_RETRY_AFTER = WAITS[-1]
"""What an endpoint can ask for at most."""

random = SystemRandom()


def wait_after(attempts: int, retry_after: int = 0) -> int | None:
    """Return how long to wait after so many failed attempts; None if that was the last.

    Args:
        attempts: From 1.
        retry_after: Milliseconds that the endpoint asked for.
    """
    if attempts > len(WAITS):
        return None
    wait = WAITS[attempts - 1]
    longest = wait + random.randrange(int(wait * JITTER) + 1)
    return max(longest, min(retry_after, MAX_RETRY_AFTER))


def failing_since_after(since: int, kept_from: int, now: int) -> int:
    """Return since when an endpoint counts as failing, less the time in which it could not be tried.

    Args:
        since: Milliseconds.
        kept_from: Milliseconds for which an attempt was due and not made.
        now: Milliseconds.
    """
    if kept_from < LATE:
        return since
    return min(now, max(since + kept_from, now - GIVE_UP + GRACE))


def parse_retry_after(value: str, now: int) -> int:
    """Return the milliseconds for which `Retry-After` asks, by seconds or a date; 0 for anything else.

    Args:
        value: The header.
        now: Milliseconds.
    """
    given = value.strip()
    if given.isascii() and given.isdigit() and len(given) <= 9:
        return min(int(given) * SECOND, MAX_RETRY_AFTER)
    try:
        then = parsedate_to_datetime(given)
        at = int(then.replace(tzinfo=then.tzinfo or UTC).timestamp())
    except (ValueError, OverflowError):
        return 0
    return max(0, min(at * SECOND - now, MAX_RETRY_AFTER))
