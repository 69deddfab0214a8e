"""Signs out sockets whose session was ended by another process."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection

from echosphere.core.errors import Unavailable
from echosphere.realtime.delivery.connected_devices import ConnectedDevices

CHECK_INTERVAL = 5.0
"""Seconds."""

ActiveSessions = Callable[[Collection[str]], Awaitable[Collection[str]]]
"""Returns which of these sessions are still active."""

log = logging.getLogger(__name__)


async def revoke_ended_sessions(devices: ConnectedDevices, active_sessions: ActiveSessions) -> None:
    """Check the sessions of all sockets every `CHECK_INTERVAL`, until cancelled."""
    while True:
        await asyncio.sleep(CHECK_INTERVAL)
        known = devices.session_ids()
        if not known:
            continue
        try:
            alive = set(await active_sessions(known))
        except Unavailable as error:
            log.warning("Could not check sessions; trying again: %s", error)
            continue
        except Exception:
            log.exception("Could not check sessions; trying again")
            continue
        for session_id in known:
            if session_id not in alive:
                devices.sign_out(session_id)
