"""HTTP as bytes: requests that no well-behaved client would send."""

import asyncio
import contextlib
import json
import ssl
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

PATIENCE = 20.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; status 0 when the server closed the connection without a word."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def is_problem(self) -> bool:
        """Whether it is a problem document that agrees with its status."""
        if self.headers.get("content-type") != "application/problem+json":
            return False
        problem: Any = json.loads(self.body)
        return bool(problem["status"] == self.status and problem["code"] and problem["detail"])


async def send_raw(base: str, request: bytes, *, end: bool = False) -> Answer:
    """Send bytes as they are and return the first answer; `end` closes our side after them."""
    place = urlsplit(base)
    reader, writer = await asyncio.open_connection(
        place.hostname,
        place.port,
        ssl=ssl.create_default_context() if place.scheme == "https" else None,
    )
    try:
        async with asyncio.timeout(PATIENCE):
            with contextlib.suppress(ConnectionError):
                writer.write(request)
                await writer.drain()
                if end:
                    writer.write_eof()
            return await _read_answer(reader)
    finally:
        writer.transport.abort()  # what was not sent need not be
        with contextlib.suppress(OSError):
            await writer.wait_closed()


def request_bytes(
    method: str, target: str, headers: dict[str, str] | None = None, body: bytes = b""
) -> bytes:
    """Return a request; its length is told truly unless the headers say otherwise."""
    told = {"Host": "127.0.0.1", "Connection": "close", **(headers or {})}
    if body and "Content-Length" not in told and "Transfer-Encoding" not in told:
        told["Content-Length"] = str(len(body))
    lines = "".join(f"{name}: {value}\r\n" for name, value in told.items())
    return f"{method} {target} HTTP/1.1\r\n{lines}\r\n".encode("latin-1") + body


async def _read_answer(reader: asyncio.StreamReader) -> Answer:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return Answer(0, {}, b"")
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines if line)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    body = b""
    with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
        body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Answer(int(first.split(" ")[1]), headers, body)
