"""Wakes endpoints when their bots hear of something, and finds those that were forgotten.

Posting costs nothing for it: an endpoint is one more reader of the log of events, and its job is
enqueued after the commit. If the process dies in between, the sweep finds the endpoint.
"""

import asyncio
import logging

from echosphere.bots import BotsHeard
from echosphere.core.clock import HOUR
from echosphere.core.errors import Refusal
from echosphere.database import Database
from echosphere.endpoints import store
from echosphere.endpoints.note import WakeEndpoints

DIED = 6 * HOUR
"""Milliseconds after which a job that was due has been given up: the runner tries for four hours."""

log = logging.getLogger(__name__)


class Waker:
    """Wakes the endpoints of bots, many at once when much happens.

    Args:
        database: Holds the endpoints.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._heard: set[str] = set()
        self._task: asyncio.Task[None] | None = None

    def wake(self, heard: BotsHeard) -> None:
        """Have the endpoints of these bots look; in the process that committed it."""
        self._heard.update(heard.bot_ids)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run(), name="endpoints")

    async def _run(self) -> None:
        while self._heard:
            bots, self._heard = sorted(self._heard), set()
            try:
                found = await self._database.read(store.active_endpoints_of, bots)
                if found:
                    await self._database.write(WakeEndpoints(tuple(found), for_new=True))
            except Refusal as refusal:  # the sweep finds them
                log.info("Endpoints will be woken later: %s", refusal)

    async def sweep(self) -> None:
        """Wake endpoints that have something to do and no job."""
        overdue = self._database.clock() - DIED
        found = await self._database.read(store.forgotten_endpoints, overdue)
        if found:
            await self._database.write(WakeEndpoints(tuple(found), overdue=overdue))
