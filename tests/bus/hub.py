"""A bus inside the test's event loop, which loses what the test wants lost."""

import asyncio
from collections.abc import Callable
from fnmatch import fnmatchcase

from echosphere.bus.bus import Receive

MAX_PAYLOAD = 1024 * 1024
"""Bytes of one message, as NATS has it by default."""


class Hub:
    """Joins the buses that are made of it; loses what `loses` names."""

    def __init__(self) -> None:
        self.members: list[HubBus] = []
        self.loses: Callable[[str], bool] = lambda _subject: False
        self.is_private = False

    def bus(self) -> "HubBus":
        """Return a new bus of it."""
        return HubBus(self)


class HubBus:
    """One process's connection to a hub."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self.is_private = hub.is_private
        self._subjects: list[str] = []

    async def start(self, receive: Receive, on_gap: Callable[[], None]) -> None:
        self._receive, self.break_connection = receive, on_gap
        self._hub.members.append(self)

    async def subscribe(self, subject: str) -> None:
        self._subjects.append(subject.replace(">", "*"))

    def publish(self, subject: str, data: bytes) -> None:
        if self._hub.loses(subject) or len(data) > MAX_PAYLOAD:
            return
        for other in self._hub.members:
            if other is not self and any(fnmatchcase(subject, one) for one in other._subjects):
                asyncio.get_running_loop().call_soon(other._receive, subject, data)

    async def ready(self) -> None:
        assert self in self._hub.members

    async def close(self) -> None:
        self._hub.members.remove(self)
