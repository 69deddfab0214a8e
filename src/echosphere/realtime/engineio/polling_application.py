"""Engine.IO over HTTP long polling: an ASGI application at one path, in front of another."""

from __future__ import annotations

import asyncio
import base64
import binascii
import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Protocol

from .polling_transport import PollingTransport
from .rejection import BAD_REQUEST, UNKNOWN_SESSION, Rejected
from .request import MalformedRequest, Request, request_from_scope
from .session import SessionEngine

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping

    from .handshake import HandshakeChecker
    from .session import Session, Transport

    Scope = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
    Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
    Headers = list[tuple[bytes, bytes]]

MAX_PACKETS = 1000

# Header names that a preflight may ask for.
_HEADER_NAMES = re.compile(r"[A-Za-z0-9\-_, ]{1,512}")


class PollingEngine(SessionEngine, Protocol):
    """What long polling needs of an engine."""

    handshakes: HandshakeChecker

    def open(self, request: Request, transport: Transport) -> Session: ...
    def transport_lost(self, session: Session) -> None: ...
    def discard_close_packets(self, transport: PollingTransport) -> None: ...


class PollingApplication:
    """Answers `options.path` and leaves every other request to the inner application."""

    def __init__(self, engine: PollingEngine, inner: Any) -> None:
        self._engine = engine
        self._options = engine.options
        self._inner = inner
        self._paths = {engine.options.path, engine.options.path.rstrip("/")}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] in self._paths:
            await self._handle(scope, receive, send)
        else:
            await self._inner(scope, receive, send)

    async def _handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers: Headers = []
        try:
            request = self._read(scope)
            headers = self._cors(request)
            if request.method == "OPTIONS" and "access-control-request-method" in request.headers:
                await _reply(send, HTTPStatus.NO_CONTENT, headers + self._preflight(request))
                return
            body = await self._dispatch(request, receive)
        except Rejected as rejected:
            headers.append((b"content-type", b"application/json"))
            await _reply(send, rejected.status, headers, rejected.body)
        else:
            if body is not None:
                headers.append((b"content-type", b"text/plain; charset=UTF-8"))
                await _reply(send, HTTPStatus.OK, headers, body)

    def _read(self, scope: Scope) -> Request:
        try:
            return request_from_scope(scope)
        except MalformedRequest as error:
            raise self._engine.handshakes.reject_malformed() from error

    def _cors(self, request: Request) -> Headers:
        if not self._options.allows_cors(request.origin) or request.origin is None:
            return []
        if self._options.cors_origins == "*":
            return [(b"access-control-allow-origin", b"*")]
        return [
            (b"access-control-allow-origin", request.origin.encode("latin-1")),
            (b"access-control-allow-credentials", b"true"),
            (b"vary", b"Origin"),
        ]

    def _preflight(self, request: Request) -> Headers:
        if not self._options.allows_cors(request.origin):
            return []
        headers = [
            (b"access-control-allow-methods", b"GET, POST"),
            (b"access-control-max-age", b"600"),
        ]
        wanted = request.headers.get("access-control-request-headers", "")
        if _HEADER_NAMES.fullmatch(wanted):
            headers.append((b"access-control-allow-headers", wanted.encode("latin-1")))
        return headers

    async def _dispatch(self, request: Request, receive: Receive) -> bytes | None:
        engine = self._engine
        engine.handshakes.check_transport(request, upgrade=False)
        if "sid" not in request.query:
            return self._handshake(request)
        session, transport = engine.handshakes.get_polling_session(request)
        if request.method == "GET":
            return await self._poll(session, transport, receive)
        if request.method != "POST":
            raise engine.handshakes.reject_method()
        if session is None:
            raise Rejected(UNKNOWN_SESSION)
        return await self._post(session, transport, request, receive)

    def _handshake(self, request: Request) -> bytes:
        if request.method != "GET":
            raise self._engine.handshakes.reject_method()
        self._engine.handshakes.check_handshake(request)
        transport = PollingTransport(self._engine)
        transport.session = self._engine.open(request, transport)
        return transport.next_body()

    # ---- GET: the server's packets ----------------------------------------------------------

    async def _poll(
        self, session: Session | None, transport: PollingTransport, receive: Receive
    ) -> bytes | None:
        if session is None:
            return self._fetch(transport)
        if transport.waiter is not None:
            self._engine.close_malformed(session)
            raise Rejected(BAD_REQUEST)
        if not transport.has_output() and not await self._wait(session, transport, receive):
            return None
        return self._fetch(transport)

    def _fetch(self, transport: PollingTransport) -> bytes:
        body = transport.next_body()
        if transport.is_drained():
            self._engine.discard_close_packets(transport)
        return body

    async def _wait(self, session: Session, transport: PollingTransport, receive: Receive) -> bool:
        """Wait for a packet; False if the client disconnected, which closes its session."""
        waiter = asyncio.get_running_loop().create_future()
        transport.waiter = waiter
        leaving = asyncio.ensure_future(_client_disconnected(receive))
        try:
            await asyncio.wait({waiter, leaving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            transport.waiter = None
            leaving.cancel()
        if waiter.done():
            return True
        self._engine.transport_lost(session)
        return False

    # ---- POST: the client's packets ---------------------------------------------------------

    async def _post(
        self, session: Session, transport: PollingTransport, request: Request, receive: Receive
    ) -> bytes:
        if transport.posting or request.headers.get("content-type", "").startswith(
            "application/octet-stream"
        ):
            raise self._reject_malformed(session)
        transport.posting = True
        try:
            body = await self._body(session, request, receive)
        finally:
            transport.posting = False
        for packet in self._packets(session, body):
            if session.is_open:
                self._handle_packet(session, packet)
        return b"ok"

    async def _body(self, session: Session, request: Request, receive: Receive) -> bytes:
        limit = self._options.max_payload
        declared = request.headers.get("content-length", "0")
        if not declared.isdecimal() or len(declared) > 15 or int(declared) > limit:
            raise self._reject_malformed(session, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        try:
            async with asyncio.timeout(self._options.request_timeout):
                body = await _read_body(receive, limit)
        except TimeoutError as error:
            raise self._reject_malformed(session, HTTPStatus.REQUEST_TIMEOUT) from error
        if body is None:
            raise self._reject_malformed(session, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        return body

    def _packets(self, session: Session, body: bytes) -> list[str]:
        try:
            packets = body.decode().split("\x1e")
        except UnicodeDecodeError as error:
            raise self._reject_malformed(session) from error
        if len(packets) > MAX_PACKETS:
            raise self._reject_malformed(session)
        return packets

    def _handle_packet(self, session: Session, packet: str) -> None:
        if packet[:1] == "b":
            try:
                self._engine.handle_message(session, base64.b64decode(packet[1:], validate=True))
            except (binascii.Error, ValueError) as error:
                raise self._reject_malformed(session) from error
        elif not session.receive(packet):
            raise Rejected(BAD_REQUEST)

    def _reject_malformed(
        self, session: Session, status: HTTPStatus = HTTPStatus.BAD_REQUEST
    ) -> Rejected:
        self._engine.close_malformed(session)
        return Rejected(BAD_REQUEST, status)


async def _client_disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _read_body(receive: Receive, limit: int) -> bytes | None:
    """The whole body, or None if it is longer than the limit (or never ends)."""
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > limit:
            return None
        chunks.append(chunk)
        if not message.get("more_body", False):
            return b"".join(chunks)


async def _reply(send: Send, status: int, headers: Headers, body: bytes = b"") -> None:
    every = [
        (b"content-length", b"%d" % len(body)),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
        *headers,
    ]
    await send({"type": "http.response.start", "status": int(status), "headers": every})
    await send({"type": "http.response.body", "body": body})
