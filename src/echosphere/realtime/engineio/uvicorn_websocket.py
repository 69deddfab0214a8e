"""Accepts WebSockets: uvicorn hands over the connections, picows parses their frames."""

from __future__ import annotations

import logging
import socket
from typing import TYPE_CHECKING, Any, Protocol

from picows import (
    WSAutoPingStrategy,
    WSUpgradeRequest,
    WSUpgradeResponse,
    WSUpgradeResponseWithListener,
)

# Not in the documented API of picows: the version is pinned, and a test covers the life cycle.
from picows.picows import WSProtocol  # type: ignore[attr-defined]

from .rejection import Rejected
from .request import MAX_HEADER_BYTES, MalformedRequest, request_from_upgrade
from .websocket_transport import WebSocketEngine, WebSocketTransport

if TYPE_CHECKING:
    import asyncio

    from .handshake import HandshakeChecker

# picows doubles its read buffer when a read fills more than nine tenths of it and never shrinks
# it again. Offering less than that keeps a flood of small frames from growing it: only a frame
# that does not fit makes the buffer larger, and frames are bounded.
RESERVED_SHARE = 0.3

UNIX = getattr(socket, "AF_UNIX", object())

HEADERS_TOO_LARGE = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"connection: close\r\ncontent-length: 0\r\n\r\n"
)

_log = logging.getLogger(__name__)


class SilentLogger:
    """picows reports every connection and every malformed frame. Those are counted, not logged;
    only a failure of our own is worth a line.
    """

    name = __name__

    def isEnabledFor(self, _level: int) -> bool:  # noqa: N802
        return False

    def ignore(self, *_args: object, **_named: object) -> None:
        """Discard the message."""

    log = debug = info = warning = error = ignore

    def exception(self, message: str, *args: object) -> None:
        _log.exception(message, *args)


_SILENT = SilentLogger()


class UnixSocketTransport:
    """A transport over a Unix socket. picows sets TCP options, which such a socket does not have."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        found = self._transport.get_extra_info(name, default)
        return OptionlessSocket(found.fileno()) if name == "socket" else found


class OptionlessSocket:
    """A socket that ignores TCP options."""

    def __init__(self, number: int) -> None:
        self._number = number

    def fileno(self) -> int:
        return self._number

    def setsockopt(self, *_: object) -> None:
        """Ignore the option."""

    def getsockopt(self, *_: object) -> int:
        return 0


class UvicornEngine(WebSocketEngine, Protocol):
    """What uvicorn's protocol needs of an engine."""

    handshakes: HandshakeChecker


class UvicornWebSocket(WSProtocol):  # type: ignore[misc]
    """picows' protocol, made and fed by uvicorn.

    uvicorn makes it with (config, server_state, app_state), calls `connection_made`, hands it the
    upgrade request through `data_received`, and then sets it as the transport's protocol.
    """

    __slots__ = ("_connections", "_peer", "_secure")

    engine: UvicornEngine

    def __init__(self, config: Any, server_state: Any, app_state: Any) -> None:
        super().__init__(
            host_port=None,
            ws_path=None,
            is_client_side=False,
            ws_listener_factory=self._listen,
            logger=_SILENT,
            disconnect_on_exception=True,
            websocket_handshake_timeout=None,
            enable_auto_ping=False,
            auto_ping_idle_timeout=0,
            auto_ping_reply_timeout=0,
            auto_ping_strategy=WSAutoPingStrategy.PING_WHEN_IDLE,
            enable_auto_pong=True,
            max_frame_size=self.engine.options.max_payload,
            extra_headers=None,
            read_buffer_init_size=2048,
        )
        self._connections: set[object] = server_state.connections
        self._peer = ""
        self._secure = False

    def connection_made(self, transport: asyncio.Transport) -> None:
        is_unix = getattr(transport.get_extra_info("socket"), "family", None) == UNIX
        super().connection_made(UnixSocketTransport(transport) if is_unix else transport)
        self._connections.add(self)
        peer = transport.get_extra_info("peername")
        self._peer = str(peer[0]) if isinstance(peer, tuple) else ""
        self._secure = transport.get_extra_info("ssl_object") is not None

    def data_received(self, data: bytes) -> None:
        """Pass on the upgrade request, in as many parts as the read buffer needs."""
        if len(data) > MAX_HEADER_BYTES:
            self.transport.underlying_transport.write(HEADERS_TOO_LARGE)
            self.transport.disconnect()
            return
        rest = memoryview(data)
        while rest:
            room = super().get_buffer(-1)
            size = min(len(room), len(rest))
            room[:size] = rest[:size]
            rest = rest[size:]
            super().buffer_updated(size)

    def get_buffer(self, hint: int) -> memoryview:
        room: memoryview = super().get_buffer(hint)
        free = int(len(room) * RESERVED_SHARE) + 257
        return room[:-free] if len(room) > 4 * 257 else room

    def connection_lost(self, exc: Exception | None) -> None:
        self._connections.discard(self)
        super().connection_lost(exc)

    def shutdown(self) -> None:
        """Close the connection: uvicorn is stopping."""
        if self.listener is not None:
            self.listener.shutdown()
        elif self.transport is not None:
            self.transport.disconnect()

    def _listen(self, upgrade: WSUpgradeRequest) -> Any:
        try:
            return self._accept(upgrade)
        except Rejected as rejected:
            return _refusal(rejected)

    def _accept(self, upgrade: WSUpgradeRequest) -> WebSocketTransport | None:
        engine = self.engine
        try:
            request = request_from_upgrade(
                upgrade.path.decode("latin-1"),
                upgrade.headers.items(),
                peer=self._peer,
                secure=self._secure,
            )
        except MalformedRequest as error:
            raise engine.handshakes.reject_malformed() from error
        if request.path.rstrip("/") != engine.options.path.rstrip("/"):
            return None
        engine.handshakes.check_transport(request, upgrade=True)
        if "sid" in request.query:
            session = engine.handshakes.get_session_to_upgrade(request)
            return WebSocketTransport(engine, request, session)
        engine.handshakes.check_handshake(request)
        return WebSocketTransport(engine, request, None)


def _refusal(rejected: Rejected) -> WSUpgradeResponseWithListener:
    headers = {"Content-Type": "application/json"}
    response = WSUpgradeResponse.create_error_response(rejected.status, rejected.body, headers)
    return WSUpgradeResponseWithListener(response, None)


def websocket_protocol(engine: UvicornEngine) -> type[asyncio.Protocol]:
    """The protocol class for uvicorn's `ws` setting, bound to this engine.

    It is a buffered protocol, which event loops detect and uvicorn's type does not express.
    """
    return type("WebSocket", (UvicornWebSocket,), {"engine": engine, "__slots__": ()})
