"""Shares a few slots fairly among users and hosts, so that slow hosts delay no other user."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

MAX_RUNNING = 8
MAX_PER_USER = 1
MAX_PER_HOST = 2
MAX_WAITING_PER_USER = 4


@dataclass(eq=False, slots=True)
class _Waiter:
    user_id: str
    host: str
    granted: asyncio.Future[None]


class FairQueue:
    """Limits concurrent requests, in all, per user and per host.

    Of the requests that could start, the next is that of the user who was served longest ago: a
    user with many requests delays only themselves.

    Args:
        max_running: Slots in all.
        per_user: Slots that one user may hold.
        per_host: Slots that requests to one host may hold.
    """

    def __init__(
        self,
        max_running: int = MAX_RUNNING,
        per_user: int = MAX_PER_USER,
        per_host: int = MAX_PER_HOST,
    ) -> None:
        self._free = max_running
        self._per_user = per_user
        self._per_host = per_host
        self._users: Counter[str] = Counter()
        self._hosts: Counter[str] = Counter()
        self._waiting: list[_Waiter] = []
        self._last_served: dict[str, int] = {}
        self._served = 0

    def waiting_for(self, user_id: str) -> int:
        """Return how many requests of a user wait for a slot."""
        return sum(waiter.user_id == user_id for waiter in self._waiting)

    @asynccontextmanager
    async def slot(self, user_id: str, host: str) -> AsyncIterator[bool]:
        """Wait for a slot and hold it while the block runs; the value tells whether it had to wait."""
        waiter = _Waiter(user_id, host, asyncio.get_running_loop().create_future())
        self._waiting.append(waiter)
        self._dispatch()
        waits = not waiter.granted.done()
        try:
            await waiter.granted
            yield waits
        finally:
            if waiter in self._waiting:
                self._waiting.remove(waiter)
            else:
                self._release(waiter)
            self._forget(user_id)
            self._dispatch()

    def _dispatch(self) -> None:
        while self._free:
            ready = [waiter for waiter in self._waiting if self._may_start(waiter)]
            if not ready:
                return
            waiter = min(ready, key=lambda one: self._last_served.get(one.user_id, 0))
            self._waiting.remove(waiter)
            self._free -= 1
            self._users[waiter.user_id] += 1
            self._hosts[waiter.host] += 1
            self._served += 1
            self._last_served[waiter.user_id] = self._served
            waiter.granted.set_result(None)

    def _may_start(self, waiter: _Waiter) -> bool:
        return (
            self._users[waiter.user_id] < self._per_user
            and self._hosts[waiter.host] < self._per_host
            and not waiter.granted.done()  # a cancelled waiter is done too
        )

    def _release(self, waiter: _Waiter) -> None:
        self._free += 1
        for counter, key in ((self._users, waiter.user_id), (self._hosts, waiter.host)):
            counter[key] -= 1
            if not counter[key]:
                del counter[key]

    def _forget(self, user_id: str) -> None:
        """Keep the order of service only for users with requests."""
        if not self._users[user_id] and not self.waiting_for(user_id):
            self._last_served.pop(user_id, None)
