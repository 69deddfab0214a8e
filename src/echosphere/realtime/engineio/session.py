"""One Engine.IO session: a client, on either transport."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from .frames import Frame, polling_binary, websocket_binary, websocket_text

if TYPE_CHECKING:
    from .options import EngineOptions
    from .request import Request
    from .stats import Stats

WIRE_PING = websocket_text(b"2")


class Transport(Protocol):
    """What carries a session's packets."""

    name: str

    def send_frame(self, frame: Frame) -> None:
        """Send packets that are encoded for both transports."""

    def finish(self, code: int, *, silent: bool) -> None:
        """Send what is waiting, then close."""

    def abort(self) -> None:
        """Close at once, whatever is waiting."""


class SessionEngine(Protocol):
    """What a session needs of its engine."""

    options: EngineOptions
    stats: Stats

    def handle_message(self, session: Session, data: str | bytes) -> None: ...
    def handle_pong(self, session: Session) -> None: ...
    def close_session(
        self, session: Session, reason: str, *, code: int = ..., silent: bool = ...
    ) -> None: ...
    def close_gracefully(self, session: Session, reason: str, code: int) -> None: ...
    def close_malformed(self, session: Session, code: int = ...) -> None: ...
    def disconnect_slow_client(self, session: Session) -> None: ...


class Session:
    """A connected client of an `EngineServer`.

    `id` is the session id, `transport_name` "polling" or "websocket"; `data` is free for the user of
    the engine. Nothing here awaits: sending writes or queues, closing is immediate.
    """

    __slots__ = (
        "__weakref__",
        "address",
        "binding",
        "data",
        "engine",
        "id",
        "is_open",
        "pong_deadline",
        "request",
        "transport",
        "upgrade_transport",
    )

    def __init__(
        self, engine: SessionEngine, sid: str, request: Request, transport: Transport
    ) -> None:
        self.engine = engine
        self.id = sid
        self.request = request
        self.transport = transport
        self.address = ""
        self.binding: str | None = None
        self.data: Any = None
        self.is_open = True
        self.pong_deadline = 0.0
        self.upgrade_transport: Transport | None = None

    def __repr__(self) -> str:
        return f"<Session on {self.transport.name}>"

    @property
    def transport_name(self) -> str:
        return self.transport.name

    def send(self, data: str | bytes) -> None:
        """Send one message, text or binary."""
        if isinstance(data, str):
            self.send_packet(b"4" + data.encode())
        else:
            self.send_frame(Frame(websocket_binary(data), (polling_binary(data),), 1, ""))

    def send_packet(self, packet: bytes) -> None:
        """Send one encoded Engine.IO text packet, its type included."""
        self.send_frame(Frame(websocket_text(packet), (packet,), 1, ""))

    def send_frame(self, frame: Frame) -> None:
        """Send packets that are encoded for both transports."""
        if self.is_open:
            stats = self.engine.stats
            stats.messages_out += frame.count
            stats.bytes_out += len(frame.wire)
            self.transport.send_frame(frame)

    def receive(self, packet: str) -> bool:
        """Handle a text packet of the transport; False if it was malformed, which closes the session."""
        kind = packet[:1]
        if kind == "4":
            self.engine.handle_message(self, packet[1:])
        elif packet == "3":
            self.engine.handle_pong(self)
        elif packet == "1":
            self.engine.close_session(self, "transport close", silent=True)
        elif packet != "6":
            self.engine.close_malformed(self)
            return False
        return True

    def close(self, reason: str = "forced server close", code: int = 1000) -> None:
        """Send what is waiting, then close; the client may come back."""
        self.engine.close_gracefully(self, reason, code)
