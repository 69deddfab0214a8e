"""How often somebody may do something."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from math import ceil
from time import monotonic

from echosphere.errors import too_often

MAX_KEYS = 100_000
"""Keys remembered at most; the ones unused for longest are forgotten first."""


@dataclass(frozen=True, slots=True)
class Rate:
    """`burst` at once, and one more every `every` seconds."""

    name: str
    burst: int
    every: float


def hourly(name: str, count: int) -> Rate:
    """Return the rate of so many an hour, all of them at once if need be."""
    return Rate(name, burst=count, every=3600 / count)


class Limits:
    """Token buckets in memory, kept as the time at which each is full again (GCRA).

    Args:
        enabled: Benchmarks turn rates off; sizes stay checked.
        clock: Seconds that never go back.
    """

    def __init__(self, *, enabled: bool = True, clock: Callable[[], float] = monotonic) -> None:
        self._enabled = enabled
        self._clock = clock
        self._full_at: OrderedDict[tuple[str, str], float] = OrderedDict()

    def take(self, rate: Rate, key: str, count: int = 1) -> None:
        """Count uses of a rate by a person, an address or a connection; at most a burst at once.

        Raises:
            TooMany: The bucket is empty; `retry_after` says when there is a token again.
        """
        if not self._enabled:
            return
        now = self._clock()
        place = (rate.name, key)
        full_at = max(self._full_at.get(place, now), now)
        cost = min(count, rate.burst) * rate.every
        wait = full_at + cost - now - rate.burst * rate.every
        if wait > 1e-9:
            raise too_often("That was too often.", max(1, ceil(wait)))
        self._full_at[place] = full_at + cost
        self._full_at.move_to_end(place)
        while len(self._full_at) > MAX_KEYS:
            self._full_at.popitem(last=False)


@lru_cache(maxsize=4_096)  # it is asked for with every call
def address_key(address: str) -> str:
    """Return what counts as one address: all of IPv6's lowest 64 bits belong to one holder."""
    try:
        ip = ip_address(address)
    except ValueError:
        return address[:64]
    if isinstance(ip, IPv6Address):
        if ip.ipv4_mapped is not None:
            return str(ip.ipv4_mapped)
        return f"{IPv6Address(int(ip) >> 64 << 64)}/64"
    return str(ip)
