"""Notices a worker that hangs: it has not ended, and says nothing any more."""

import asyncio
from collections.abc import Callable

HEARTBEAT_SECONDS = 1.0
"""Between two heartbeats of a worker that serves, and between two looks of its parent."""

HESITATION = 3
"""Looks without a heartbeat after which others get new connections, if there are others."""


class Heartbeat:
    """A worker's heartbeat, as its parent hears it.

    What is missed is counted in looks of the parent, not in seconds: a parent that stood still itself,
    on a laptop that slept or a machine that swaps, finds much time gone when it goes on, and the words
    of its workers unread. It has looked once.

    Attributes:
        missed: How often the parent looked since it heard the worker.
    """

    def __init__(self) -> None:
        self.missed = 0

    def heard(self) -> None:
        """Note that the worker said something."""
        self.missed = 0

    @property
    def is_late(self) -> bool:
        """Whether the worker may hang, so that it should get nothing new."""
        return self.missed > HESITATION


async def look_again_and_again(look: Callable[[], None]) -> None:
    """Look for missed heartbeats, at a steady pace of the loop on which workers are heard."""
    while True:
        await asyncio.sleep(HEARTBEAT_SECONDS)
        look()
