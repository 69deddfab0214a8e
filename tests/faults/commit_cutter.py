"""A connection to PostgreSQL that can break at a commit: it is carried out, and no one is told."""

import asyncio
from contextlib import suppress

from tests.faults.forwarder import Forwarder

PAUSE = 0.3
"""Seconds in which PostgreSQL carries the commit out."""


class CommitCutter(Forwarder):
    """Forwards TCP connections to a port of this machine.

    Args:
        port: Where to.

    Attributes:
        cuts_after: The connection on which this is sent is cut behind the commit that follows it.
    """

    def __init__(self, port: int) -> None:
        super().__init__(port)
        self.cuts_after = b""

    async def _ask(
        self,
        reader: asyncio.StreamReader,
        back: asyncio.StreamWriter,
        writer: asyncio.StreamWriter,
        answers: asyncio.Task[None],
    ) -> None:
        is_marked = False
        with suppress(OSError):
            while piece := await reader.read(65_536):
                is_marked = is_marked or bool(self.cuts_after and self.cuts_after in piece)
                is_cut = is_marked and b"COMMIT" in piece
                if is_cut:
                    self.cuts_after = b""
                    answers.cancel()
                back.write(piece)
                await back.drain()
                if is_cut:
                    await asyncio.sleep(PAUSE)
                    writer.transport.abort()
                    break
        back.close()
