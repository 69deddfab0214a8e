"""Engine.IO 4: sessions, handshakes, heartbeats, upgrades and the end of all of them."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections import Counter
from typing import TYPE_CHECKING, Any

from .admission import Admission
from .cork import Corks
from .frames import encode_json
from .polling import PollingTransport
from .polling_application import PollingApplication
from .session import Session
from .stats import Stats
from .uvicorn_websocket import websocket_protocol
from .websocket import WebSocketTransport
from .wheel import Wheel

if TYPE_CHECKING:
    from collections.abc import Callable

    from .options import Options
    from .request import Request
    from .session import Transport

# How long a closed transport may take to say goodbye before it is cut.
FAREWELL = 3.0


class EngineServer:
    """An Engine.IO 4 server: long polling, WebSocket, and the way from one to the other.

    `on_open(session)`, `on_message(session, data)` and `on_close(session, reason)` are plain
    functions called from the event loop; `data` is str or bytes. They must not block.
    `on_upgrade(session)` is called when a polling client has moved to WebSocket.
    """

    def __init__(
        self,
        options: Options,
        on_open: Callable[[Session], None],
        on_message: Callable[[Session, str | bytes], None],
        on_close: Callable[[Session, str], None],
        on_upgrade: Callable[[Session], None] | None = None,
    ) -> None:
        self.options = options
        self.stats = Stats()
        self.sessions: dict[str, Session] = {}
        self.wheel = Wheel()
        self.corks = Corks()
        self.accepting = True
        self._on_open = on_open
        self._on_message = on_message
        self._on_close = on_close
        self._on_upgrade = on_upgrade
        self.admission = Admission(self)
        self._pings = self.wheel.queue(options.ping_interval, self._ping)
        self._pongs = self.wheel.queue(options.ping_timeout, self._miss_pong)
        self._upgrades = self.wheel.queue(options.upgrade_timeout, self._give_up_upgrade)
        self._farewells = self.wheel.queue(FAREWELL, self._cut)
        self._leaving: set[Transport] = set()
        self._all_left: asyncio.Event | None = None
        # Closed polling sessions whose last packets are still to be fetched.
        self.last_words: dict[str, PollingTransport] = {}

    @property
    def websocket_protocol(self) -> type[asyncio.Protocol]:
        """The class for uvicorn's `ws` setting."""
        return websocket_protocol(self)

    def asgi(self, inner: Any) -> PollingApplication:
        """An ASGI application that answers `options.path` and hands the rest to `inner`."""
        return PollingApplication(self, inner)

    def open(self, request: Request, transport: Transport) -> Session:
        """Open a session and greet the client; the handshake has been checked."""
        session = Session(self, secrets.token_urlsafe(15), request, transport)
        self.admission.enter(session)
        self.sessions[session.id] = session
        self.stats.opened += 1
        upgrades = ["websocket"] if transport.name == "polling" else []
        session.send_packet(b"0" + encode_json(self._greeting(session, upgrades)))
        self._pings.add(session)
        self._on_open(session)
        return session

    def _greeting(self, session: Session, upgrades: list[str]) -> dict[str, object]:
        return {
            "sid": session.id,
            "upgrades": upgrades,
            "pingInterval": round(self.options.ping_interval * 1000),
            "pingTimeout": round(self.options.ping_timeout * 1000),
            "maxPayload": self.options.max_payload,
        }

    # ---- packets ----------------------------------------------------------------------------

    def take_message(self, session: Session, data: str | bytes) -> None:
        """A message arrived; text without its packet type."""
        self.stats.messages_in += 1
        self.stats.bytes_in += len(data)
        if session.is_open:
            self._on_message(session, data)

    def take_pong(self, session: Session) -> None:
        """The client answered the heartbeat; the next one comes an interval later."""
        if session.pong_by and session.is_open:
            session.pong_by = 0.0
            self._pings.add(session)

    def _ping(self, session: Session, when: float) -> None:
        if session.is_open:
            session.pong_by = self._pongs.add(session, since=when)
            session.send_packet(b"2")

    def end_if_overdue(self, session: Session) -> bool:
        """End a session whose pong should be here by now, and tell whether it was so."""
        is_overdue = 0 < session.pong_by <= self.wheel.now()
        if is_overdue:
            self._miss_pong(session, session.pong_by)
        return is_overdue

    def _miss_pong(self, session: Session, when: float) -> None:
        if session.is_open and session.pong_by == when:
            self.stats.timed_out += 1
            self.end(session, "ping timeout")

    # ---- upgrades ---------------------------------------------------------------------------

    def begin_upgrade(self, session: Session, transport: WebSocketTransport) -> None:
        """A WebSocket of this session is open and is going to probe."""
        session.upgrading = transport
        self._upgrades.add((session, transport))

    def probe(self, session: Session) -> None:
        """The WebSocket works: end the waiting poll, so that the client can switch."""
        if isinstance(session.transport, PollingTransport):
            session.transport.probed = True
            session.transport.release()

    def complete_upgrade(self, session: Session, transport: WebSocketTransport) -> None:
        """The client has switched; what was waiting for a poll goes first."""
        polling = session.transport
        session.transport = transport
        session.upgrading = None
        self.stats.upgraded += 1
        if isinstance(polling, PollingTransport):
            for packet in polling.leave():
                transport.send_packet(packet)
        if self._on_upgrade is not None:
            self._on_upgrade(session)

    def abandon_upgrade(self, session: Session, transport: Transport) -> None:
        """The probing WebSocket is gone; the session goes on polling."""
        if session.upgrading is transport:
            session.upgrading = None
            if isinstance(session.transport, PollingTransport):
                session.transport.probed = False

    def _give_up_upgrade(self, pair: tuple[Session, WebSocketTransport], _when: float) -> None:
        session, transport = pair
        if session.upgrading is transport:
            self.abandon_upgrade(session, transport)
            self.dismiss(transport, 1002)

    # ---- the end ----------------------------------------------------------------------------

    def malformed(self, session: Session, code: int = 1002) -> None:
        """The client broke the protocol."""
        self.stats.malformed += 1
        self.end(session, "parse error", code=code)

    def cut_slow_reader(self, session: Session) -> None:
        """The client does not take what is sent to it: drop it and everything it has not taken."""
        self.stats.cut_slow_readers += 1
        self._forget(session, "slow reader")
        session.transport.abort()

    def lose(self, session: Session, reason: str = "transport close") -> None:
        """The transport is gone."""
        self._forget(session, reason)

    def end(self, session: Session, reason: str, *, code: int = 1000, silent: bool = False) -> None:
        """Close a session: what is waiting is still sent, then the transport closes.

        A waiting poll gets a close packet, or with `silent` a noop.
        """
        if session.is_open:
            self._forget(session, reason)
            self.dismiss(session.transport, code, silent=silent)

    def end_kindly(self, session: Session, reason: str, code: int) -> None:
        """Close a session on our own wish: a polling client may still fetch its last packets."""
        transport = session.transport
        if session.is_open and isinstance(transport, PollingTransport):
            transport.sid = session.id
            transport.binding = session.binding
            self.last_words[session.id] = transport
            self._farewells.add(transport)
        self.end(session, reason, code=code)

    def dismiss(self, transport: Transport, code: int, *, silent: bool = False) -> None:
        """Close a transport in good order; it is cut if that takes too long."""
        if isinstance(transport, WebSocketTransport):
            self._leaving.add(transport)
            self._farewells.add(transport)
        transport.finish(code, silent=silent)

    def is_gone(self, transport: Transport) -> None:
        """A dismissed transport has ended."""
        self._leaving.discard(transport)
        if self._all_left is not None and not self._leaving:
            self._all_left.set()

    def drop_last_words(self, transport: PollingTransport) -> None:
        """The client has fetched the last packets of its closed session."""
        self.last_words.pop(transport.sid, None)

    def _forget(self, session: Session, reason: str) -> None:
        if not session.is_open:
            return
        session.is_open = False
        self.sessions.pop(session.id, None)
        self.admission.leave(session)
        self.stats.closed += 1
        upgrading = session.upgrading
        if upgrading is not None:
            session.upgrading = None
            self.dismiss(upgrading, 1000)
        self._on_close(session, reason)

    def _cut(self, transport: Transport, _when: float) -> None:
        if transport in self._leaving:
            self._leaving.discard(transport)
            transport.abort()
        elif isinstance(transport, PollingTransport):
            self.drop_last_words(transport)

    async def shutdown(self, patience: float = FAREWELL) -> None:
        """Refuse new sessions, close all with "going away" (1001), wait until they have left.

        Returns within `patience` seconds; whoever has not left by then is cut.
        """
        self.accepting = False
        for session in tuple(self.sessions.values()):
            # Some clients take a close packet for a wish that they stay away. The next poll fails
            # instead, and they look for the server again.
            self.end(session, "server shutting down", code=1001, silent=True)
        if self._leaving:
            self._all_left = asyncio.Event()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(patience):
                    await self._all_left.wait()
        for transport in tuple(self._leaving):
            transport.abort()
        self._leaving.clear()
        self.last_words.clear()
        self.wheel.stop()

    def connections(self) -> dict[str, int]:
        """How many sessions are on each transport."""
        return dict(Counter(session.transport.name for session in self.sessions.values()))
