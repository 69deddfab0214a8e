"""One timer for all deadlines of a server, however many connections it has."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Item = TypeVar("Item")

# Deadlines this close together are served by one wake-up of the loop.
RESOLUTION = 0.005

# A wake-up that is late by less than this counts from when it was due. A later one means that the
# server was busy, which must not shorten the clients' time.
LATENESS_TOLERANCE = 0.05


class TimerWheel:
    """Wakes the loop for the earliest deadline of its queues; no timer per connection."""

    __slots__ = ("_loop", "_queues", "_timer", "_when")

    def __init__(self) -> None:
        self._queues: list[DeadlineQueue[object]] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._when = float("inf")

    def add_queue(self, delay: float, due: Callable[[Item, float], None]) -> DeadlineQueue[Item]:
        """Return a queue that calls `due(item, when)` a fixed delay after `add(item)`."""
        queue: DeadlineQueue[Item] = DeadlineQueue(self, delay, due)
        self._queues.append(queue)  # type: ignore[arg-type]
        return queue

    def now(self) -> float:
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
        return self._loop.time()

    def wake_at(self, when: float) -> None:
        """Wake the loop at this time or earlier."""
        if when >= self._when:
            return
        if self._timer is not None:
            self._timer.cancel()
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
        self._when = when
        self._timer = self._loop.call_at(when, self._tick)

    def stop(self) -> None:
        """Drop every deadline."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None
        self._when = float("inf")
        for queue in self._queues:
            queue.entries.clear()

    def _tick(self) -> None:
        self._timer = None
        self._when = float("inf")
        limit = self.now() + RESOLUTION
        for queue in self._queues:
            queue.expire(limit)
        waiting = [queue.entries[0][0] for queue in self._queues if queue.entries]
        if waiting:
            self.wake_at(min(waiting))


class DeadlineQueue(Generic[Item]):
    """Items in the order of their deadlines. All have the same delay, so appending keeps the order.

    Items are never removed early: `due` compares `when` with what `add` returned to find out whether
    the deadline still applies.
    """

    __slots__ = ("_due", "_wheel", "delay", "entries")

    def __init__(self, wheel: TimerWheel, delay: float, due: Callable[[Item, float], None]) -> None:
        self.delay = delay
        self.entries: deque[tuple[float, Item]] = deque()
        self._wheel = wheel
        self._due = due

    def add(self, item: Item, since: float = 0.0) -> float:
        """Start the item's delay now, or at a moment just passed; returns its deadline."""
        when = (
            max(since, self._wheel.now() - LATENESS_TOLERANCE if since else self._wheel.now())
            + self.delay
        )
        self.entries.append((when, item))
        self._wheel.wake_at(when)
        return when

    def expire(self, limit: float) -> None:
        entries = self.entries
        while entries and entries[0][0] <= limit:
            when, item = entries.popleft()
            self._due(item, when)
