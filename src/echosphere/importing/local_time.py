"""Finds out when something was that a source tells in local time, without its zone."""

from datetime import datetime, tzinfo

from echosphere.core.clock import MINUTE

SLACK = MINUTE
"""Milliseconds by which a line may be earlier than the one before: some sources sort by arrival."""


class LocalClock:
    """Turns local times, in the order in which they stand there, into moments.

    When clocks are put back an hour comes twice: a time that would lie before the one that was asked for
    last is of the second one.

    Args:
        zone: Where the times are meant; None for the zone of this machine.
    """

    def __init__(self, zone: tzinfo | None = None) -> None:
        self._zone = zone
        self._last = 0

    def moment(self, local: datetime) -> int:
        """Return milliseconds since 1970 UTC of a time without a zone.

        Raises:
            ValueError: There is no such time.
        """
        first, second = (self._moment(local.replace(fold=fold)) for fold in (0, 1))
        # Where a time is left out, as clocks are put forward, the second is earlier than the first.
        came_again = second > first and first < self._last - SLACK
        self._last = second if came_again else first
        return self._last

    def _moment(self, local: datetime) -> int:
        try:
            return round(local.replace(tzinfo=self._zone).timestamp() * 1000)
        except OverflowError as error:
            raise ValueError(str(error)) from error
