"""Which of several writers takes a command: few of them, so that many commands share a batch."""

from collections.abc import Iterable, Sequence

from echosphere.database.writer import Writer

MAX_LANES = 4_096
"""Lanes that are remembered before those without unfinished writes are forgotten."""


class Writers:
    """Gives lanes to writers.

    A lane with unfinished writes stays with its writer, so that its commands run in their order. Any
    other goes to the first writer that is not held up: the more commands a batch has, the less each
    of them costs.

    Args:
        writers: All of them; at least one.
    """

    def __init__(self, writers: Sequence[Writer]) -> None:
        self.all = tuple(writers)
        self._lanes: dict[str, tuple[Writer, int]] = {}
        self._most = MAX_LANES

    def for_lane(self, lane: str, *, own_transaction: bool) -> Writer:
        """Return the writer of a command that is submitted now.

        What has a transaction of its own shares nothing, and goes where it holds up few others.
        """
        writer, last = self._lanes.get(lane, (None, 0))
        if writer is None or last <= writer.finished:
            writer = self._choose(reversed(self.all) if own_transaction else self.all)
        self._lanes[lane] = writer, writer.submitted + 1
        if len(self._lanes) > self._most:
            self._forget_finished()
        return writer

    def _choose(self, writers: Iterable[Writer]) -> Writer:
        several = list(writers)
        return next((one for one in several if not one.is_held_up()), several[0])

    def _forget_finished(self) -> None:
        self._lanes = {
            lane: (writer, last)
            for lane, (writer, last) in self._lanes.items()
            if last > writer.finished
        }
        self._most = max(MAX_LANES, 2 * len(self._lanes))
