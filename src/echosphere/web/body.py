"""Request bodies in bounded memory: a sender is not read faster than the handler takes."""

import asyncio
from collections.abc import Generator
from typing import Any

from hypercorn.typing import ASGIReceiveCallable
from quart import Quart, Request
from quart.asgi import ASGIHTTPConnection
from quart.wrappers.request import Body
from werkzeug.exceptions import RequestEntityTooLarge

MAX_WAITING = 256 * 1024
"""Bytes of one request that wait in memory for the handler."""


class PacedBody(Body):
    """A body that is either taken in pieces, of any length, or at once, up to `MAX_WAITING`.

    Quart's own body grows as fast as the sender sends, whoever reads it, and nobody may.
    """

    def __init__(self, expected: int | None, _limit: int | None) -> None:
        super().__init__(None, None)
        self._expected = expected or 0
        self._room = asyncio.Event()
        self._room.set()

    async def __anext__(self) -> bytes:
        piece = await super().__anext__()
        self._room.set()
        return piece

    def __await__(self) -> Generator[Any, None, Any]:
        if self._expected > MAX_WAITING:
            raise RequestEntityTooLarge
        waiting = asyncio.ensure_future(self._complete_or_full())
        yield from waiting.__await__()
        return bytes(self._data)

    async def _complete_or_full(self) -> None:
        while not self._complete.is_set():
            await self._has_data.wait()
            self._has_data.clear()
            self._refuse_too_much()
        self._refuse_too_much()

    def _refuse_too_much(self) -> None:
        if len(self._data) > MAX_WAITING:
            raise RequestEntityTooLarge

    def append(self, data: bytes) -> None:
        """Take what has arrived."""
        super().append(data)
        if len(self._data) > MAX_WAITING:
            self._room.clear()

    async def room(self) -> None:
        """Return when more may be read from the sender."""
        await self._room.wait()


class PacedRequest(Request):
    """A request with a paced body."""

    body_class: type[Body] = PacedBody


class PacedConnection(ASGIHTTPConnection):
    """Reads from the sender only while there is room."""

    async def handle_messages(self, request: Request, receive: ASGIReceiveCallable) -> None:
        """Hand what arrives to the request's body until the sender is gone."""
        body = request.body
        assert isinstance(body, PacedBody)  # noqa: S101 - set in the same place
        while True:
            await body.room()
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            if message["type"] == "http.request":
                body.append(message.get("body", b""))
                if not message.get("more_body", False):
                    body.set_complete()


def pace_bodies(app: Quart) -> None:
    """Make an application read request bodies in bounded memory."""
    app.request_class = PacedRequest
    app.asgi_http_class = PacedConnection
