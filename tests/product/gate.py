"""A network between client and server: it can be cut and mended, and it can hold WebSockets up."""

import asyncio
import contextlib
import math
import ssl
from urllib.parse import urlsplit

from tests.product.local_server import LocalServer

PATIENCE = 20.0
"""Seconds until a test gives up waiting."""


class Gate(LocalServer):
    """Forwards connections to a server.

    Args:
        target: The server's address.

    Attributes:
        seen: The transports that were asked for, in the order of the requests.
    """

    def __init__(self, target: str) -> None:
        super().__init__()
        parts = urlsplit(target)
        self._target = (parts.hostname, parts.port)
        self._security = ssl.create_default_context() if parts.scheme == "https" else None
        self._writers: set[asyncio.StreamWriter] = set()
        self._is_whole = True
        self._pieces_that_pass = math.inf
        self._more_may_pass = asyncio.Event()
        self._is_holding = asyncio.Event()
        self.seen: list[str] = []

    def break_off(self) -> None:
        """Cut everything for good."""
        self.cut()
        self.let_websockets_send()

    def cut(self) -> None:
        """Break all connections, and let no one through until mended."""
        self._is_whole = False
        for writer in tuple(self._writers):
            writer.transport.abort()

    def mend(self) -> None:
        """Let connections through again."""
        self._is_whole = True

    def let_websockets_send(self, pieces: float = math.inf) -> None:
        """Let each WebSocket send so many pieces, the request for it included, and hold the next.

        The second piece of one that takes a polling session over is its probe, the third says that
        from now on it carries the session.
        """
        self._pieces_that_pass = pieces
        self._is_holding.clear()
        self._more_may_pass.set()

    async def until_one_is_held(self) -> None:
        """Wait for a WebSocket that has sent all it may."""
        async with asyncio.timeout(PATIENCE):
            await self._is_holding.wait()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Forward a connection, unless the network is cut."""
        if self._is_whole:
            await self._forward(reader, writer)

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        theirs, ours = await asyncio.open_connection(*self._target, ssl=self._security)
        if not self._is_whole:
            ours.close()
            return
        self._writers |= {writer, ours}
        await asyncio.gather(self._upward(reader, ours), _pump(theirs, writer))
        self._writers -= {writer, ours}

    async def _upward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # A client sends the head of a request in one piece, also on a connection it uses again.
        pieces_of_websocket = 0
        with contextlib.suppress(OSError):
            while data := await reader.read(65_536):
                if b"transport=polling" in data:
                    self.seen.append("polling")
                elif b"transport=websocket" in data:
                    self.seen.append("websocket")
                    pieces_of_websocket = 1
                if pieces_of_websocket:
                    await self._hold(pieces_of_websocket)
                    pieces_of_websocket += 1
                writer.write(data)
                await writer.drain()
        writer.close()

    async def _hold(self, piece: int) -> None:
        while piece > self._pieces_that_pass:
            self._more_may_pass.clear()
            self._is_holding.set()
            await self._more_may_pass.wait()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    writer.close()
