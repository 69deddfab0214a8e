"""Request bodies in bounded memory: a sender is not read faster than the handler takes."""

import asyncio
from typing import Any
from urllib.parse import parse_qsl

from quart import Quart, Request
from werkzeug.exceptions import RequestEntityTooLarge, RequestTimeout

from echosphere.web.proxies import AsgiApp, Scope

MAX_WAITING = 256 * 1024
"""Bytes of a body that is taken at once, in memory."""

BODY_TIMEOUT = 60.0
"""Seconds that such a body may take to arrive."""

FORM = "application/x-www-form-urlencoded"
_KEY = "echosphere.body"


class ClientLeftError(Exception):
    """The client went away while its body was being read."""


class RequestBody:
    """The body of one request, in the pieces in which it arrives; each is handed out once.

    Args:
        receive: The server's ASGI function; it is called when a piece is wanted, not before.
    """

    def __init__(self, receive: Any) -> None:
        self._receive = receive
        self._reading = asyncio.Lock()
        self._piece = b""
        self._left = False
        self._ended = asyncio.Event()
        self._closed = asyncio.Event()

    def __aiter__(self) -> "RequestBody":
        return self

    async def __anext__(self) -> bytes:
        while not self._piece:
            if self._left:
                raise ClientLeftError
            if self._ended.is_set():
                raise StopAsyncIteration
            await self._read()
        piece, self._piece = self._piece, b""
        return piece

    async def whole(self, most: int, seconds: float | None = None) -> bytes:
        """Return all of it.

        Raises:
            RequestEntityTooLarge: It has more than `most` bytes; the rest is not read.
            RequestTimeout: It takes too long.
            ClientLeftError: It will never be complete.
        """
        pieces = bytearray()
        try:
            async with asyncio.timeout(BODY_TIMEOUT if seconds is None else seconds):
                async for piece in self:
                    pieces += piece
                    if len(pieces) > most:
                        raise RequestEntityTooLarge
        except TimeoutError:
            raise RequestTimeout from None
        return bytes(pieces)

    async def client_left(self) -> None:
        """Return when the client has gone, or has been answered.

        Of the body at most one piece is read for that. Who leaves in the middle of the body is
        left to the handler that reads it: it must not be told twice, the second time while it
        clears away what it began.
        """
        await self._read()
        await self._ended.wait()
        if self._left:
            await self._closed.wait()
        while not self._closed.is_set():
            if (await self._receive())["type"] == "http.disconnect":
                return

    def close(self) -> None:
        """The request has been answered: what is left of the body will not be read."""
        self._ended.set()
        self._closed.set()

    async def _read(self) -> None:
        async with self._reading:
            if self._piece or self._ended.is_set():
                return
            message = await self._receive()
            self._left = message["type"] == "http.disconnect"
            self._piece = message.get("body", b"")
            if not message.get("more_body", False):
                self._ended.set()


class BoundedBodies:
    """ASGI middleware: the application sees empty bodies, handlers read them by `body_of`.

    Frameworks take in a body as fast as its sender sends, whoever reads it, and nobody may.
    """

    def __init__(self, app: AsgiApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        body = RequestBody(receive)
        told = False

        async def receive_without_body() -> Any:
            nonlocal told
            if told:
                await body.client_left()
                return {"type": "http.disconnect"}
            told = True
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send_and_note_the_end(message: Any) -> None:
            await send(message)
            if message["type"] == "http.response.body" and not message.get("more_body", False):
                body.close()

        await self._app({**scope, _KEY: body}, receive_without_body, send_and_note_the_end)


def bound_bodies(app: Quart) -> None:
    """Have an application's handlers read bodies in bounded memory and time."""
    app.asgi_app = BoundedBodies(app.asgi_app)  # type: ignore[method-assign, assignment]


def body_of(request: Request) -> RequestBody:
    """Return the body of a request."""
    scope: Any = request.scope
    body: RequestBody = scope[_KEY]
    return body


async def whole_body(request: Request, most: int = MAX_WAITING) -> bytes:
    """Return the body of a request at once.

    Raises:
        RequestEntityTooLarge: It has more than `most` bytes, or says so.
        RequestTimeout: It takes too long.
    """
    if (request.content_length or 0) > most:
        raise RequestEntityTooLarge
    return await body_of(request).whole(most)


async def form_of(request: Request, most: int = MAX_WAITING) -> dict[str, str]:
    """Return the fields of a page's form; of those with one name the first.

    Raises:
        RequestEntityTooLarge: It has more than `most` bytes, or says so.
        RequestTimeout: It takes too long.
    """
    sent = await whole_body(request, most)
    if request.mimetype != FORM:
        return {}
    fields = parse_qsl(sent.decode(errors="replace"), keep_blank_values=True)
    return dict(reversed(fields))
