"""Asks again, while sockets live, whether their sessions do: other processes end sessions too."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection

from echosphere.live.devices import Devices

CHECKED_EVERY = 5.0
"""Seconds."""

Living = Callable[[Collection[str]], Awaitable[Collection[str]]]
"""Returns which of these sessions are still alive."""

log = logging.getLogger(__name__)


async def watch_sessions(devices: Devices, living: Living) -> None:
    """Sign out sockets whose session is over, until cancelled."""
    while True:
        await asyncio.sleep(CHECKED_EVERY)
        known = devices.sessions()
        if not known:
            continue
        try:
            alive = set(await living(known))
        except Exception:
            log.exception("Sessions could not be checked; trying again")
            continue
        for session in known:
            if session not in alive:
                devices.sign_out(session)
