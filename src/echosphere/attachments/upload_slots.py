"""Limits concurrent uploads per sender."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from echosphere.core.errors import TooMany


class UploadSlots:
    """The uploads that are running.

    Args:
        most: For one sender.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._running: Counter[str] = Counter()

    @contextmanager
    def slot(self, sender: str) -> Iterator[None]:
        """Count one more upload of a sender until the end of the block.

        Raises:
            TooMany: So many are running already.
        """
        if self._running[sender] >= self._most:
            raise TooMany("Too many uploads at once. Wait for one to finish.", retry_after=5)
        self._running[sender] += 1
        try:
            yield
        finally:
            self._running[sender] -= 1
            if not self._running[sender]:
                del self._running[sender]
