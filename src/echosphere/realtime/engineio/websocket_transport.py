"""Engine.IO over WebSocket: messages out of frames, and the probe of an upgrade."""

from __future__ import annotations

from binascii import a2b_base64
from typing import TYPE_CHECKING, Protocol

from picows import WSCloseCode, WSFrame, WSListener, WSMsgType, WSTransport

from .cork import Cork, Corks
from .frames import websocket_text
from .session import SessionEngine

if TYPE_CHECKING:
    from collections.abc import Callable

    from .frames import Frame
    from .request import Request
    from .session import Session, Transport

MAX_FRAGMENTS = 1000

TEXT, BINARY, CONTINUATION = WSMsgType.TEXT, WSMsgType.BINARY, WSMsgType.CONTINUATION
CLOSE, PONG = WSMsgType.CLOSE, WSMsgType.PONG


class WebSocketEngine(SessionEngine, Protocol):
    """What a WebSocket needs of its engine."""

    corks: Corks

    def open(self, request: Request, transport: Transport) -> Session: ...
    def begin_upgrade(self, session: Session, transport: WebSocketTransport) -> None: ...
    def release_poll(self, session: Session) -> None: ...
    def complete_upgrade(self, session: Session, transport: WebSocketTransport) -> None: ...
    def abandon_upgrade(self, session: Session, transport: Transport) -> None: ...
    def close_transport(self, transport: Transport, code: int) -> None: ...
    def transport_closed(self, transport: Transport) -> None: ...
    def transport_lost(self, session: Session) -> None: ...


