"""Tells administrators that the figures they are looking at have changed.

Figures change all the time, and most of the time no one looks. So who has fetched some is told once
that there are newer ones, and again only after they fetched those: a closed page costs nothing.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress

from echosphere.accounts import Action, who_may
from echosphere.jobs import JobsChanged
from echosphere.platform import Platform
from echosphere.realtime.delivery import ToUsers
from echosphere.wire import AdministrationEvent

INTERVAL = 5.0
"""Seconds between two looks at the figures."""

log = logging.getLogger(__name__)


class FiguresWatch:
    """Compares the figures of each topic with those of the last look.

    Args:
        platform: Has the figures, and tells of them.
        connected: Returns who is connected, to whichever process.
    """

    def __init__(self, platform: Platform, connected: Callable[[], frozenset[str]]) -> None:
        self._platform = platform
        self._jobs_changed = 0
        self._measures: Mapping[str, Callable[[], object]] = {
            "health": self._health,
            "people": connected,
        }
        self._last = {topic: measure() for topic, measure in self._measures.items()}
        self._looking: dict[str, set[str]] = {topic: set() for topic in self._measures}
        self._task: asyncio.Task[None] | None = None
        platform.fan_out.listen_everywhere(JobsChanged, self._on_jobs_changed)

    def look(self, topic: str, user_id: str) -> None:
        """Note that a user fetches the figures of a topic."""
        self._looking[topic].add(user_id)

    async def start(self) -> None:
        """Begin to compare."""
        self._task = asyncio.create_task(self._run(), name="figures watch")

    async def stop(self) -> None:
        """End it."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(INTERVAL)
            try:
                await self.compare()
            except Exception:
                log.exception("Could not compare figures; trying again")

    async def compare(self) -> None:
        """Tell those who look at figures that have changed since the last time."""
        for topic, measure in self._measures.items():
            now = measure()
            if now == self._last[topic]:
                continue
            self._last[topic] = now
            if self._looking[topic]:
                await self._tell(topic)

    async def _tell(self, topic: str) -> None:
        looking, self._looking[topic] = self._looking[topic], set()
        allowed = await self._platform.database.read(who_may, Action.VIEW_ADMINISTRATION)
        told = allowed.intersection(looking)
        event = AdministrationEvent(topic, None)
        self._platform.fan_out.send([ToUsers(told, "administration", event)])

    def _health(self) -> object:
        numbers = self._platform.numbers()
        return numbers["people_online"], numbers["realtime_sockets"], self._jobs_changed

    def _on_jobs_changed(self, _event: JobsChanged) -> None:
        self._jobs_changed += 1
