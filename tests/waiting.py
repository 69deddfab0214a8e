"""Waits on the event loop until a condition is true."""

import asyncio
from collections.abc import Callable


async def until(holds: Callable[[], object], seconds: float = 60.0) -> None:
    """Wait until a condition holds; for long, since a busy machine is not wrong.

    Raises:
        TimeoutError: It does not yet.
    """
    async with asyncio.timeout(seconds):
        while not holds():
            await asyncio.sleep(0.01)
