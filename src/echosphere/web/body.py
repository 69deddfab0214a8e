"""Request bodies with backpressure: the sender is not read faster than the handler consumes."""

import asyncio
from typing import Any
from urllib.parse import parse_qsl

from quart import Quart, Request
from werkzeug.exceptions import RequestEntityTooLarge, RequestTimeout

from echosphere.core.asgi import AsgiApp, Message, Receive, Scope, Send

MAX_WAITING = 256 * 1024
"""Bytes of a body that is read whole into memory."""

BODY_TIMEOUT = 60.0
"""Seconds in which such a body must arrive."""

FORM = "application/x-www-form-urlencoded"
_KEY = "echosphere.body"


class ClientDisconnectedError(Exception):
    """The client disconnected before its body was complete."""


class RequestBody:
    """The body of one request, an asynchronous iterator over the chunks as they arrive.

    Args:
        receive: The server's ASGI function, called only when a chunk is needed.
    """

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._reading = asyncio.Lock()
        self._chunk = b""
        self._disconnected = False
        self._ended = asyncio.Event()
        self._closed = asyncio.Event()

    def __aiter__(self) -> "RequestBody":
        return self

    async def __anext__(self) -> bytes:
        while not self._chunk:
            if self._disconnected:
                raise ClientDisconnectedError
            if self._ended.is_set():
                raise StopAsyncIteration
            await self._read()
        chunk, self._chunk = self._chunk, b""
        return chunk

    async def read_all(self, limit: int, seconds: float | None = None) -> bytes:
        """Return the whole body.

        Raises:
            RequestEntityTooLarge: It has more than `limit` bytes; the rest is not read.
            RequestTimeout: It takes too long.
            ClientDisconnectedError: The client disconnected.
        """
        content = bytearray()
        try:
            async with asyncio.timeout(BODY_TIMEOUT if seconds is None else seconds):
                async for chunk in self:
                    content += chunk
                    if len(content) > limit:
                        raise RequestEntityTooLarge
        except TimeoutError:
            raise RequestTimeout from None
        return bytes(content)

    async def wait_disconnected(self) -> None:
        """Return when the client has disconnected or been answered.

        Reads at most one chunk of the body. If the client disconnects within the body, only the
        handler that reads it is told: a cancellation would come during its cleanup.
        """
        await self._read()
        await self._ended.wait()
        if self._disconnected:
            await self._closed.wait()
        while not self._closed.is_set():
            if (await self._receive())["type"] == "http.disconnect":
                return

    def close(self) -> None:
        """Stop reading, because the request has been answered."""
        self._ended.set()
        self._closed.set()

    async def _read(self) -> None:
        async with self._reading:
            if self._chunk or self._ended.is_set():
                return
            message = await self._receive()
            self._disconnected = message["type"] == "http.disconnect"
            self._chunk = message.get("body", b"")
            if not message.get("more_body", False):
                self._ended.set()


class BoundedBodies:
    """ASGI middleware that hides bodies from the framework; handlers use `request_body`.

    Quart would read a body into memory as fast as it arrives, whether a handler reads it or not.
    """

    def __init__(self, app: AsgiApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        body = RequestBody(receive)
        delivered = False

        async def receive_without_body() -> Message:
            nonlocal delivered
            if delivered:
                await body.wait_disconnected()
                return {"type": "http.disconnect"}
            delivered = True
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send_and_close_body(message: Message) -> None:
            await send(message)
            if message["type"] == "http.response.body" and not message.get("more_body", False):
                body.close()

        await self._app({**scope, _KEY: body}, receive_without_body, send_and_close_body)


def bound_bodies(app: Quart) -> None:
    """Add `BoundedBodies` to an application."""
    app.asgi_app = BoundedBodies(app.asgi_app)  # type: ignore[method-assign, assignment]


def request_body(request: Request) -> RequestBody:
    """Return the body of a request."""
    scope: Any = request.scope
    body: RequestBody = scope[_KEY]
    return body


async def read_body(request: Request, limit: int = MAX_WAITING) -> bytes:
    """Return the whole body of a request.

    Raises:
        RequestEntityTooLarge: It has or declares more than `limit` bytes.
        RequestTimeout: It takes too long.
    """
    if (request.content_length or 0) > limit:
        raise RequestEntityTooLarge
    return await request_body(request).read_all(limit)


async def request_form(request: Request, limit: int = MAX_WAITING) -> dict[str, str]:
    """Return the fields of a URL-encoded form; the first of several with one name.

    Raises:
        RequestEntityTooLarge: It has or declares more than `limit` bytes.
        RequestTimeout: It takes too long.
    """
    sent = await read_body(request, limit)
    if request.mimetype != FORM:
        return {}
    fields = parse_qsl(sent.decode(errors="replace"), keep_blank_values=True)
    return dict(reversed(fields))
