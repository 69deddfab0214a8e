"""The Engine.IO 4 server: sessions, handshakes, heartbeats, upgrades and shutdown."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections import Counter
from random import SystemRandom
from typing import TYPE_CHECKING, Any

from .cork import Corks
from .frames import encode_json
from .handshake import HandshakeChecker
from .polling_application import PollingApplication
from .polling_transport import PollingTransport
from .session import Session
from .stats import Stats
from .timer_wheel import TimerWheel
from .uvicorn_websocket import websocket_protocol
from .websocket_transport import WebSocketTransport

if TYPE_CHECKING:
    from collections.abc import Callable

    from .options import EngineOptions
    from .request import Request
    from .session import Transport

# Seconds that a transport may take to close before it is aborted.
CLOSE_TIMEOUT = 3.0

# Steps in which sessions are closed that are not to come back together.
CLOSING_STEPS = 50

_random = SystemRandom()


class EngineServer:
    """An Engine.IO 4 server: long polling, WebSocket and the upgrade between them.

    `on_open(session)`, `on_message(session, data)` and `on_close(session, reason)` are plain
    functions called from the event loop; `data` is str or bytes. They must not block.
    `on_upgrade(session)` is called when a polling client has upgraded to WebSocket.
    """

    def __init__(
        self,
        options: EngineOptions,
        on_open: Callable[[Session], None],
        on_message: Callable[[Session, str | bytes], None],
        on_close: Callable[[Session, str], None],
        on_upgrade: Callable[[Session], None] | None = None,
    ) -> None:
        self.options = options
        self.stats = Stats()
        self.sessions: dict[str, Session] = {}
        self.wheel = TimerWheel()
        self.corks = Corks()
        self.accepting = True
        self._on_open = on_open
        self._on_message = on_message
        self._on_close = on_close
        self._on_upgrade = on_upgrade
        self.handshakes = HandshakeChecker(self)
        self._pings = self.wheel.add_queue(options.ping_interval, self._ping)
        self._pongs = self.wheel.add_queue(options.ping_timeout, self._pong_timed_out)
        self._upgrades = self.wheel.add_queue(options.upgrade_timeout, self._upgrade_timed_out)
        self._close_deadlines = self.wheel.add_queue(CLOSE_TIMEOUT, self._abort_overdue)
        self._closing: set[Transport] = set()
        self._all_closed: asyncio.Event | None = None
        # Closed polling sessions whose last packets have not been fetched.
        self.pending_close_packets: dict[str, PollingTransport] = {}

    @property
    def websocket_protocol(self) -> type[asyncio.Protocol]:
        """The class for uvicorn's `ws` setting."""
        return websocket_protocol(self)

    def asgi(self, inner: Any) -> PollingApplication:
        """Return an ASGI application that serves `options.path` and passes the rest to `inner`."""
        return PollingApplication(self, inner)

    def open(self, request: Request, transport: Transport) -> Session:
        """Open a session whose handshake has been checked, and send the open packet."""
        session = Session(
            self, self.options.id_prefix + secrets.token_urlsafe(15), request, transport
        )
        self.handshakes.register(session)
        self.sessions[session.id] = session
        self.stats.opened += 1
        upgrades = ["websocket"] if transport.name == "polling" else []
        session.send_packet(b"0" + encode_json(self._handshake_data(session, upgrades)))
        self._pings.add(session)
        self._on_open(session)
        return session

    def _handshake_data(self, session: Session, upgrades: list[str]) -> dict[str, object]:
        return {
            "sid": session.id,
            "upgrades": upgrades,
            "pingInterval": round(self.options.ping_interval * 1000),
            "pingTimeout": round(self.options.ping_timeout * 1000),
            "maxPayload": self.options.max_payload,
        }

    # ---- packets ----------------------------------------------------------------------------

    def handle_message(self, session: Session, data: str | bytes) -> None:
        """Pass on a message; text is without its packet type."""
        self.stats.messages_in += 1
        self.stats.bytes_in += len(data)
        if session.is_open:
            self._on_message(session, data)

    def handle_pong(self, session: Session) -> None:
        """Schedule the next heartbeat: the client has answered this one."""
        if session.pong_deadline and session.is_open:
            session.pong_deadline = 0.0
            self._pings.add(session)

    def _ping(self, session: Session, when: float) -> None:
        if session.is_open:
            session.pong_deadline = self._pongs.add(session, since=when)
            session.send_packet(b"2")

    def close_if_overdue(self, session: Session) -> bool:
        """Close a session whose pong is overdue; returns whether it was."""
        is_overdue = 0 < session.pong_deadline <= self.wheel.now()
        if is_overdue:
            self._pong_timed_out(session, session.pong_deadline)
        return is_overdue

    def _pong_timed_out(self, session: Session, when: float) -> None:
        if session.is_open and session.pong_deadline == when:
            self.stats.timed_out += 1
            self.close_session(session, "ping timeout")

    # ---- upgrades ---------------------------------------------------------------------------

    def begin_upgrade(self, session: Session, transport: WebSocketTransport) -> None:
        """Expect a probe from this WebSocket, within `upgrade_timeout`."""
        session.upgrade_transport = transport
        self._upgrades.add((session, transport))

    def release_poll(self, session: Session) -> None:
        """Answer the waiting poll, so that the client can switch to the probed WebSocket."""
        if isinstance(session.transport, PollingTransport):
            session.transport.upgrading = True
            session.transport.wake_poll()

    def complete_upgrade(self, session: Session, transport: WebSocketTransport) -> None:
        """Switch to the WebSocket; packets that waited for a poll are sent first."""
        polling = session.transport
        session.transport = transport
        session.upgrade_transport = None
        self.stats.upgraded += 1
        if isinstance(polling, PollingTransport):
            for packet in polling.take_all():
                transport.send_packet(packet)
        if self._on_upgrade is not None:
            self._on_upgrade(session)

    def abandon_upgrade(self, session: Session, transport: Transport) -> None:
        """Continue polling: the probing WebSocket has closed."""
        if session.upgrade_transport is transport:
            session.upgrade_transport = None
            if isinstance(session.transport, PollingTransport):
                session.transport.upgrading = False

    def _upgrade_timed_out(self, pair: tuple[Session, WebSocketTransport], _when: float) -> None:
        session, transport = pair
        if session.upgrade_transport is transport:
            self.abandon_upgrade(session, transport)
            self.close_transport(transport, 1002)

    # ---- the end ----------------------------------------------------------------------------

    def close_malformed(self, session: Session, code: int = 1002) -> None:
        """Close a session that violated the protocol."""
        self.stats.malformed += 1
        self.close_session(session, "parse error", code=code)

    def disconnect_slow_client(self, session: Session) -> None:
        """Abort a session whose client does not read, and drop what it has not read."""
        self.stats.cut_slow_readers += 1
        self._remove(session, "slow reader")
        session.transport.abort()

    def transport_lost(self, session: Session, reason: str = "transport close") -> None:
        """Remove a session whose transport closed by itself."""
        self._remove(session, reason)

    def close_session(
        self, session: Session, reason: str, *, code: int = 1000, silent: bool = False
    ) -> None:
        """Send what is queued, then close the transport.

        A waiting poll gets a close packet, or with `silent` a noop.
        """
        if session.is_open:
            self._remove(session, reason)
            self.close_transport(session.transport, code, silent=silent)

    def close_gracefully(self, session: Session, reason: str, code: int) -> None:
        """Close a session; a polling client may still fetch the queued packets."""
        transport = session.transport
        if session.is_open and isinstance(transport, PollingTransport):
            transport.sid = session.id
            transport.binding = session.binding
            self.pending_close_packets[session.id] = transport
            self._close_deadlines.add(transport)
        self.close_session(session, reason, code=code)

    def close_transport(self, transport: Transport, code: int, *, silent: bool = False) -> None:
        """Close a transport; it is aborted after `CLOSE_TIMEOUT`."""
        if isinstance(transport, WebSocketTransport):
            self._closing.add(transport)
            self._close_deadlines.add(transport)
        transport.finish(code, silent=silent)

    def transport_closed(self, transport: Transport) -> None:
        """Note that a closing transport has closed."""
        self._closing.discard(transport)
        if self._all_closed is not None and not self._closing:
            self._all_closed.set()

    def discard_close_packets(self, transport: PollingTransport) -> None:
        """Forget a closed session whose last packets were fetched."""
        self.pending_close_packets.pop(transport.sid, None)

    def _remove(self, session: Session, reason: str) -> None:
        if not session.is_open:
            return
        session.is_open = False
        self.sessions.pop(session.id, None)
        self.handshakes.unregister(session)
        self.stats.closed += 1
        upgrading = session.upgrade_transport
        if upgrading is not None:
            session.upgrade_transport = None
            self.close_transport(upgrading, 1000)
        self._on_close(session, reason)

    def _abort_overdue(self, transport: Transport, _when: float) -> None:
        if transport in self._closing:
            self._closing.discard(transport)
            transport.abort()
        elif isinstance(transport, PollingTransport):
            self.discard_close_packets(transport)

    async def close_one_by_one(self, seconds: float) -> None:
        """Close all sessions with "going away" (1001), spread over some seconds."""
        sessions = list(self.sessions.values())
        _random.shuffle(sessions)
        for step in range(CLOSING_STEPS):
            for session in sessions[step::CLOSING_STEPS]:
                self.close_session(session, "server shutting down", code=1001, silent=True)
            await asyncio.sleep(seconds / CLOSING_STEPS)

    async def shutdown(self, grace: float = CLOSE_TIMEOUT) -> None:
        """Refuse new sessions and close all with "going away" (1001).

        Returns within `grace` seconds; transports that are still open by then are aborted.
        """
        self.accepting = False
        for session in tuple(self.sessions.values()):
            # Some clients do not reconnect after a close packet. Without one the next poll fails,
            # and they do.
            self.close_session(session, "server shutting down", code=1001, silent=True)
        if self._closing:
            self._all_closed = asyncio.Event()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(grace):
                    await self._all_closed.wait()
        for transport in tuple(self._closing):
            transport.abort()
        self._closing.clear()
        self.pending_close_packets.clear()
        self.wheel.stop()

    def connections(self) -> dict[str, int]:
        """Return the number of sessions on each transport."""
        return dict(Counter(session.transport.name for session in self.sessions.values()))
