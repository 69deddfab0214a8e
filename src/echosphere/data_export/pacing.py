"""Leaves most of the server's time to people who write and read messages."""

import asyncio
from time import monotonic

STEP = 0.002
"""Seconds after which others come first; a page of the history takes about as long."""

MAX_REST = 0.5


class Pacer:
    """Rests after each step for as long as the step took: at most half of one core is used."""

    def __init__(self) -> None:
        self._began = monotonic()

    async def rest(self) -> None:
        """Let others go first, if it is time."""
        took = monotonic() - self._began
        if took >= STEP:
            await asyncio.sleep(min(took, MAX_REST))
            self._began = monotonic()
