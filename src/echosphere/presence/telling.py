"""Decides when the others are told that somebody came, went or looked away: not too often."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from time import monotonic

from echosphere.presence.attendance import Attendance, Status

PAUSE = 2.0
"""Seconds between two changes of one person, at least."""

SLACK = 0.005
"""Seconds: a timer may go off a moment before the time it was set for."""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Known:
    """What is known of one person.

    Attributes:
        status: What they were when that was last looked at; None for: look again.
        at: When that was, in seconds of a clock that never goes back.
    """

    status: Status | None = Status.OFFLINE
    at: float = float("-inf")
    timer: asyncio.TimerHandle | None = None
    telling: bool = False


class Telling:
    """Has `tell` called for a person whose status changed, once the change has lasted.

    Args:
        attendance: Who is here.
        tell: Tells those concerned about one person, as they are at that moment.
    """

    def __init__(
        self, attendance: Attendance, tell: Callable[[str, Status], Awaitable[None]]
    ) -> None:
        self._attendance = attendance
        self._tell = tell
        self._people: dict[str, Known] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def consider(self, person: str, *, again: bool = False) -> None:
        """Something about a person may have changed.

        Args:
            person: Who.
            again: Tell even if they are what they were: others may see it differently now.
        """
        if again and person not in self._people:
            return
        known = self._people.setdefault(person, Known())
        if again:
            known.status = None
        if known.timer is not None:
            known.timer.cancel()
            known.timer = None
        if not known.telling:
            self._plan(person, known)

    async def stop(self) -> None:
        """Tell nobody anything any more."""
        for known in self._people.values():
            if known.timer is not None:
                known.timer.cancel()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _plan(self, person: str, known: Known) -> None:
        gone_at = self._attendance.gone_at(person)
        due = known.at + PAUSE
        if self._attendance.status_of(person) == known.status:
            if gone_at is None:
                return
            due = max(due, gone_at)
        wait = max(0.0, due - monotonic())
        known.timer = _later(wait + SLACK if wait else 0.0, self._begin, person, known)

    def _begin(self, person: str, known: Known) -> None:
        known.timer = None
        known.telling = True
        task = asyncio.get_running_loop().create_task(self._run(person, known))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run(self, person: str, known: Known) -> None:
        known.status = self._attendance.status_of(person)
        known.at = monotonic()
        try:
            await self._tell(person, known.status)
        except Exception as error:
            log.warning("Nobody could be told who came or went; trying again: %s", error)
            known.status = None
        known.telling = False
        self._plan(person, known)
        if known.timer is None and known.status is Status.OFFLINE:
            known.timer = _later(PAUSE, self._forget, person, known)

    def _forget(self, person: str, known: Known) -> None:
        if self._people.get(person) is known:
            del self._people[person]


def _later(
    seconds: float, then: Callable[[str, Known], None], person: str, known: Known
) -> asyncio.TimerHandle:
    return asyncio.get_running_loop().call_later(seconds, then, person, known)
