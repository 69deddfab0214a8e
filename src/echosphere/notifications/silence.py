"""Remembers which push services did not answer, or took their time."""

from collections import OrderedDict
from dataclasses import dataclass

from echosphere.clock import MINUTE, SECOND, Clock

FIRST_PAUSE = 15 * SECOND
LONGEST_PAUSE = 10 * MINUTE
MAX_WAITING = 20
"""Messages to one endpoint that wait for the end of a pause; there is no room for more."""

MAX_SILENT = 10_000
"""Endpoints that are remembered because they did not answer."""


@dataclass(slots=True)
class Pause:
    """For how long an endpoint is left alone, and how many messages wait for the end of that."""

    began: int
    length: int
    waiting: int = 0


class Silence:
    """Which push services did not answer in time: they are left alone, each time for longer.

    Anybody can name one that never answers. All wait for the same few connections.

    Args:
        clock: The server's time.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._pauses: OrderedDict[str, Pause] = OrderedDict()

    def holds(self, endpoint: str) -> bool:
        """Whether an endpoint is to be left alone now."""
        pause = self._pauses.get(endpoint)
        # A clock that was ahead counts for nothing.
        return pause is not None and 0 <= self._clock() - pause.began < pause.length

    def has_room(self, endpoint: str) -> bool:
        """Whether one more message may wait for an endpoint that is silent, or busy."""
        pause = self._pauses.get(endpoint) or self._keep(endpoint, 0)
        pause.waiting += 1
        return pause.waiting <= MAX_WAITING

    def begin(self, endpoint: str) -> None:
        """It did not answer, or not soon."""
        before = self._pauses.pop(endpoint, None)
        length = 2 * before.length if before else 0
        self._keep(endpoint, min(max(length, FIRST_PAUSE), LONGEST_PAUSE))

    def end(self, endpoint: str) -> None:
        """It answered."""
        self._pauses.pop(endpoint, None)

    def _keep(self, endpoint: str, length: int) -> Pause:
        pause = self._pauses[endpoint] = Pause(self._clock(), length)
        while len(self._pauses) > MAX_SILENT:
            self._pauses.popitem(last=False)
        return pause
