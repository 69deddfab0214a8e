"""How writing goes in this process, for probes and metrics."""

from collections.abc import Callable
from time import monotonic, time


class WriteState:
    """What the writers did last.

    Attributes:
        last_commit: When something was brought to the disk last, in seconds since 1970.
        cause: Why the last refused write was refused; see `Dialect.cause`.
        on_refused: Called, in any thread, with the cause and the number of refused commands.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._failing_since: float | None = None
        self._committed_at = clock()
        self.last_commit = time()
        self.cause = ""
        self.on_refused: Callable[[str, int], None] = lambda _cause, _count: None

    def committed(self) -> None:
        """Something is on disk."""
        self.last_commit = time()
        self._committed_at = self._clock()
        self._failing_since = None

    def refused(self, cause: str, count: int = 1, *, waited: float = 0.0) -> None:
        """Commands could not be brought to the disk.

        Args:
            cause: See `Dialect.cause`.
            count: How many.
            waited: For how many seconds that was tried: so long ago it had begun to fail, unless
                others were written meanwhile.
        """
        self.cause = cause
        self.on_refused(cause, count)
        if self._failing_since is None:
            self._failing_since = max(self._clock() - waited, self._committed_at)

    def failing_for(self) -> float:
        """Return for how many seconds no write has succeeded that was tried."""
        since = self._failing_since
        return 0.0 if since is None else self._clock() - since
