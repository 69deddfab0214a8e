"""A request's body is read no faster than it is used, and never whole into memory."""

import asyncio
from typing import Any

import pytest
from quart import Quart, request
from werkzeug.exceptions import RequestTimeout

from echosphere.core.asgi import Message
from echosphere.web.body import (
    MAX_WAITING,
    RequestBody,
    bound_bodies,
    read_body,
    request_body,
    request_form,
)
from echosphere.web.errors import CLIENT_CLOSED_REQUEST, handle_errors

CHUNK = 65_536


class Sender:
    """A client that sends zeros as fast as they are read, and counts them."""

    def __init__(self, app: Quart, path: str, length: int, *, announced: bool = False) -> None:
        self.app = app
        self.left = length
        self.leaves = False
        self.answered = asyncio.Event()
        self.sent = 0
        self.status = 0
        headers = [(b"host", b"here"), (b"content-type", b"application/x-www-form-urlencoded")]
        if announced:
            headers.append((b"content-length", str(length).encode()))
        self.scope: Any = {
            "type": "http", "method": "POST", "scheme": "http", "path": path, "headers": headers,
            "raw_path": path.encode(), "query_string": b"", "http_version": "1.1",
            "root_path": "", "asgi": {"version": "3.0"}, "extensions": {},
        }  # fmt: skip

    async def _receive(self) -> dict[str, Any]:
        await asyncio.sleep(0)
        if self.leaves and self.sent:
            return {"type": "http.disconnect"}
        if self.left <= 0 or self.answered.is_set():
            await self.answered.wait()
            return {"type": "http.disconnect"}
        piece = min(CHUNK, self.left)
        self.left -= piece
        self.sent += piece
        return {"type": "http.request", "body": bytes(piece), "more_body": self.left > 0}

    async def _send(self, message: Any) -> None:
        self.status = message.get("status", self.status)
        if message["type"] == "http.response.body" and not message.get("more_body"):
            self.answered.set()

    async def run(self) -> "Sender":
        """Make the request."""
        async with asyncio.timeout(10):
            await self.app(self.scope, self._receive, self._send)  # type: ignore[arg-type]
        return self


def application(may_read: asyncio.Event) -> Quart:
    """An application that takes bodies at once, in pieces, late, or not at all."""
    app = Quart("bodies")
    bound_bodies(app)
    handle_errors(app)

    async def whole() -> str:
        return str(len(await read_body(request)))

    async def form() -> str:
        return str(len(await request_form(request)))

    async def pieces() -> str:
        await may_read.wait()
        lengths = [len(piece) async for piece in request_body(request)]
        assert max(lengths) <= MAX_WAITING + CHUNK
        return str(sum(lengths))

    async def unread() -> str:
        await may_read.wait()
        return "done"

    for handler in (whole, form, pieces, unread):
        app.add_url_rule(f"/{handler.__name__}", view_func=handler, methods=["POST"])
    return app


async def test_a_sender_waits_for_a_handler_that_takes_pieces() -> None:
    may_read = asyncio.Event()
    sender = Sender(application(may_read), "/pieces", 100 * CHUNK)
    running = asyncio.ensure_future(sender.run())
    for _ in range(1000):
        await asyncio.sleep(0)
    assert 0 < sender.sent <= MAX_WAITING + CHUNK
    may_read.set()
    await running
    assert (sender.status, sender.sent) == (200, 100 * CHUNK)


async def test_a_body_that_no_one_reads_is_not_taken() -> None:
    may_end = asyncio.Event()
    sender = Sender(application(may_end), "/unread", 100 * CHUNK)
    running = asyncio.ensure_future(sender.run())
    for _ in range(1000):
        await asyncio.sleep(0)
    assert 0 < sender.sent <= MAX_WAITING + CHUNK
    may_end.set()
    await running
    assert sender.status == 200


async def test_a_body_taken_at_once_is_bounded_whatever_it_announces() -> None:
    app = application(asyncio.Event())
    for path in ("/whole", "/form"):
        fits = await Sender(app, path, MAX_WAITING).run()
        assert fits.status == 200
        endless = await Sender(app, path, 1000 * CHUNK).run()
        assert (endless.status, endless.sent <= MAX_WAITING + 2 * CHUNK) == (413, True)
        announced = await Sender(app, path, 1000 * CHUNK, announced=True).run()
        assert (announced.status, announced.sent <= MAX_WAITING + 2 * CHUNK) == (413, True)


async def test_a_sender_who_leaves_ends_the_handler_and_is_not_an_error_of_ours() -> None:
    for path in ("/whole", "/form", "/pieces"):
        may_read = asyncio.Event()
        may_read.set()
        sender = Sender(application(may_read), path, 100 * CHUNK)
        sender.leaves = True
        await sender.run()
        assert (sender.status, sender.sent) in ((0, CHUNK), (CLIENT_CLOSED_REQUEST, CHUNK))


async def test_a_client_who_leaves_ends_a_handler_that_reads_nothing() -> None:
    never = asyncio.Event()
    sender = Sender(application(never), "/unread", CHUNK)
    sender.leaves = True
    await sender.run()
    assert sender.status == 0


async def test_a_body_that_does_not_arrive_in_time_is_refused() -> None:
    async def silent() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    body = RequestBody(silent)
    with pytest.raises(RequestTimeout):
        await body.read_all(CHUNK, seconds=0.01)
