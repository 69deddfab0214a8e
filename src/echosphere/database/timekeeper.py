"""Keeps what depends on the time right when the machine's clock leaps."""

import asyncio
import logging
from collections.abc import Callable, Sequence

from sqlalchemy import update

from echosphere.core.clock import DAY, MINUTE, SteadyClock
from echosphere.database.database import Database
from echosphere.database.epochs import last_seen, note_seen
from echosphere.database.job_runner import NEVER
from echosphere.database.jobs import jobs
from echosphere.database.transaction import Transaction

LOOK_EVERY = 5.0
NOTED_EVERY = 12
"""Looks between two notes of the time in the database."""

LONG_AWAY = 7 * DAY
"""A server that was away for longer, or whose clock says so, counts that time for nobody's age."""

Move = Callable[[Transaction, int], None]
"""Moves times by so many milliseconds, so that what is measured from them stays the same."""

log = logging.getLogger(__name__)


class Timekeeper:
    """Moves the times from which ages are measured when a leap of the clock is confirmed.

    Args:
        database: Where the times are.
        clock: Tells of leaps.
        moves: How other features move theirs.
    """

    def __init__(self, database: Database, clock: SteadyClock, moves: Sequence[Move]) -> None:
        self._database = database
        self._clock = clock
        self._moves = moves
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Compare with the time at which a server ran last, then watch."""
        last, now = await self._database.read(last_seen), self._clock()
        if now < last - MINUTE:
            log.warning(
                "The machine's clock is %.0f s behind the last run; not believed yet",
                (last - now) / 1000,
            )
            self._clock.start_at(last)
        elif last and now - last > LONG_AWAY:
            log.warning("It is %.0f days since the last run", (now - last) / DAY)
            await self._database.write(self._move_all, now - last)
        self._task = asyncio.create_task(self._run(), name="time")

    async def stop(self) -> None:
        """Note the time and watch no more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})

    async def look(self) -> None:
        """Believe a leap that has lasted."""
        jump = self._clock.confirmed_jump()
        if not jump:
            return
        log.warning("The machine's clock is believed: times move by %.0f s", jump / 1000)
        await self._database.write(self._move_all, jump)
        self._clock.accept_jump()

    def _move_all(self, transaction: Transaction, by: int) -> None:
        for move in (move_jobs, *self._moves):
            move(transaction, by)

    async def _run(self) -> None:
        looks = 0
        while True:
            try:
                await self.look()
                if looks % NOTED_EVERY == 0:
                    await self._database.write(note_seen)
                looks += 1
            except Exception:
                log.warning("The time could not be noted")
            await asyncio.sleep(LOOK_EVERY)


def move_jobs(transaction: Transaction, by: int) -> None:
    """Plan all jobs anew that are not given up."""
    waiting = update(jobs).where(jobs.c.run_at < NEVER)
    transaction.execute(waiting.values(run_at=jobs.c.run_at + by))
