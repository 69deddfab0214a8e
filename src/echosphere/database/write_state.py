"""The outcome of recent writes, for probes and metrics."""

from collections.abc import Callable
from time import monotonic, time


class WriteState:
    """The last results of the writers.

    Attributes:
        last_commit: Time of the last commit, in seconds since 1970 UTC.
        cause: Why the last write was refused; see `Dialect.cause`.
        on_refused: Called, in any thread, with the cause and the number of refused commands.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._failing_since: float | None = None
        self._committed_at = clock()
        self.last_commit = time()
        self.cause = ""
        self.on_refused: Callable[[str, int], None] = lambda _cause, _count: None

    def record_commit(self) -> None:
        """Record a commit."""
        self.last_commit = time()
        self._committed_at = self._clock()
        self._failing_since = None

    def record_success(self) -> None:
        """Record that another process, which writes for this one, can do so."""
        self._committed_at = self._clock()
        self._failing_since = None

    def record_refusal(self, cause: str, count: int = 1, *, waited: float = 0.0) -> None:
        """Record that commands could not be written.

        Args:
            cause: See `Dialect.cause`.
            count: Number of commands.
            waited: Seconds that were spent trying. Writes count as failing since then, unless there
                was a commit meanwhile.
        """
        self.cause = cause
        self.on_refused(cause, count)
        if self._failing_since is None:
            self._failing_since = max(self._clock() - waited, self._committed_at)

    def failing_for(self) -> float:
        """Return for how many seconds all writes have failed; 0.0 if the last one succeeded."""
        since = self._failing_since
        return 0.0 if since is None else self._clock() - since