class WebSocketTransport(WSListener):
    """A WebSocket that opens a session, or probes and then takes over a polling session."""

    __slots__ = (
        "_cork",
        "_engine",
        "_fragments",
        "_message_type",
        "_request",
        "_size",
        "_socket",
        "closing",
        "probing",
        "session",
        "write",
    )

    name = "websocket"
    write: Callable[[bytes], None]
    _cork: Cork
    _socket: WSTransport

    def __init__(self, engine: WebSocketEngine, request: Request, probing: Session | None) -> None:
        self._engine = engine
        self._request: Request | None = request
        self.probing = probing
        self.session: Session | None = None
        self.closing = False
        self._fragments: list[bytes] | None = None
        self._message_type = TEXT
        self._size = 0

    # ---- sending ----------------------------------------------------------------------------

    def send_frame(self, frame: Frame) -> None:
        if not self.closing:
            self.write(frame.wire)

    def send_packet(self, packet: bytes) -> None:
        """Send a packet that was encoded for polling."""
        if self.closing:
            return
        if packet[:1] == b"b":
            self._cork.flush()
            self._socket.send(BINARY, a2b_base64(packet[1:]))
        else:
            self.write(websocket_text(packet))

    def finish(self, code: int, *, silent: bool = False) -> None:
        if not self.closing:
            self.closing = True
            self._cork.flush()
            self._socket.send_close(WSCloseCode(code))

    def abort(self) -> None:
        self.closing = True
        self._cork.drop()
        self._socket.underlying_transport.abort()

    def shutdown(self) -> None:
        """The server stops."""
        if self.session is not None and self.session.is_open:
            self._engine.close_session(self.session, "server shutting down", code=1001)
        elif not self.closing:
            self._engine.close_transport(self, 1001)

    # ---- the life of the connection ---------------------------------------------------------

    def on_ws_connected(self, transport: WSTransport) -> None:
        self._socket = transport
        connection = transport.underlying_transport
        self._cork = Cork(self._engine.corks, connection.write)
        self.write = self._cork.write
        # Past the high mark the loop calls pause_writing, which cuts the slow reader.
        connection.set_write_buffer_limits(high=self._engine.options.max_buffer)
        # They are not read again, and would be kept as long as the connection.
        transport.request.headers.clear()
        transport.response.headers.clear()
        request, self._request = self._request, None
        if self.probing is None and request is not None:
            self.session = self._engine.open(request, self)
        elif self.probing is not None:
            self._begin_probe(self.probing)

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        self.closing = True
        self._cork.drop()
        self._engine.transport_closed(self)
        if self.probing is not None:
            self._engine.abandon_upgrade(self.probing, self)
        if self.session is not None:
            self._engine.transport_lost(self.session)

    def pause_writing(self) -> None:
        if self.session is not None and self.session.is_open:
            self._engine.disconnect_slow_client(self.session)

    def resume_writing(self) -> None:
        """Nothing to do: a paused connection was cut."""

    # ---- receiving --------------------------------------------------------------------------

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        kind = frame.msg_type
        if kind is CLOSE:
            self._handle_close(transport)
        elif self.closing or kind is PONG:
            return
        elif frame.rsv1 or frame.rsv2 or frame.rsv3:
            self._close_malformed(WSCloseCode.PROTOCOL_ERROR)
        elif kind is CONTINUATION or self._fragments is not None or not frame.fin:
            self._handle_fragment(kind, frame)
        elif kind is TEXT:
            try:
                text = frame.get_payload_as_utf8_text()
            except UnicodeDecodeError:
                self._close_malformed(WSCloseCode.INVALID_TEXT)
            else:
                self._handle_text(text)
        else:
            self._handle_binary(frame.get_payload_as_bytes())

    def _handle_text(self, text: str) -> None:
        if self.session is not None:
            self.session.receive(text)
        elif self.probing is not None:
            self._handle_probe(self.probing, text)

    def _handle_binary(self, data: bytes) -> None:
        if self.session is not None:
            self._engine.handle_message(self.session, data)
        else:
            self._close_malformed(WSCloseCode.PROTOCOL_ERROR)

    def _handle_fragment(self, kind: WSMsgType, frame: WSFrame) -> None:
        fragments = self._fragments
        if (kind is CONTINUATION) is (fragments is None):
            self._close_malformed(WSCloseCode.PROTOCOL_ERROR)
            return
        if fragments is None:
            fragments = self._fragments = []
            self._message_type = kind
            self._size = 0
        self._size += frame.payload_size
        if self._size > self._engine.options.max_payload or len(fragments) >= MAX_FRAGMENTS:
            self._close_malformed(WSCloseCode.MESSAGE_TOO_BIG)
            return
        fragments.append(frame.get_payload_as_bytes())
        if frame.fin:
            self._fragments = None
            self._handle_message(b"".join(fragments))

    def _handle_message(self, data: bytes) -> None:
        if self._message_type is BINARY:
            self._handle_binary(data)
            return
        try:
            text = data.decode()
        except UnicodeDecodeError:
            self._close_malformed(WSCloseCode.INVALID_TEXT)
        else:
            self._handle_text(text)

    def _handle_close(self, transport: WSTransport) -> None:
        if self.session is not None:
            self._engine.transport_lost(self.session)
        # A client that does not read the rest must not keep the connection open.
        self._engine.close_transport(self, 1000)
        transport.disconnect()

    def _close_malformed(self, code: WSCloseCode) -> None:
        self._fragments = None
        if self.session is not None and self.session.is_open:
            self._engine.close_malformed(self.session, code.value)
        else:
            self._engine.close_transport(self, code.value)

    # ---- taking over a polling session ------------------------------------------------------

    def _begin_probe(self, session: Session) -> None:
        # Another socket may carry or probe the session, or it has ended since the request was read.
        if (
            session.is_open
            and session.upgrade_transport is None
            and session.transport_name == "polling"
        ):
            self._engine.begin_upgrade(session, self)
        else:
            self.probing = None
            self._engine.stats.refused += 1
            self._engine.close_transport(self, 1002)

    def _handle_probe(self, session: Session, text: str) -> None:
        if text == "2probe":
            self.write(websocket_text(b"3probe"))
            self._engine.release_poll(session)
        elif text == "5" and session.is_open and session.upgrade_transport is self:
            self.probing = None
            self.session = session
            self._engine.complete_upgrade(session, self)
        else:
            self._engine.abandon_upgrade(session, self)
            self._close_malformed(WSCloseCode.PROTOCOL_ERROR)
