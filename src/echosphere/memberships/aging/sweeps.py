"""Deletes messages whose time is over: the jobs, which go on where they were."""

import asyncio
from collections import defaultdict

from echosphere.core.clock import HOUR, MINUTE
from echosphere.database import Database
from echosphere.jobs import JobRunner
from echosphere.memberships.aging.remove import (
    AT_ONCE,
    RemoveAgedHeld,
    RemoveExpired,
    RemoveOutdated,
)
from echosphere.memberships.store import aging
from echosphere.settings import LiveSettings

PAUSE = 0.05
"""Seconds between two transactions of a sweep: who writes meanwhile does not wait for all of it."""


class AgingSweeps:
    """Runs the jobs.

    Args:
        database: Where messages are.
        live: How long the server keeps messages.
    """

    def __init__(self, database: Database, live: LiveSettings) -> None:
        self._database = database
        self._live = live

    def register(self, jobs: JobRunner) -> None:
        """Register the jobs."""
        jobs.every("messages.expire", MINUTE, self.expire)
        jobs.every("messages.retain", HOUR, self.retain)
        jobs.every("messages.expire_held", MINUTE, self.expire_held)

    async def expire(self) -> None:
        """Delete the messages that were to disappear by now, at most `AT_ONCE` in a transaction."""
        while due := await self._database.read(aging.expired_messages, AT_ONCE):
            by_conversation: dict[str, list[int]] = defaultdict(list)
            for conversation, seq in due:
                by_conversation[conversation].append(seq)
            for conversation, seqs in by_conversation.items():
                await self._database.write(RemoveExpired(conversation, seqs))
            await asyncio.sleep(PAUSE)

    async def expire_held(self) -> None:
        """Delete what waits for a decision longer than messages are kept there."""
        days_of_server = self._live.current.retention_days
        due = await self._database.read(aging.conversations_with_aged_held, days_of_server)
        for conversation, days in due:
            more = True
            while more:
                more = await self._database.write(RemoveAgedHeld(conversation, days))
                await asyncio.sleep(PAUSE)

    async def retain(self) -> None:
        """Delete what is older than the server or the owner of its group keeps messages."""
        after, days = "", self._live.current.retention_days
        while page := await self._database.read(
            aging.conversations_with_expired_messages, after, days
        ):
            for conversation in page.due:
                await self._retain_in(conversation)
            if page.last is None:
                return
            after = page.last

    async def _retain_in(self, conversation: str) -> None:
        more = True
        while more:
            more = await self._database.write(
                RemoveOutdated(conversation, self._live.current.retention_days)
            )
            await asyncio.sleep(PAUSE)
