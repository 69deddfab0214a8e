"""Servers that tests put on ports of their own: of connections, and of requests by HTTP."""

import asyncio
import contextlib
from dataclasses import dataclass
from types import TracebackType
from typing import Self


class LocalServer:
    """Takes connections on a port of this machine while it is open; a subclass says what comes of them.

    Attributes:
        address: Where it listens.
    """

    def __init__(self) -> None:
        self.address = ""
        self._server: asyncio.Server | None = None
        self._serving: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    async def __aenter__(self) -> Self:
        """Begin to listen."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.address = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop listening, and break what is open."""
        assert self._server is not None
        self._server.close()
        self.break_off()
        await asyncio.gather(*self._serving, return_exceptions=True)

    def break_off(self) -> None:
        """Break all connections, whatever their tasks wait for."""
        for task, writer in self._serving.items():
            writer.transport.abort()
            task.cancel()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve a connection until it ends."""
        raise NotImplementedError

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._serving[task] = writer
        try:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                await self.serve(reader, writer)
        finally:
            del self._serving[task]
            writer.close()


@dataclass
class Received:
    """A request."""

    path: str
    headers: dict[str, str]
    body: bytes


class HttpServer(LocalServer):
    """Takes requests with a body; a subclass answers them."""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one request after the other."""
        while line := await reader.readline():
            path, headers = line.split()[1].decode(), {}
            while (header := (await reader.readline()).decode().strip()) != "":
                name, _, value = header.partition(": ")
                headers[name.lower()] = value
            body = await reader.readexactly(int(headers["content-length"]))
            await self.answer(writer, Received(path, headers, body))

    async def answer(self, writer: asyncio.StreamWriter, received: Received) -> None:
        """Answer a request."""
        raise NotImplementedError

    async def respond(
        self, writer: asyncio.StreamWriter, status: int, body: bytes = b"", headers: str = ""
    ) -> None:
        """Write a response; headers are whole lines."""
        head = f"HTTP/1.1 {status} So\r\nContent-Length: {len(body)}\r\n{headers}\r\n"
        writer.write(head.encode() + body)
        await writer.drain()
