"""Remembers which push services did not answer, or took their time."""

from collections import OrderedDict
from dataclasses import dataclass
from typing import TypeVar

from echosphere.core.clock import MINUTE, SECOND, Clock
from echosphere.http_client import parse_url

FIRST_PAUSE = 15 * SECOND
LONGEST_PAUSE = 10 * MINUTE
MAX_WAITING = 20
"""Messages to one endpoint that wait for the end of a pause; there is no room for more."""

MAX_SILENT = 10_000
"""Hosts, and endpoints, that are remembered because they did not answer."""

Kept = TypeVar("Kept")


@dataclass(slots=True)
class Pause:
    """For how long a host is left alone."""

    began: int
    length: int


class Silence:
    """Which push services did not answer in time: they are left alone, each time for longer.

    It is the host that is left alone: whoever names one that is slow can name any number of
    addresses on it. How many messages wait is counted for each address.

    Args:
        clock: The server's time.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._pauses: OrderedDict[str, Pause] = OrderedDict()
        self._waiting: OrderedDict[str, int] = OrderedDict()

    def holds(self, endpoint: str) -> bool:
        """Whether the host of an endpoint is to be left alone now."""
        pause = self._pauses.get(_host(endpoint))
        # A clock that was ahead counts for nothing.
        return pause is not None and 0 <= self._clock() - pause.began < pause.length

    def has_room(self, endpoint: str) -> bool:
        """Whether one more message may wait for an endpoint that is silent, or busy."""
        waiting = self._waiting.pop(endpoint, 0) + 1
        _keep(self._waiting, endpoint, waiting)
        return waiting <= MAX_WAITING

    def begin(self, endpoint: str) -> None:
        """It did not answer, or not soon."""
        host = _host(endpoint)
        before = self._pauses.pop(host, None)
        length = 2 * before.length if before else 0
        pause = Pause(self._clock(), min(max(length, FIRST_PAUSE), LONGEST_PAUSE))
        _keep(self._pauses, host, pause)

    def end(self, endpoint: str) -> None:
        """It answered."""
        self._pauses.pop(_host(endpoint), None)
        self._waiting.pop(endpoint, None)


def _host(endpoint: str) -> str:
    return parse_url(endpoint).authority


def _keep(kept: OrderedDict[str, Kept], key: str, value: Kept) -> None:
    kept[key] = value
    while len(kept) > MAX_SILENT:
        kept.popitem(last=False)
