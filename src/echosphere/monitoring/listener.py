"""Serves `/metrics` at an address of its own, outside of the proxy."""

import asyncio
from collections.abc import Awaitable, Callable
from http import HTTPStatus

from echosphere.monitoring.metrics import Metrics

MAX_HEAD = 8 * 1024
TIMEOUT = 10.0
"""Seconds for a request and its response."""


class MetricsListener:
    """Answers only `GET /metrics`, without authentication.

    Args:
        collect: Returns the metrics.
        address: Where to listen.
    """

    def __init__(self, collect: Callable[[], Awaitable[bytes]], address: tuple[str, int]) -> None:
        self._collect = collect
        self._address = address
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Listen.

        Raises:
            RuntimeError: The address is in use or not of this machine.
        """
        host, port = self._address
        try:
            self._server = await asyncio.start_server(self._serve, host, port, limit=MAX_HEAD)
        except OSError as error:
            raise RuntimeError(
                f"ECHOSPHERE_METRICS_LISTEN: cannot listen on {host}:{port}: {error.strerror}."
            ) from error

    @property
    def port(self) -> int:
        """The port, also if the system chose it."""
        assert self._server is not None  # noqa: S101 - started
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def stop(self) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(TIMEOUT):
                head = await reader.readuntil(b"\r\n\r\n")
                writer.write(await self._answer(head))
                await writer.drain()
        except (OSError, TimeoutError, EOFError, asyncio.LimitOverrunError):
            pass  # the client disconnected, or sent no request
        finally:
            writer.close()

    async def _answer(self, head: bytes) -> bytes:
        method, _, rest = head.partition(b" ")
        path = rest.partition(b" ")[0].partition(b"?")[0]
        if method not in (b"GET", b"HEAD") or path != b"/metrics":
            return _response(HTTPStatus.NOT_FOUND, "text/plain", b"")
        found = await self._collect()
        answer = _response(HTTPStatus.OK, Metrics.content_type, found)
        return answer.removesuffix(found) if method == b"HEAD" else answer


def _response(status: HTTPStatus, content_type: str, body: bytes) -> bytes:
    return (
        f"HTTP/1.1 {status.value} {status.phrase}\r\ncontent-type: {content_type}\r\n"
        f"content-length: {len(body)}\r\ncache-control: no-store\r\nconnection: close\r\n\r\n"
    ).encode() + body
