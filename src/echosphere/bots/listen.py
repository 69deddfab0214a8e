"""Lets bots wait for events: a request until there are some, a socket as long as it lives."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from echosphere.bots.event import MAX_POLLS, Cursor
from echosphere.bots.hear import BotsHeard
from echosphere.bots.read import EventsPage, read_events
from echosphere.bots.store import NameLog
from echosphere.core.caller import Caller
from echosphere.core.errors import TooMany
from echosphere.database import Database

RECHECK = 4.0
"""Seconds after which a waiting bot looks again: whether it still may, and whether a word got lost."""

SETTLE = 0.05
"""Seconds between looks while other transactions are running that began before what happened."""

SETTLE_LOOKS = 40
"""Looks after which such a transaction is a long one, and others are spared the looks."""

ENOUGH = f"This bot is already waiting for events {MAX_POLLS} times. Send one request at a time."


class Listeners:
    """The bots that wait for events in this process.

    Args:
        database: Holds the events.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: dict[str, set[asyncio.Event]] = {}
        self.is_closed = False

    def wake(self, heard: BotsHeard) -> None:
        """Have these bots look."""
        for bot in heard.bot_ids:
            for woken in self._waiting.get(bot, ()):
                woken.set()

    def close(self) -> None:
        """Let nobody wait any more: the server is stopping."""
        self.is_closed = True
        for waiting in self._waiting.values():
            for woken in waiting:
                woken.set()

    @contextmanager
    def waiting(self, bot: str) -> Iterator[asyncio.Event]:
        """Return what is set when there is a word for a bot.

        Raises:
            TooMany: It waits often enough already.
        """
        waiting = self._waiting.setdefault(bot, set())
        if len(waiting) >= MAX_POLLS:
            raise TooMany(ENOUGH, retry_after=1)
        woken = asyncio.Event()
        waiting.add(woken)
        try:
            yield woken
        finally:
            waiting.discard(woken)
            if not waiting:
                self._waiting.pop(bot, None)

    async def read(
        self, caller: Caller, after: Cursor | None, types: frozenset[str] = frozenset()
    ) -> EventsPage:
        """Return the events after a cursor that there are now; see `read_events`."""
        page = await self._database.read(read_events, caller, after, types)
        if page is None:
            await self._database.write(NameLog())
            page = await self._database.read(read_events, caller, after, types)
        assert page is not None  # noqa: S101 - it has a name now
        return page

    async def next_events(
        self, caller: Caller, after: Cursor, types: frozenset[str], seconds: float
    ) -> EventsPage:
        """Return the events after a cursor, as soon as there are some, or after some seconds none."""
        ends = asyncio.get_running_loop().time() + seconds
        looks = SETTLE_LOOKS
        with self.waiting(caller.user_id) as woken:
            while True:
                woken.clear()
                page = await self.read(caller, after, types)
                left = ends - asyncio.get_running_loop().time()
                if page.events or left <= 0 or self.is_closed:
                    return page
                if page.cursor.position != after.position:
                    after = page.cursor  # some were left out, and there may be more
                    continue
                settles = page.unsettled and looks > 0
                looks -= settles
                if await _is_set(woken, min(left, SETTLE if settles else RECHECK)):
                    looks = SETTLE_LOOKS


async def _is_set(woken: asyncio.Event, seconds: float) -> bool:
    try:
        async with asyncio.timeout(seconds):
            await woken.wait()
    except TimeoutError:
        return False
    return True
