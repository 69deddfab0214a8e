"""Has every connected client compare what it holds, because something may not have been pushed."""

import asyncio
from random import SystemRandom
from typing import Any

from echosphere.realtime.socketio import Frame, Server

SPREAD_SECONDS = 5.0
"""Within which all clients are told: together, they would all ask at once."""

random = SystemRandom()


class CatchUp:
    """Tells all sockets that they are behind.

    Args:
        server: The sockets.
        behind: The frame that tells it.
    """

    def __init__(self, server: Server, behind: Frame) -> None:
        self._server = server
        self._behind = behind
        self._timers: set[asyncio.TimerHandle] = set()
        self._again = False

    def schedule(self) -> None:
        """Tell all who are connected now, spread over `SPREAD_SECONDS`."""
        if self._timers:
            self._again = True  # those who were told already may have missed this as well
            return
        loop = asyncio.get_running_loop()
        steps = 20
        shares: list[list[Any]] = [[] for _ in range(steps)]
        for socket in self._server.sockets:
            random.choice(shares).append(socket)
        for step, sockets in enumerate(shares):
            self._later(loop, SPREAD_SECONDS * step / steps, sockets)

    def close(self) -> None:
        """Tell no one any more."""
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()

    def _later(self, loop: asyncio.AbstractEventLoop, seconds: float, sockets: list[Any]) -> None:
        def tell() -> None:
            self._timers.discard(timer)
            for socket in sockets:
                socket.send(self._behind)
            if not self._timers and self._again:
                self._again = False
                self.schedule()

        timer = loop.call_later(seconds, tell)
        self._timers.add(timer)
