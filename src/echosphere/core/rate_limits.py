"""Rate limits, as token buckets in memory."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from math import ceil
from time import monotonic

from echosphere.core.errors import too_many_requests

MAX_KEYS = 100_000
"""Keys remembered at most; the least recently used are forgotten first."""


@dataclass(frozen=True, slots=True)
class Rate:
    """`burst` uses at once, and one more every `every` seconds."""

    name: str
    burst: int
    every: float


def per_hour(name: str, count: int) -> Rate:
    """Return a rate of `count` uses an hour, which may all come at once."""
    return Rate(name, burst=count, every=3600 / count)


class RateLimiter:
    """Token buckets, each kept as the time at which it is full again (GCRA).

    Args:
        enabled: False in benchmarks: every use is allowed.
        clock: Seconds from a monotonic clock.
    """

    def __init__(self, *, enabled: bool = True, clock: Callable[[], float] = monotonic) -> None:
        self._enabled = enabled
        self._clock = clock
        self._full_at: OrderedDict[tuple[str, str], float] = OrderedDict()
        self._processes = 1

    def share(self, processes: int) -> None:
        """Allow a part of each rate: so many equal processes count for themselves."""
        self._processes = processes

    def take(self, rate: Rate, key: str, count: int = 1) -> None:
        """Take tokens from the bucket of a user, an address or a connection; at most a burst.

        Raises:
            TooMany: The bucket is empty; `retry_after` says when it has a token again.
        """
        if not self._enabled:
            return
        if self._processes > 1:
            rate = _part_of(rate, self._processes)
        now = self._clock()
        bucket = (rate.name, key)
        full_at = max(self._full_at.get(bucket, now), now)
        cost = min(count, rate.burst) * rate.every
        wait = full_at + cost - now - rate.burst * rate.every
        if wait > 1e-9:
            raise too_many_requests("Too many requests.", max(1, ceil(wait)))
        self._full_at[bucket] = full_at + cost
        self._full_at.move_to_end(bucket)
        while len(self._full_at) > MAX_KEYS:
            self._full_at.popitem(last=False)


@lru_cache(maxsize=4_096)
def _part_of(rate: Rate, processes: int) -> Rate:
    """Return the share of one process, rounded up: a rate never becomes none."""
    return Rate(rate.name, ceil(rate.burst / processes), rate.every * processes)


@lru_cache(maxsize=4_096)  # computed for every call
def address_key(address: str) -> str:
    """Return the key of a client address: the /64 network of IPv6, which one client holds whole."""
    try:
        ip = ip_address(address)
    except ValueError:
        return address[:64]
    if isinstance(ip, IPv6Address):
        if ip.ipv4_mapped is not None:
            return str(ip.ipv4_mapped)
        return f"{IPv6Address(int(ip) >> 64 << 64)}/64"
    return str(ip)
