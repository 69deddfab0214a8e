"""Checks each request before it reaches a session: origin, version, address and binding."""

from __future__ import annotations

from collections import Counter
from http import HTTPStatus
from math import ceil
from typing import TYPE_CHECKING, Protocol

from .polling_transport import PollingTransport
from .rejection import (
    BAD_METHOD,
    BAD_REQUEST,
    BAD_VERSION,
    FORBIDDEN,
    UNKNOWN_SESSION,
    UNKNOWN_TRANSPORT,
    Rejected,
)

if TYPE_CHECKING:
    from .options import EngineOptions
    from .request import Request
    from .session import Session
    from .stats import Stats


class HandshakeEngine(Protocol):
    """What the checks need of an engine."""

    options: EngineOptions
    stats: Stats
    accepting: bool
    sessions: dict[str, Session]
    pending_close_packets: dict[str, PollingTransport]

    def close_if_overdue(self, session: Session) -> bool: ...


class HandshakeChecker:
    """Checks requests against the options and the sessions of an engine."""

    def __init__(self, engine: HandshakeEngine) -> None:
        self._engine = engine
        self._options = engine.options
        self._addresses: Counter[str] = Counter()
        self._processes = 1

    def share(self, processes: int) -> None:
        """Allow a part of the sockets of an address: so many equal processes count for themselves."""
        self._processes = processes

    def check_handshake(self, request: Request) -> None:
        """Check that a new session may be opened; raises Rejected."""
        self._check_origin(request)
        if request.query.get("EIO") != "4":
            raise self._reject(BAD_VERSION)
        if not self._engine.accepting:
            raise self._reject(BAD_REQUEST, HTTPStatus.SERVICE_UNAVAILABLE, "Shutting down")
        limit = self._options.max_sockets_per_address
        if limit is not None and self._addresses[self._options.client_address(request)] >= ceil(
            limit / self._processes
        ):
            raise self._reject(FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS, "Too many connections")

    def check_transport(self, request: Request, *, upgrade: bool) -> None:
        """Check that the transport is known and fits the request; raises Rejected."""
        name = request.query.get("transport")
        if name not in {"polling", "websocket"}:
            raise self._reject(UNKNOWN_TRANSPORT)
        if (name == "websocket") is not upgrade:
            raise self._reject(BAD_REQUEST)

    def get_polling_session(self, request: Request) -> tuple[Session | None, PollingTransport]:
        """Return the polling session of this request; raises Rejected.

        Of a session that was closed with packets still to be fetched only the transport is left.
        """
        session = self._find_session(request)
        if session is None:
            return None, self._get_closed_transport(request)
        if not isinstance(session.transport, PollingTransport):
            raise self._reject(BAD_REQUEST)
        return session, session.transport

    def get_session_to_upgrade(self, request: Request) -> Session:
        """Return the session that this WebSocket request names; raises Rejected.

        Whether the WebSocket may take it over is decided once it is open: one that is too late is
        accepted and then closed, as the protocol's conformance suites expect.
        """
        session = self._find_session(request)
        if session is None:
            raise self._reject(UNKNOWN_SESSION)
        return session

    def register(self, session: Session) -> None:
        """Count a new session and store the binding that its later requests must have."""
        request = session.request
        session.address = self._options.client_address(request)
        session.binding = self._options.binding(request)
        self._addresses[session.address] += 1

    def unregister(self, session: Session) -> None:
        """Stop counting a closed session."""
        self._addresses[session.address] -= 1
        if not self._addresses[session.address]:
            del self._addresses[session.address]

    def reject_malformed(self) -> Rejected:
        """Return the error for a request that cannot be parsed."""
        return self._reject(BAD_REQUEST)

    def reject_method(self) -> Rejected:
        """Return the error for an unsupported method."""
        return self._reject(BAD_METHOD)

    def _find_session(self, request: Request) -> Session | None:
        self._check_origin(request)
        session = self._engine.sessions.get(request.query.get("sid", ""))
        if session is not None:
            self._check_alive(session)
            self._check_binding(session.binding, request)
        return session

    def _check_origin(self, request: Request) -> None:
        if not self._options.allows_origin(request):
            raise self._reject(FORBIDDEN, HTTPStatus.FORBIDDEN)

    def _check_binding(self, expected: str | None, request: Request) -> None:
        # Answered like an unknown session, so that session ids cannot be guessed.
        if self._options.binding(request) != expected:
            raise self._reject(UNKNOWN_SESSION)

    def _check_alive(self, session: Session) -> None:
        # The timer may run a moment late; an overdue pong counts anyway.
        if self._engine.close_if_overdue(session):
            raise self._reject(UNKNOWN_SESSION)

    def _get_closed_transport(self, request: Request) -> PollingTransport:
        transport = self._engine.pending_close_packets.get(request.query.get("sid", ""))
        if transport is None:
            raise self._reject(UNKNOWN_SESSION)
        self._check_binding(transport.binding, request)
        return transport

    def _reject(
        self, code: int, status: HTTPStatus = HTTPStatus.BAD_REQUEST, message: str | None = None
    ) -> Rejected:
        self._engine.stats.refused += 1
        return Rejected(code, status, message)
