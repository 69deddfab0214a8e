"""Looks every few seconds for changes that were committed and not delivered to this process's clients.

What processes tell each other is numbered, and clients notice a hole before an event. Neither helps
when the last event never left: when a process ended between its commit and telling it, or lost the
connection to the database in the middle of a commit that held. The database knows.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import suppress
from random import SystemRandom
from time import monotonic

from echosphere.realtime.delivery.relay import ChangedConversation, Relay

INTERVAL = 5.0
"""Seconds between two sweeps, more or less a fifth: processes that started together drift apart."""

GRACE_SECONDS = 1.0
"""An event that is found missing may be on its way."""

SPREAD_SECONDS = 2.0
"""Within which the members of all conversations found are told, since they all ask then."""

LONGEST_WRITE = 15.0
"""Seconds after which a write that was begun is committed, or never will be."""

Marks = tuple[int, int]
"""Up to which messages, and changes of other kinds, everything has been looked at."""

FindChanged = Callable[[Marks | None], Awaitable[tuple[Marks, Sequence[tuple[str, int, int]]]]]
"""Returns the marks of this moment and what changed after earlier ones (None: nothing); of each
conversation its id, `version` and `members_version`."""

FindLeft = Callable[[str, int], Awaitable[Collection[str]]]
"""Returns who left a conversation after a version of it."""

random = SystemRandom()
log = logging.getLogger(__name__)


class Sweep:
    """Compares what the database says of recent changes with what was delivered here.

    It reads again what it read before, as far as a write that takes its time may have been numbered
    before others and committed after them.

    Args:
        relay: Knows what was delivered.
        find: Reads recent changes.
        find_left: Reads who left, and is to learn that.
        clock: Seconds from a monotonic clock.
    """

    def __init__(
        self,
        relay: Relay,
        find: FindChanged,
        find_left: FindLeft,
        *,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._relay = relay
        self._find = find
        self._find_left = find_left
        self._clock = clock
        self._earlier: deque[tuple[float, Marks]] = deque()
        self._task: asyncio.Task[None] | None = None
        self.found = 0
        """How many conversations had a change that had not been delivered."""

    def start(self) -> None:
        """Sweep from now on."""
        self._task = asyncio.create_task(self._run(), name="sweep")

    async def stop(self) -> None:
        """Sweep no more."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    def begin_again(self) -> None:
        """Forget everything: the database may be an older copy, which gives numbers again."""
        self._earlier = deque()
        self._relay.begin_again()

    async def sweep(self) -> None:
        """Find what was not delivered, and have those concerned fetch it."""
        began = self._clock()
        earlier = self._earlier
        marks, changed = await self._find(self._low_marks())
        if earlier is not self._earlier:
            return
        self._earlier.append((began, marks))
        late = self._undelivered(changed)
        if late:
            await asyncio.sleep(GRACE_SECONDS)
        for one in self._undelivered(late):
            await self._tell(one)
            await asyncio.sleep(min(SPREAD_SECONDS / len(late), 0.1))

    def _low_marks(self) -> Marks | None:
        """Return marks of before the writes that were running at the last sweep."""
        earlier = self._earlier
        while len(earlier) > 1 and earlier[1][0] <= earlier[-1][0] - LONGEST_WRITE:
            earlier.popleft()
        return earlier[0][1] if earlier else None

    def _undelivered(self, changed: Sequence[tuple[str, int, int]]) -> list[ChangedConversation]:
        some = (ChangedConversation(*one) for one in changed)
        return [one for one in some if self._relay.latest(one.id) < one.version]

    async def _tell(self, changed: ChangedConversation) -> None:
        delivered = self._relay.latest(changed.id)
        left: Collection[str] = ()
        if changed.members_version > delivered:
            left = await self._find_left(changed.id, delivered)
        self.found += 1
        self._relay.tell_behind(changed, left)

    async def _run(self) -> None:
        failed = False
        while True:
            await asyncio.sleep(INTERVAL * random.uniform(0.8, 1.2))
            try:
                await self.sweep()
                failed = False
            except Exception as error:
                if not failed:  # once, and not every five seconds while the database is away
                    log.warning("Recent changes could not be compared: %s", error)
                failed = True
