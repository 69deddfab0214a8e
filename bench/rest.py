"""A light HTTP client: connections that stay open, JSON both ways, nothing else."""

import asyncio
import json
from typing import Any


class RestError(Exception):
    """The server answered with an error."""


class Rest:
    """Calls `/api/v1` of a server on this machine over a few connections.

    Args:
        port: Where the server listens.
        connections: How many calls may run at the same time.
    """

    def __init__(self, port: int, connections: int = 8) -> None:
        self._port = port
        self._free: asyncio.LifoQueue[Connection] = asyncio.LifoQueue()
        for _ in range(connections):
            self._free.put_nowait(Connection(port))

    async def call(
        self, method: str, path: str, body: object = None, token: str | None = None
    ) -> Any:
        """Make a call and return the decoded answer, None for an empty one.

        Raises:
            RestError: The status is not one of success.
        """
        head = [f"{method} /api/v1{path} HTTP/1.1", f"Host: 127.0.0.1:{self._port}"]
        if token is not None:
            head.append(f"Authorization: Bearer {token}")
        content = b""
        if body is not None:
            content = json.dumps(body).encode()
            head.append("Content-Type: application/json")
        head.append(f"Content-Length: {len(content)}")
        connection = await self._free.get()
        try:
            status, answer = await connection.ask("\r\n".join(head).encode(), content)
        finally:
            self._free.put_nowait(connection)
        if status >= 300:
            raise RestError(f"{method} {path}: {status} {answer.decode()}")
        return json.loads(answer) if answer else None

    async def close(self) -> None:
        """Close the connections."""
        while not self._free.empty():
            self._free.get_nowait().close()


class Connection:
    """One connection, opened when it is first needed.

    Args:
        port: Where the server listens.
    """

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, head: bytes, content: bytes) -> tuple[int, bytes]:
        """Send a request, without the empty line after its head, and return the status and body."""
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port, limit=2**20)
        reader, writer = self._streams
        writer.write(head + b"\r\n\r\n" + content)
        received = await reader.readuntil(b"\r\n\r\n")
        fields = received.lower().split(b"\r\n")
        lengths = [int(field[15:]) for field in fields if field.startswith(b"content-length:")]
        answer = await reader.readexactly(lengths[0]) if lengths else b""
        return int(received[9:12]), answer

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None
