"""Notices a worker that hangs: it has not ended, and says nothing any more."""

import asyncio
from collections.abc import Callable

BEAT_SECONDS = 1.0
"""Between two signs of life of a worker that serves, and between two looks of its parent."""

HESITATION = 3
"""Looks without a sign of life after which others get new connections, if there are others."""


class Silence:
    """How long a worker has been silent, counted in looks of its parent.

    Not in seconds: a parent that stood still itself, on a laptop that slept or a machine that swaps, finds
    much time gone when it goes on, and the words of its workers unread. It has looked once.

    Attributes:
        looks: How often the parent looked since it heard the worker.
    """

    def __init__(self) -> None:
        self.looks = 0

    def break_it(self) -> None:
        """Note that the worker said something."""
        self.looks = 0

    @property
    def is_long(self) -> bool:
        """Whether the worker may hang, so that it should get nothing new."""
        return self.looks > HESITATION


async def look_again_and_again(look: Callable[[], None]) -> None:
    """Look whether workers are silent, at a steady pace of the loop on which they are heard."""
    while True:
        await asyncio.sleep(BEAT_SECONDS)
        look()
