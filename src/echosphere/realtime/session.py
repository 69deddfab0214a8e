"""One Engine.IO session: a client, whichever transport it is on at the moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from .frames import Frame, polling_binary, wire_binary, wire_text

if TYPE_CHECKING:
    from .engine import EngineServer
    from .request import Request

WIRE_PING = wire_text(b"2")


class Transport(Protocol):
    """What carries a session's packets."""

    name: str

    def send_frame(self, frame: Frame) -> None:
        """Send packets that are encoded for both transports."""

    def finish(self, code: int, *, silent: bool) -> None:
        """Send what is waiting, then close."""

    def abort(self) -> None:
        """Close at once, whatever is waiting."""


class Session:
    """A connected client of an `EngineServer`.

    `id` is the session id, `transport_name` "polling" or "websocket", `data` belongs to whoever
    uses the engine. Nothing here awaits: sending writes or queues, closing is immediate.
    """

    __slots__ = (
        "__weakref__",
        "address",
        "binding",
        "data",
        "engine",
        "id",
        "is_open",
        "pong_by",
        "request",
        "transport",
        "upgrading",
    )

    def __init__(
        self, engine: EngineServer, sid: str, request: Request, transport: Transport
    ) -> None:
        self.engine = engine
        self.id = sid
        self.request = request
        self.transport = transport
        self.address = ""
        self.binding: str | None = None
        self.data: Any = None
        self.is_open = True
        self.pong_by = 0.0
        self.upgrading: Transport | None = None

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
            self.send_frame(Frame(wire_binary(data), (polling_binary(data),), 1, ""))

    def send_packet(self, packet: bytes) -> None:
        """Send one encoded Engine.IO text packet, its type included."""
        self.send_frame(Frame(wire_text(packet), (packet,), 1, ""))

    def send_frame(self, frame: Frame) -> None:
        """Write bytes that are ready for both transports."""
        if self.is_open:
            stats = self.engine.stats
            stats.messages_out += frame.count
            stats.bytes_out += len(frame.wire)
            self.transport.send_frame(frame)

    def receive(self, packet: str) -> bool:
        """Take one text packet from the transport; False if it was none, which ends the session."""
        kind = packet[:1]
        if kind == "4":
            self.engine.take_message(self, packet[1:])
        elif packet == "3":
            self.engine.take_pong(self)
        elif packet == "1":
            self.engine.end(self, "transport close", silent=True)
        elif packet != "6":
            self.engine.malformed(self)
            return False
        return True

    def close(self, reason: str = "forced server close", code: int = 1000) -> None:
        """Send what is waiting, then close; the client may come back."""
        self.engine.end_kindly(self, reason, code)
