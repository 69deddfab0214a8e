"""Deletes messages whose time is over: the jobs, which go on where they were."""

import asyncio
from collections import defaultdict

from echosphere.core.clock import HOUR, MINUTE
from echosphere.database import Database
from echosphere.jobs import JobRunner
from echosphere.memberships.aging.remove import AT_ONCE, RemoveExpired, RemoveOutdated
from echosphere.memberships.store import aging

PAUSE = 0.05
"""Seconds between two transactions of a sweep: who writes meanwhile does not wait for all of it."""


class AgingSweeps:
    """Runs the jobs.

    Args:
        database: Where messages are.
        retention_days: How long the server keeps messages; 0 for ever.
    """

    def __init__(self, database: Database, retention_days: int) -> None:
        self._database = database
        self._days = retention_days

    def register(self, jobs: JobRunner) -> None:
        """Register the jobs."""
        jobs.every("messages.expire", MINUTE, self.expire)
        jobs.every("messages.retain", HOUR, self.retain)

    async def expire(self) -> None:
        """Delete the messages that were to disappear by now, at most `AT_ONCE` in a transaction."""
        while due := await self._database.read(aging.expired_messages, AT_ONCE):
            by_conversation: dict[str, list[int]] = defaultdict(list)
            for conversation, seq in due:
                by_conversation[conversation].append(seq)
            for conversation, seqs in by_conversation.items():
                await self._database.write(RemoveExpired(conversation, seqs))
            await asyncio.sleep(PAUSE)

    async def retain(self) -> None:
        """Delete what is older than the server or the owner of its group keeps messages."""
        after = ""
        while page := await self._database.read(aging.conversations_with_old, after, self._days):
            for conversation in page.due:
                await self._retain_in(conversation)
            if page.last is None:
                return
            after = page.last

    async def _retain_in(self, conversation: str) -> None:
        more = True
        while more:
            more = await self._database.write(RemoveOutdated(conversation, self._days))
            await asyncio.sleep(PAUSE)
