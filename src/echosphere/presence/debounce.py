"""Limits how often a user's changes of presence are broadcast, and joins fast ones into one."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from time import monotonic

from echosphere.core.background import BackgroundTasks
from echosphere.presence.tracker import PresenceTracker, Status

MIN_INTERVAL = 2.0
"""Seconds between two broadcasts of one user."""

TIMER_SLACK = 0.005
"""Seconds: a timer may fire a moment early."""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class PendingChange:
    """What was last broadcast of a user, and the timer of the next broadcast.

    Attributes:
        status: The status that was last broadcast; None forces the next broadcast.
        at: When that was, in seconds of a monotonic clock.
    """

    status: Status | None = Status.OFFLINE
    at: float = float("-inf")
    timer: asyncio.TimerHandle | None = None
    is_sending: bool = False


class PresenceDebouncer:
    """Calls `broadcast` for users whose status changed and stayed changed.

    Args:
        tracker: The current statuses.
        broadcast: Sends one user's status at that moment.
    """

    def __init__(
        self, tracker: PresenceTracker, broadcast: Callable[[str, Status], Awaitable[None]]
    ) -> None:
        self._tracker = tracker
        self._broadcast = broadcast
        self._pending: dict[str, PendingChange] = {}
        self._tasks = BackgroundTasks()

    def schedule(self, user_id: str, *, force: bool = False) -> None:
        """Broadcast a user's status soon, if it differs from the last one that was broadcast.

        Args:
            user_id: The user.
            force: Broadcast an unchanged status too: its audience may have changed.
        """
        if force and user_id not in self._pending:
            return
        pending = self._pending.setdefault(user_id, PendingChange())
        if force:
            pending.status = None
        if pending.timer is not None:
            pending.timer.cancel()
            pending.timer = None
        if not pending.is_sending:
            self._set_timer(user_id, pending)

    def note_other(self, user_id: str, *, gone: bool) -> None:
        """Note that another process has broadcast a user's status.

        Args:
            user_id: The user.
            gone: Whether the user has no device any more, here or there.
        """
        pending = self._pending.get(user_id)
        if pending is not None:
            pending.status = None
            if gone and pending.timer is None and not pending.is_sending:
                del self._pending[user_id]

    async def stop(self) -> None:
        """Cancel all broadcasts."""
        for pending in self._pending.values():
            if pending.timer is not None:
                pending.timer.cancel()
        await self._tasks.cancel()

    def _set_timer(self, user_id: str, pending: PendingChange) -> None:
        offline_at = self._tracker.offline_at(user_id)
        due = pending.at + MIN_INTERVAL
        if self._tracker.status_of(user_id) == pending.status:
            if offline_at is None:
                return
            due = max(due, offline_at)
        wait = max(0.0, due - monotonic())
        delay = wait + TIMER_SLACK if wait else 0.0
        pending.timer = _call_later(delay, self._start_task, user_id, pending)

    def _start_task(self, user_id: str, pending: PendingChange) -> None:
        pending.timer = None
        pending.is_sending = True
        self._tasks.start(self._run(user_id, pending))

    async def _run(self, user_id: str, pending: PendingChange) -> None:
        pending.status = self._tracker.status_of(user_id)
        pending.at = monotonic()
        try:
            await self._broadcast(user_id, pending.status)
        except Exception as error:
            log.warning("A change of presence could not be sent; trying again: %s", error)
            pending.status = None
        pending.is_sending = False
        self._set_timer(user_id, pending)
        if pending.timer is None and pending.status is Status.OFFLINE:
            pending.timer = _call_later(MIN_INTERVAL, self._forget, user_id, pending)

    def _forget(self, user_id: str, pending: PendingChange) -> None:
        if self._pending.get(user_id) is pending:
            del self._pending[user_id]


def _call_later(
    seconds: float,
    callback: Callable[[str, PendingChange], None],
    user_id: str,
    pending: PendingChange,
) -> asyncio.TimerHandle:
    return asyncio.get_running_loop().call_later(seconds, callback, user_id, pending)
