"""One Socket.IO client over an Engine.IO session: its namespaces, its packets, its calls."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from .call_rate import CallRate
from .calls import NO_BINARY, TOO_MANY, UNAVAILABLE, UNKNOWN_EVENT, WRONG_ARGUMENTS, Call
from .decoder import (
    ACK,
    BINARY_ACK,
    BINARY_EVENT,
    CONNECT,
    DISCONNECT,
    EVENT,
    MalformedPacket,
    Packet,
    insert_attachments,
    read_json,
    read_list,
    read_packet,
    read_raw,
)
from .encoder import RESERVED_EVENTS, control_packet
from .namespace import ConnectRefused
from .socket import Socket

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from ..engineio import Session
    from .namespace import Namespace, RegisteredHandler
    from .options import Options

# The argument of an event that came without one, for handlers of raw JSON.
NULL = msgspec.Raw(b"null")

_log = logging.getLogger(__name__)


class ConnectionServer(Protocol):
    """What a connection needs of its server."""

    options: Options
    namespaces: dict[str, Namespace]
    sockets: set[Socket]

    def start_task(self, work: Coroutine[Any, Any, None]) -> None: ...
    def start_connect_timeout(self, connection: Connection) -> None: ...
    def start_attachment_timeout(self, connection: Connection) -> float: ...
    def call_disconnect_handler(self, socket: Socket, reason: str) -> None: ...


class Connection:
    """Reads the packets of one session and hands them to the sockets of its namespaces."""

    __slots__ = (
        "_pending_binary",
        "_rate",
        "connect_deadline",
        "options",
        "pending_calls",
        "server",
        "session",
        "sockets",
    )

    def __init__(self, server: ConnectionServer, session: Session) -> None:
        self.server = server
        self.options = server.options
        self.session = session
        # None for a namespace that the client has left: late packets for it are ignored.
        self.sockets: dict[str, Socket | None] = {}
        self._pending_binary: PendingBinaryPacket | None = None
        self._rate: CallRate | None = None
        self.pending_calls = 0
        # Deadline for joining a namespace.
        self.connect_deadline = 0.0

    @property
    def has_sockets(self) -> bool:
        return any(socket is not None and socket.connected for socket in self.sockets.values())

    # ---- incoming ---------------------------------------------------------------------------

    def receive(self, data: str | bytes) -> None:
        """Handle a message of the session; the caller closes it on MalformedPacket."""
        if isinstance(data, bytes):
            self._handle_attachment(data)
            return
        if self._pending_binary is not None:
            raise MalformedPacket("text while attachments are awaited")
        packet = read_packet(data)
        if packet.kind == EVENT:
            self._handle_event(packet, None)
        elif packet.kind == ACK:
            self._handle_ack(packet, None)
        elif packet.kind == CONNECT:
            self._handle_connect(packet)
        elif packet.kind == DISCONNECT:
            self._handle_disconnect(packet)
        elif packet.kind in (BINARY_EVENT, BINARY_ACK):
            self._await_attachments(packet)
        else:
            raise MalformedPacket("a client cannot refuse a connection")

    def _await_attachments(self, packet: Packet) -> None:
        if packet.attachments > self.options.max_attachments:
            raise MalformedPacket("too many attachments")
        # A payload that is not an array is refused now, not after its attachments.
        data = read_list(packet.json)
        self._pending_binary = PendingBinaryPacket(packet, data)
        if packet.attachments == 0:
            self._handle_complete(self._pending_binary)
        else:
            self._pending_binary.until = self.server.start_attachment_timeout(self)

    def _handle_attachment(self, data: bytes) -> None:
        pending = self._pending_binary
        if pending is None:
            raise MalformedPacket("unexpected binary data")
        pending.attachments.append(data)
        if len(pending.attachments) == pending.packet.attachments:
            self._handle_complete(pending)

    def _handle_complete(self, pending: PendingBinaryPacket) -> None:
        self._pending_binary = None
        data = insert_attachments(pending.data, pending.attachments)
        if pending.packet.kind == BINARY_EVENT:
            self._handle_event(pending.packet, data)
        else:
            self._handle_ack(pending.packet, data)

    def attachments_overdue(self, when: float) -> bool:
        """Whether attachments with this deadline are still missing."""
        return self._pending_binary is not None and self._pending_binary.until == when

    def _handle_ack(self, packet: Packet, data: list[Any] | None) -> None:
        if packet.ack is None:
            raise MalformedPacket("an acknowledgement without its number")
        socket = self._get_socket(packet)
        args = read_list(packet.json) if data is None else data
        if socket is not None:
            socket.resolve_ack(packet.ack, args)

    def _get_socket(self, packet: Packet) -> Socket | None:
        """Return the socket of a packet; None if it has just left."""
        if packet.namespace not in self.sockets:
            raise MalformedPacket("a packet for a namespace that was never joined")
        socket = self.sockets[packet.namespace]
        if socket is not None and not socket.connected:
            raise MalformedPacket("a packet before the connection was confirmed")
        return socket

    # ---- joining and leaving ----------------------------------------------------------------

    def _handle_connect(self, packet: Packet) -> None:
        auth = read_json(packet.json) if packet.json else {}
        if packet.ack is not None or not isinstance(auth, dict):
            raise MalformedPacket("auth is not an object")
        if self.sockets.get(packet.namespace) is not None:
            raise MalformedPacket("connected already")
        if not self._is_within_rate():
            self._refuse(packet.namespace, {"message": "too many"})
            self._close_if_abusive()
            return
        namespace = self.server.namespaces.get(packet.namespace)
        if namespace is None:
            self._refuse(packet.namespace, {"message": "Invalid namespace"})
            return
        socket = self.sockets[packet.namespace] = Socket(self, packet.namespace, auth)
        handler = namespace.connect_handler
        if handler is None:
            self._confirm(socket)
        else:
            self.server.start_task(self._connect(socket, handler))

    async def _connect(self, socket: Socket, handler: RegisteredHandler) -> None:
        try:
            answer = handler.call(socket, socket.auth)
            if asyncio.iscoroutine(answer):
                await answer
        except ConnectRefused as refused:
            reason: dict[str, object] = {"message": refused.message}
            if refused.data is not None:
                reason["data"] = refused.data
            self._reject(socket, reason)
        except Exception:
            _log.exception("the connect handler of %s failed", socket.namespace)
            self._reject(socket, {"message": UNAVAILABLE[0]})
        else:
            self._confirm(socket)

    def _reject(self, socket: Socket, reason: dict[str, object]) -> None:
        socket.close()
        if self.sockets.get(socket.namespace) is socket:
            # A refused client may try again with other credentials.
            del self.sockets[socket.namespace]
            self._refuse(socket.namespace, reason)

    def _refuse(self, namespace: str, reason: dict[str, object]) -> None:
        self.session.engine.stats.refused += 1
        self.session.send_packet(b"4" + control_packet(4, namespace, reason))

    def _confirm(self, socket: Socket) -> None:
        if socket.is_closed or self.sockets.get(socket.namespace) is not socket:
            # The client left while its connect handler ran.
            self.server.call_disconnect_handler(socket, "transport close")
            return
        self.server.sockets.add(socket)
        self.session.send_packet(b"4" + control_packet(0, socket.namespace, {"sid": socket.id}))
        socket.confirm_connected()

    def _handle_disconnect(self, packet: Packet) -> None:
        if packet.json or packet.ack is not None or packet.namespace not in self.sockets:
            raise MalformedPacket("not a disconnect of a joined namespace")
        socket = self.sockets[packet.namespace]
        if socket is not None:
            self._remove(socket, "client namespace disconnect")
            self.server.start_connect_timeout(self)

    def disconnect(self, socket: Socket, *, close: bool) -> None:
        """Disconnect a socket, or with `close` all sockets of this connection."""
        reason = "server namespace disconnect"
        leaving = [each for each in self.sockets.values() if each and (close or each is socket)]
        for each in leaving:
            self.session.send_packet(b"4" + control_packet(1, each.namespace))
            self._remove(each, reason)
        if close:
            self.session.close(reason)
        elif leaving:
            self.server.start_connect_timeout(self)

    def transport_changed(self) -> None:
        """Tell the audiences that the transport, and so the way to write, has changed."""
        for socket in self.sockets.values():
            if socket is not None and socket.audiences is not None:
                socket.audiences.receivers_changed()

    def end(self, reason: str) -> None:
        """Remove all sockets: the session has closed."""
        self._pending_binary = None
        for socket in tuple(self.sockets.values()):
            if socket is not None:
                self._remove(socket, reason)

    def _remove(self, socket: Socket, reason: str) -> None:
        self.sockets[socket.namespace] = None
        was_connected = socket.connected
        socket.close()
        if was_connected:
            self.server.sockets.discard(socket)
            self.server.call_disconnect_handler(socket, reason)

    # ---- calls ------------------------------------------------------------------------------

    def _handle_event(self, packet: Packet, data: list[Any] | None) -> None:
        socket = self._get_socket(packet)
        parts: list[Any] = read_raw(packet.json) if data is None else data
        name = _event_name(parts, is_raw=data is None)
        if socket is None:
            return
        call = Call(socket, name, packet.ack)
        namespace = self.server.namespaces[packet.namespace]
        handler = namespace.handlers.get(name)
        if not self._is_within_rate() or self.pending_calls >= self.options.max_pending_calls:
            self._refuse_call(call)
        elif handler is None:
            self._handle_unknown(call, namespace)
        elif handler.raw and data is not None:
            call.fail(NO_BINARY)
        elif handler.raw:
            self._start(call, handler, (parts[1:] or [NULL]) if len(parts) <= 2 else None)
        else:
            args = (read_list(packet.json) if data is None else data)[1:]
            self._start(call, handler, args if handler.accepts(len(args)) else None)

    def _start(self, call: Call, handler: RegisteredHandler, args: list[Any] | None) -> None:
        if args is None:
            call.fail(WRONG_ARGUMENTS)
        elif handler.is_async:
            self.pending_calls += 1
            self.server.start_task(call.run(handler, args))
        else:
            call.run_sync(handler, args)

    def _handle_unknown(self, call: Call, namespace: Namespace) -> None:
        self.session.engine.stats.unknown_events += 1
        if namespace.unknown_handler is None:
            call.fail(UNKNOWN_EVENT)
        else:
            call.run_sync(namespace.unknown_handler, [call.name])

    def _refuse_call(self, call: Call) -> None:
        self.session.engine.stats.rate_limited += 1
        call.fail(TOO_MANY)
        call.report(time.perf_counter(), "refused")
        self._close_if_abusive()

    def _close_if_abusive(self) -> None:
        if self._rate is not None and self._rate.is_abusive:
            self.session.close("too many calls", 1008)

    def _is_within_rate(self) -> bool:
        per_minute = self.options.calls_per_minute
        if per_minute is None:
            return True
        now = time.monotonic()
        if self._rate is None:
            self._rate = CallRate(per_minute, now)
        return self._rate.allows(now)


class PendingBinaryPacket:
    """A binary packet whose attachments have not all arrived."""

    __slots__ = ("attachments", "data", "packet", "until")

    def __init__(self, packet: Packet, data: list[Any]) -> None:
        self.packet = packet
        self.data = data
        self.attachments: list[bytes] = []
        self.until = 0.0


def _event_name(parts: list[Any], *, is_raw: bool) -> str:
    if not parts:
        raise MalformedPacket("an event without a name")
    name = read_json(bytes(parts[0]).decode()) if is_raw else parts[0]
    if type(name) is int:
        return str(name)
    if not isinstance(name, str) or name in RESERVED_EVENTS:
        raise MalformedPacket("not an event's name")
    return name
