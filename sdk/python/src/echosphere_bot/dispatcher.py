"""Hands events to handlers: in order within a conversation, several conversations at a time."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable

from echosphere_bot.cancelling import only_own_cancellation
from echosphere_bot.progress import ProgressKeeper
from echosphere_bot.wire import Event

log = logging.getLogger("echosphere_bot")

MAX_PENDING = 1_000
"""Events that were received and not handled: no more are received meanwhile."""


class Dispatcher:
    """Handles events.

    Args:
        handle: Handles one; what it raises counts as handled, unless this is cancelled.
        progress: Follows what is done.
        at_once: How many conversations are handled at the same time.
    """

    def __init__(
        self, handle: Callable[[Event], Awaitable[None]], progress: ProgressKeeper, at_once: int
    ) -> None:
        self._handle = handle
        self._progress = progress
        self._turns = asyncio.Semaphore(at_once)
        self._lanes: dict[str, deque[tuple[Event, Callable[[], None]]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._less = asyncio.Event()
        self._is_ending = False

    async def put(self, event: Event, cursor: str | None) -> None:
        """Take an event, unless it was received before; wait while there are too many."""
        while self._progress.pending >= MAX_PENDING:
            self._less.clear()
            await self._less.wait()
        entry = self._progress.receive(event.id, cursor)
        if entry is None:
            return
        lane = self._lanes.get(event.conversation)
        if lane is None:
            lane = self._lanes[event.conversation] = deque()
            task = asyncio.create_task(self._work(event.conversation, lane))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        lane.append((event, lambda: self._progress.finish(entry)))

    async def _work(self, conversation: str, lane: deque[tuple[Event, Callable[[], None]]]) -> None:
        try:
            while lane and not self._is_ending:
                event, finish = lane[0]
                async with self._turns:
                    await self._one(event)
                finish()
                self._less.set()
                lane.popleft()
        finally:
            del self._lanes[conversation]

    async def _one(self, event: Event) -> None:
        try:
            with only_own_cancellation():
                await self._handle(event)
        except Exception:
            log.exception("An event could not be handled", extra={"event": event.id})

    async def drain(self, seconds: float) -> None:
        """Wait for what is being handled; what takes longer is handled after the next start."""
        self._is_ending = True
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
