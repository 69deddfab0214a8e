"""Corrects stored times when the clock of the machine jumps."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Self

from echosphere.core.clock import DAY, MINUTE, Clock, SteadyClock
from echosphere.database.command import Command
from echosphere.database.database import Database
from echosphere.database.epochs import RecordLastSeen, last_seen
from echosphere.database.idempotency import shift_keys
from echosphere.database.transaction import Provided, Transaction

CHECK_INTERVAL = 5.0
RECORD_EVERY = 12
"""Checks between two records of the time in the database."""

LONG_DOWNTIME = 7 * DAY
"""A longer downtime, or a clock jump that looks like one, does not make anything older."""

ShiftTimes = Callable[[Transaction, int], None]
"""Shifts stored times by a number of milliseconds, so that the ages they stand for stay the same."""

SHIFTS: Provided[Sequence[ShiftTimes]] = Provided("the shifts of stored times")

log = logging.getLogger(__name__)


class ShiftAllTimes(Command[None]):
    """Shift the stored times of all features by a number of milliseconds."""

    by: int

    def run(self, transaction: Transaction) -> None:
        """Shift them."""
        for shift in (shift_keys, *SHIFTS.of(transaction)):
            shift(transaction, self.by)


class ClockJumpCorrector:
    """Shifts the stored times when a jump of the clock is confirmed.

    Args:
        database: The database with the times.
        clock: Detects jumps.
        shifts: The functions that shift the times of each feature, in one transaction.
    """

    def __init__(
        self, database: Database, clock: SteadyClock, shifts: Sequence[ShiftTimes]
    ) -> None:
        self._database = database
        self._clock = clock
        database.provide(SHIFTS, shifts)
        self._task: asyncio.Task[None] | None = None

    @classmethod
    def of(cls, database: Database, clock: Clock, shifts: Sequence[ShiftTimes]) -> Self | None:
        """Return one for a clock that notices jumps; None for any other."""
        return cls(database, clock, shifts) if isinstance(clock, SteadyClock) else None

    async def start(self) -> None:
        """Compare the clock with the time of the last run, then check it regularly."""
        last, now = await self._database.read(last_seen), self._clock()
        if now < last - MINUTE:
            log.warning(
                "The machine's clock is %.0f s behind the last run; not accepted yet",
                (last - now) / 1000,
            )
            self._clock.start_at(last)
        elif last and now - last > LONG_DOWNTIME and self._database.writes:
            log.warning("The last run was %.0f days ago", (now - last) / DAY)
            await self._database.write(ShiftAllTimes(now - last))
        self._task = asyncio.create_task(self._run(), name="time")

    async def stop(self) -> None:
        """Stop checking."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})

    async def check(self) -> None:
        """Accept a jump once it is confirmed."""
        jump = self._clock.confirmed_jump()
        if not jump:
            return
        log.warning(
            "The machine's clock was accepted: stored times are shifted by %.0f s", jump / 1000
        )
        if self._database.is_responsible():
            await self._database.write(ShiftAllTimes(jump))
        self._clock.accept_jump()
        for listener in tuple(self._database.after_clock_jump):
            await listener()

    async def _run(self) -> None:
        checks = 0
        while True:
            try:
                await self.check()
                if checks % RECORD_EVERY == 0 and self._database.writes:
                    await self._database.write(RecordLastSeen())
                checks += 1
            except Exception:
                log.warning("The time of this run could not be recorded")
            await asyncio.sleep(CHECK_INTERVAL)
