"""A connection to another server that can go silent: connections stay open, and nothing passes."""

import asyncio

from tests.faults.forwarder import Forwarder


class SilentProxy(Forwarder):
    """Forwards TCP connections to a port of this machine, as long as it speaks.

    Args:
        port: Where to.
    """

    def __init__(self, port: int) -> None:
        super().__init__(port)
        self._speaks = asyncio.Event()
        self._speaks.set()

    def lead_to(self, port: int) -> None:
        """Lead new connections to another port; those that are open stay where they are."""
        self._to = port

    def fall_silent(self) -> None:
        """Take what is sent and pass nothing on, in both directions."""
        self._speaks.clear()

    def speak(self) -> None:
        """Pass on what was held back, and what comes."""
        self._speaks.set()

    async def _may_pass(self) -> None:
        await self._speaks.wait()
