"""One Socket.IO client over an Engine.IO session: its namespaces, its packets, its calls."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING, Any

import msgspec

from .calls import NO_BINARY, TOO_MANY, UNAVAILABLE, UNKNOWN_EVENT, WRONG_ARGUMENTS, Call
from .codec import (
    ACK,
    BINARY_ACK,
    BINARY_EVENT,
    CONNECT,
    DISCONNECT,
    EVENT,
    MalformedPacket,
    Packet,
    put_attachments,
    read_json,
    read_list,
    read_packet,
    read_raw,
)
from .frames import RESERVED_EVENTS, plain_packet
from .namespace import Refused
from .rate import CallRate
from .socket import Socket

if TYPE_CHECKING:
    from .namespace import Namespace, Registered
    from .server import Server
    from .session import Session

# The argument of an event that came without one, for handlers of raw JSON.
NULL = msgspec.Raw(b"null")

_log = logging.getLogger(__name__)


class Connection:
    """Reads the packets of one session and hands them to the sockets of its namespaces."""

    __slots__ = ("_awaited", "_rate", "connect_by", "pending", "server", "session", "sockets")

    def __init__(self, server: Server, session: Session) -> None:
        self.server = server
        self.session = session
        # None stands for a namespace that was left: late packets for it are no offence.
        self.sockets: dict[str, Socket | None] = {}
        self._awaited: Awaited | None = None
        self._rate: CallRate | None = None
        self.pending = 0
        # Until when a namespace has to be joined, while none is.
        self.connect_by = 0.0

    @property
    def has_sockets(self) -> bool:
        return any(socket is not None and socket.connected for socket in self.sockets.values())

    # ---- incoming ---------------------------------------------------------------------------

    def take(self, data: str | bytes) -> None:
        """A message of the session. MalformedPacket must close the connection."""
        if isinstance(data, bytes):
            self._take_attachment(data)
            return
        if self._awaited is not None:
            raise MalformedPacket("text while attachments are awaited")
        packet = read_packet(data)
        if packet.kind == EVENT:
            self._take_event(packet, None)
        elif packet.kind == ACK:
            self._take_ack(packet, None)
        elif packet.kind == CONNECT:
            self._take_connect(packet)
        elif packet.kind == DISCONNECT:
            self._take_disconnect(packet)
        elif packet.kind in (BINARY_EVENT, BINARY_ACK):
            self._await_attachments(packet)
        else:
            raise MalformedPacket("a client cannot refuse a connection")

    def _await_attachments(self, packet: Packet) -> None:
        if packet.attachments > self.server.options.max_attachments:
            raise MalformedPacket("too many attachments")
        # A payload that is no array is refused now, not after its attachments.
        data = read_list(packet.json)
        self._awaited = Awaited(packet, data)
        if packet.attachments == 0:
            self._complete(self._awaited)
        else:
            self._awaited.until = self.server.expect_attachments(self)

    def _take_attachment(self, data: bytes) -> None:
        awaited = self._awaited
        if awaited is None:
            raise MalformedPacket("binary that nobody announced")
        awaited.attachments.append(data)
        if len(awaited.attachments) == awaited.packet.attachments:
            self._complete(awaited)

    def _complete(self, awaited: Awaited) -> None:
        self._awaited = None
        data = put_attachments(awaited.data, awaited.attachments)
        if awaited.packet.kind == BINARY_EVENT:
            self._take_event(awaited.packet, data)
        else:
            self._take_ack(awaited.packet, data)

    def give_up_attachments(self, when: float) -> bool:
        """Whether attachments that had to be here by then are still missing."""
        return self._awaited is not None and self._awaited.until == when

    def _take_ack(self, packet: Packet, data: list[Any] | None) -> None:
        if packet.ack is None:
            raise MalformedPacket("an acknowledgement without its number")
        socket = self._get_socket(packet)
        args = read_list(packet.json) if data is None else data
        if socket is not None:
            socket.resolve(packet.ack, args)

    def _get_socket(self, packet: Packet) -> Socket | None:
        """The socket a packet is for; None if it has just left."""
        if packet.namespace not in self.sockets:
            raise MalformedPacket("a packet for a namespace that was never joined")
        socket = self.sockets[packet.namespace]
        if socket is not None and not socket.connected:
            raise MalformedPacket("a packet before the connection was confirmed")
        return socket

    # ---- joining and leaving ----------------------------------------------------------------

    def _take_connect(self, packet: Packet) -> None:
        auth = read_json(packet.json) if packet.json else {}
        if packet.ack is not None or not isinstance(auth, dict):
            raise MalformedPacket("auth is no object")
        if self.sockets.get(packet.namespace) is not None:
            raise MalformedPacket("connected already")
        if not self._is_within_rate():
            self._refuse(packet.namespace, {"message": "too many"})
            self._close_if_blatant()
            return
        namespace = self.server.namespaces.get(packet.namespace)
        if namespace is None:
            self._refuse(packet.namespace, {"message": "Invalid namespace"})
            return
        socket = self.sockets[packet.namespace] = Socket(self, packet.namespace, auth)
        handler = namespace.connecting
        if handler is None:
            self._confirm(socket)
        else:
            self.server.spawn(self._connect(socket, handler))

    async def _connect(self, socket: Socket, handler: Registered) -> None:
        try:
            answer = handler.call(socket, socket.auth)
            if asyncio.iscoroutine(answer):
                await answer
        except Refused as refused:
            reason: dict[str, object] = {"message": refused.message}
            if refused.data is not None:
                reason["data"] = refused.data
            self._turn_away(socket, reason)
        except Exception:
            _log.exception("the connect handler of %s failed", socket.namespace)
            self._turn_away(socket, {"message": UNAVAILABLE[0]})
        else:
            self._confirm(socket)

    def _turn_away(self, socket: Socket, reason: dict[str, object]) -> None:
        socket.leave()
        if self.sockets.get(socket.namespace) is socket:
            # A refused client may try again with other credentials.
            del self.sockets[socket.namespace]
            self._refuse(socket.namespace, reason)

    def _refuse(self, namespace: str, reason: dict[str, object]) -> None:
        self.server.engine.stats.refused += 1
        self.session.send_packet(b"4" + plain_packet(4, namespace, reason))

    def _confirm(self, socket: Socket) -> None:
        if socket.is_gone or self.sockets.get(socket.namespace) is not socket:
            # The client left while its connect handler ran; the handler has to hear of it.
            self.server.announce_departure(socket, "transport close")
            return
        self.server.sockets.add(socket)
        self.session.send_packet(b"4" + plain_packet(0, socket.namespace, {"sid": socket.id}))
        socket.confirm()

    def _take_disconnect(self, packet: Packet) -> None:
        if packet.json or packet.ack is not None or packet.namespace not in self.sockets:
            raise MalformedPacket("not a disconnect of a joined namespace")
        socket = self.sockets[packet.namespace]
        if socket is not None:
            self._part(socket, "client namespace disconnect")
            self.server.expect_connect(self)

    def expel(self, socket: Socket, *, close: bool) -> None:
        """Send a socket away; with `close`, everybody on this connection."""
        reason = "server namespace disconnect"
        leaving = [each for each in self.sockets.values() if each and (close or each is socket)]
        for each in leaving:
            self.session.send_packet(b"4" + plain_packet(1, each.namespace))
            self._part(each, reason)
        if close:
            self.session.close(reason)
        elif leaving:
            self.server.expect_connect(self)

    def refresh(self) -> None:
        """The session is on another transport: audiences can write to it directly now."""
        for socket in self.sockets.values():
            if socket is not None and socket.audiences is not None:
                socket.audiences.refresh()

    def end(self, reason: str) -> None:
        """The session is over."""
        self._awaited = None
        for socket in tuple(self.sockets.values()):
            if socket is not None:
                self._part(socket, reason)

    def _part(self, socket: Socket, reason: str) -> None:
        self.sockets[socket.namespace] = None
        was_connected = socket.connected
        socket.leave()
        if was_connected:
            self.server.sockets.discard(socket)
            self.server.announce_departure(socket, reason)

    # ---- calls ------------------------------------------------------------------------------

    def _take_event(self, packet: Packet, data: list[Any] | None) -> None:
        socket = self._get_socket(packet)
        parts: list[Any] = read_raw(packet.json) if data is None else data
        name = _event_name(parts, is_raw=data is None)
        if socket is None:
            return
        call = Call(socket, name, packet.ack)
        namespace = self.server.namespaces[packet.namespace]
        handler = namespace.handlers.get(name)
        if not self._is_within_rate() or self.pending >= self.server.options.max_pending_calls:
            self._refuse_call(call)
        elif handler is None:
            self._take_unknown(call, namespace)
        elif handler.raw and data is not None:
            call.fail(NO_BINARY)
        elif handler.raw:
            self._start(call, handler, (parts[1:] or [NULL]) if len(parts) <= 2 else None)
        else:
            args = (read_list(packet.json) if data is None else data)[1:]
            self._start(call, handler, args if handler.takes(len(args)) else None)

    def _start(self, call: Call, handler: Registered, args: list[Any] | None) -> None:
        if args is None:
            call.fail(WRONG_ARGUMENTS)
        elif handler.is_async:
            self.pending += 1
            self.server.spawn(call.run(handler, args))
        else:
            call.run_at_once(handler, args)

    def _take_unknown(self, call: Call, namespace: Namespace) -> None:
        self.server.engine.stats.unknown_events += 1
        if namespace.unknown is None:
            call.fail(UNKNOWN_EVENT)
        else:
            call.run_at_once(namespace.unknown, [call.name])

    def _refuse_call(self, call: Call) -> None:
        self.server.engine.stats.rate_limited += 1
        call.fail(TOO_MANY)
        call.report(time.perf_counter(), "refused")
        self._close_if_blatant()

    def _close_if_blatant(self) -> None:
        if self._rate is not None and self._rate.is_blatant:
            self.session.close("too many calls", 1008)

    def _is_within_rate(self) -> bool:
        per_minute = self.server.options.calls_per_minute
        if per_minute is None:
            return True
        now = time.monotonic()
        if self._rate is None:
            self._rate = CallRate(per_minute, now)
        return self._rate.allows(now)


class Awaited:
    """A binary packet whose attachments are not all here."""

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
