"""One timer for all deadlines of a server, however many connections it has."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Item = TypeVar("Item")

# Deadlines this close together are served by one wake-up of the loop.
GRAIN = 0.005

# A wake-up that comes late by less than this counts from when it should have come. Later than
# that the server itself was busy, which is not the clients' fault.
FORGIVEN = 0.05


class Wheel:
    """Wakes the loop for the earliest deadline of its queues; no timer per connection."""

    __slots__ = ("_loop", "_queues", "_timer", "_when")

    def __init__(self) -> None:
        self._queues: list[Deadlines[object]] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._when = float("inf")

    def queue(self, delay: float, due: Callable[[Item, float], None]) -> Deadlines[Item]:
        """A queue of items that are handed to `due(item, when)` a fixed delay after `add`."""
        queue: Deadlines[Item] = Deadlines(self, delay, due)
        self._queues.append(queue)  # type: ignore[arg-type]
        return queue

    def now(self) -> float:
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
        return self._loop.time()

    def wake_at(self, when: float) -> None:
        """Make sure that the loop wakes at this time or earlier."""
        if when >= self._when:
            return
        if self._timer is not None:
            self._timer.cancel()
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
        self._when = when
        self._timer = self._loop.call_at(when, self._turn)

    def stop(self) -> None:
        """Forget every deadline; the server has ended."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None
        self._when = float("inf")
        for queue in self._queues:
            queue.entries.clear()

    def _turn(self) -> None:
        self._timer = None
        self._when = float("inf")
        limit = self.now() + GRAIN
        for queue in self._queues:
            queue.serve(limit)
        waiting = [queue.entries[0][0] for queue in self._queues if queue.entries]
        if waiting:
            self.wake_at(min(waiting))


class Deadlines(Generic[Item]):
    """Items in the order of their deadlines. All wait equally long, so appending keeps order.

    Nothing is ever taken out early: `due` has to tell whether the deadline still matters, by
    comparing `when` with what `add` returned.
    """

    __slots__ = ("_due", "_wheel", "delay", "entries")

    def __init__(self, wheel: Wheel, delay: float, due: Callable[[Item, float], None]) -> None:
        self.delay = delay
        self.entries: deque[tuple[float, Item]] = deque()
        self._wheel = wheel
        self._due = due

    def add(self, item: Item, since: float = 0.0) -> float:
        """Start the item's delay now, or at a moment just passed; returns its deadline."""
        when = max(since, self._wheel.now() - FORGIVEN if since else self._wheel.now()) + self.delay
        self.entries.append((when, item))
        self._wheel.wake_at(when)
        return when

    def serve(self, limit: float) -> None:
        entries = self.entries
        while entries and entries[0][0] <= limit:
            when, item = entries.popleft()
            self._due(item, when)
