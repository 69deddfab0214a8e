"""Engine.IO over WebSocket: messages out of frames, and the probe of an upgrade."""

from __future__ import annotations

from binascii import a2b_base64
from typing import TYPE_CHECKING

from picows import WSCloseCode, WSFrame, WSListener, WSMsgType, WSTransport

from .cork import Cork
from .frames import wire_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from .engine import EngineServer
    from .frames import Frame
    from .request import Request
    from .session import Session

MAX_FRAGMENTS = 1000

TEXT, BINARY, CONTINUATION = WSMsgType.TEXT, WSMsgType.BINARY, WSMsgType.CONTINUATION
CLOSE, PONG = WSMsgType.CLOSE, WSMsgType.PONG


class WebSocketTransport(WSListener):
    """One WebSocket: a session of its own, or a probe that takes over a polling session."""

    __slots__ = (
        "_cork",
        "_engine",
        "_kind",
        "_pieces",
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

    def __init__(self, engine: EngineServer, request: Request, probing: Session | None) -> None:
        self._engine = engine
        self._request: Request | None = request
        self.probing = probing
        self.session: Session | None = None
        self.closing = False
        self._pieces: list[bytes] | None = None
        self._kind = TEXT
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
            self.write(wire_text(packet))

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
            self._engine.end(self.session, "server shutting down", code=1001)
        elif not self.closing:
            self._engine.dismiss(self, 1001)

    # ---- the life of the connection ---------------------------------------------------------

    def on_ws_connected(self, transport: WSTransport) -> None:
        self._socket = transport
        connection = transport.underlying_transport
        self._cork = Cork(self._engine.corks, connection.write)
        self.write = self._cork.write
        # Past the high mark the loop calls pause_writing, which cuts the slow reader.
        connection.set_write_buffer_limits(high=self._engine.options.max_buffer)
        # Nobody reads these any more, and they would stay as long as the connection.
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
        self._engine.is_gone(self)
        if self.probing is not None:
            self._engine.abandon_upgrade(self.probing, self)
        if self.session is not None:
            self._engine.lose(self.session)

    def pause_writing(self) -> None:
        if self.session is not None and self.session.is_open:
            self._engine.cut_slow_reader(self.session)

    def resume_writing(self) -> None:
        """Nothing to do: a paused connection was cut."""

    # ---- receiving --------------------------------------------------------------------------

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        kind = frame.msg_type
        if kind is CLOSE:
            self._take_close(transport)
        elif self.closing or kind is PONG:
            return
        elif frame.rsv1 or frame.rsv2 or frame.rsv3:
            self._refuse(WSCloseCode.PROTOCOL_ERROR)
        elif kind is CONTINUATION or self._pieces is not None or not frame.fin:
            self._take_fragment(kind, frame)
        elif kind is TEXT:
            try:
                text = frame.get_payload_as_utf8_text()
            except UnicodeDecodeError:
                self._refuse(WSCloseCode.INVALID_TEXT)
            else:
                self._take_text(text)
        else:
            self._take_binary(frame.get_payload_as_bytes())

    def _take_text(self, text: str) -> None:
        if self.session is not None:
            self.session.receive(text)
        elif self.probing is not None:
            self._take_probe(self.probing, text)

    def _take_binary(self, data: bytes) -> None:
        if self.session is not None:
            self._engine.take_message(self.session, data)
        else:
            self._refuse(WSCloseCode.PROTOCOL_ERROR)

    def _take_fragment(self, kind: WSMsgType, frame: WSFrame) -> None:
        pieces = self._pieces
        if (kind is CONTINUATION) is (pieces is None):
            self._refuse(WSCloseCode.PROTOCOL_ERROR)
            return
        if pieces is None:
            pieces = self._pieces = []
            self._kind = kind
            self._size = 0
        self._size += frame.payload_size
        if self._size > self._engine.options.max_payload or len(pieces) >= MAX_FRAGMENTS:
            self._refuse(WSCloseCode.MESSAGE_TOO_BIG)
            return
        pieces.append(frame.get_payload_as_bytes())
        if frame.fin:
            self._pieces = None
            self._take_whole(b"".join(pieces))

    def _take_whole(self, data: bytes) -> None:
        if self._kind is BINARY:
            self._take_binary(data)
            return
        try:
            text = data.decode()
        except UnicodeDecodeError:
            self._refuse(WSCloseCode.INVALID_TEXT)
        else:
            self._take_text(text)

    def _take_close(self, transport: WSTransport) -> None:
        if self.session is not None:
            self._engine.lose(self.session)
        # Dismissed even so: a client that does not take the rest must not hold the connection.
        self._engine.dismiss(self, 1000)
        transport.disconnect()

    def _refuse(self, code: WSCloseCode) -> None:
        self._pieces = None
        if self.session is not None and self.session.is_open:
            self._engine.malformed(self.session, code.value)
        else:
            self._engine.dismiss(self, code.value)

    # ---- taking over a polling session ------------------------------------------------------

    def _begin_probe(self, session: Session) -> None:
        # Another socket may carry or probe the session, or it has ended since the request was read.
        if session.is_open and session.upgrading is None and session.transport_name == "polling":
            self._engine.begin_upgrade(session, self)
        else:
            self.probing = None
            self._engine.stats.refused += 1
            self._engine.dismiss(self, 1002)

    def _take_probe(self, session: Session, text: str) -> None:
        if text == "2probe":
            self.write(wire_text(b"3probe"))
            self._engine.probe(session)
        elif text == "5" and session.is_open and session.upgrading is self:
            self.probing = None
            self.session = session
            self._engine.complete_upgrade(session, self)
        else:
            self._engine.abandon_upgrade(session, self)
            self._refuse(WSCloseCode.PROTOCOL_ERROR)
