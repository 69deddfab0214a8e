"""Backs off from push services that time out or are slow."""

from dataclasses import dataclass

from echosphere.core.bounded_cache import BoundedCache
from echosphere.core.clock import MINUTE, SECOND, Clock
from echosphere.http_client import parse_url

MIN_DELAY = 15 * SECOND
MAX_DELAY = 10 * MINUTE
MAX_WAITING = 20
"""Messages that may wait for one endpoint; more are rejected."""

MAX_TRACKED = 10_000
"""Hosts, and endpoints, whose failures are remembered."""


@dataclass(slots=True)
class Backoff:
    """How long a host gets no messages, in milliseconds."""

    started_at: int
    delay: int


class EndpointBackoff:
    """Exponential backoff for each host of a push service.

    The host counts, not the endpoint: an attacker can name any number of endpoints on a slow host.
    Waiting messages are counted for each endpoint.

    Args:
        clock: The server's time.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._backoffs: BoundedCache[str, Backoff] = BoundedCache(MAX_TRACKED)
        self._waiting: BoundedCache[str, int] = BoundedCache(MAX_TRACKED)

    def is_backing_off(self, endpoint: str) -> bool:
        """Whether the host of an endpoint must get no messages now."""
        backoff = self._backoffs.get(_host(endpoint))
        # A start in the future means that the clock was set back.
        return backoff is not None and 0 <= self._clock() - backoff.started_at < backoff.delay

    def may_wait(self, endpoint: str) -> bool:
        """Count one more waiting message; return False if there are too many."""
        waiting = (self._waiting.get(endpoint) or 0) + 1
        self._waiting.put(endpoint, waiting)
        return waiting <= MAX_WAITING

    def record_failure(self, endpoint: str) -> None:
        """Start or double the backoff of a host."""
        host = _host(endpoint)
        before = self._backoffs.get(host)
        delay = 2 * before.delay if before else 0
        backoff = Backoff(self._clock(), min(max(delay, MIN_DELAY), MAX_DELAY))
        self._backoffs.put(host, backoff)

    def record_success(self, endpoint: str) -> None:
        """End the backoff of a host."""
        self._backoffs.remove(_host(endpoint))
        self._waiting.remove(endpoint)


def _host(endpoint: str) -> str:
    return parse_url(endpoint).authority
