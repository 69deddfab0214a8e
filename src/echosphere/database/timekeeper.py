"""Corrects stored times when the clock of the machine jumps."""

import asyncio
import logging
from collections.abc import Callable, Sequence

from echosphere.core.clock import DAY, MINUTE, SteadyClock
from echosphere.database.database import Database
from echosphere.database.epochs import last_seen, record_last_seen
from echosphere.database.transaction import Transaction

CHECK_INTERVAL = 5.0
RECORD_EVERY = 12
"""Checks between two records of the time in the database."""

LONG_DOWNTIME = 7 * DAY
"""A longer downtime, or a jump of the clock that looks like one, does not age anything."""

ShiftTimes = Callable[[Transaction, int], None]
"""Shifts stored times by so many milliseconds, so that the ages measured from them stay the same."""

log = logging.getLogger(__name__)


class Timekeeper:
    """Shifts the stored times when a jump of the clock is confirmed.

    Args:
        database: The database with the times.
        clock: Detects jumps.
        shifts: Shift the times of each feature, in one transaction.
    """

    def __init__(
        self, database: Database, clock: SteadyClock, shifts: Sequence[ShiftTimes]
    ) -> None:
        self._database = database
        self._clock = clock
        self._shifts = shifts
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Compare the clock with the last run, then keep checking."""
        last, now = await self._database.read(last_seen), self._clock()
        if now < last - MINUTE:
            log.warning(
                "The machine's clock is %.0f s behind the last run; not accepted yet",
                (last - now) / 1000,
            )
            self._clock.start_at(last)
        elif last and now - last > LONG_DOWNTIME:
            log.warning("It is %.0f days since the last run", (now - last) / DAY)
            await self._database.write(self._shift_all, now - last)
        self._task = asyncio.create_task(self._run(), name="time")

    async def stop(self) -> None:
        """Stop checking."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})

    async def check(self) -> None:
        """Accept a jump that has lasted."""
        jump = self._clock.confirmed_jump()
        if not jump:
            return
        log.warning("The machine's clock is accepted: times move by %.0f s", jump / 1000)
        await self._database.write(self._shift_all, jump)
        self._clock.accept_jump()

    def _shift_all(self, transaction: Transaction, by: int) -> None:
        for shift in self._shifts:
            shift(transaction, by)

    async def _run(self) -> None:
        checks = 0
        while True:
            try:
                await self.check()
                if checks % RECORD_EVERY == 0:
                    await self._database.write(record_last_seen)
                checks += 1
            except Exception:
                log.warning("The time could not be recorded")
            await asyncio.sleep(CHECK_INTERVAL)
