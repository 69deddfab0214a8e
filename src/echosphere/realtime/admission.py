"""Who is let in: origins, versions, addresses and bindings, checked before there is a session."""

from __future__ import annotations

from collections import Counter
from http import HTTPStatus
from typing import TYPE_CHECKING

from .polling import PollingTransport
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
    from .engine import EngineServer
    from .request import Request
    from .session import Session


class Admission:
    """Checks requests against the options and the sessions of an engine."""

    def __init__(self, engine: EngineServer) -> None:
        self._engine = engine
        self._options = engine.options
        self._addresses: Counter[str] = Counter()

    def check_handshake(self, request: Request) -> None:
        """Whether a new session may be opened, else Rejected. Opens nothing yet."""
        self._check_origin(request)
        if request.query.get("EIO") != "4":
            raise self._reject(BAD_VERSION)
        if not self._engine.accepting:
            raise self._reject(BAD_REQUEST, HTTPStatus.SERVICE_UNAVAILABLE, "Shutting down")
        limit = self._options.max_sockets_per_address
        if limit is not None and self._addresses[self._options.client_address(request)] >= limit:
            raise self._reject(FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS, "Too many connections")

    def check_transport(self, request: Request, *, upgrade: bool) -> None:
        """Whether the transport is known and fits the request, else Rejected."""
        name = request.query.get("transport")
        if name not in {"polling", "websocket"}:
            raise self._reject(UNKNOWN_TRANSPORT)
        if (name == "websocket") is not upgrade:
            raise self._reject(BAD_REQUEST)

    def get_polling_session(self, request: Request) -> tuple[Session | None, PollingTransport]:
        """The polling session that this request belongs to, else Rejected.

        A session that was closed with packets still to be fetched has only its transport left.
        """
        session = self._find_session(request)
        if session is None:
            return None, self._get_last_words(request)
        if not isinstance(session.transport, PollingTransport):
            raise self._reject(BAD_REQUEST)
        return session, session.transport

    def get_session_to_probe(self, request: Request) -> Session:
        """The session that this WebSocket request names, else Rejected.

        Whether the socket may take it over is settled when it is open: one that comes too late is
        accepted and then closed, as the protocol's conformance suites expect.
        """
        session = self._find_session(request)
        if session is None:
            raise self._reject(UNKNOWN_SESSION)
        return session

    def enter(self, session: Session) -> None:
        """Count a new session and remember what its later requests have to bring."""
        request = session.request
        session.address = self._options.client_address(request)
        session.binding = self._options.binding(request)
        self._addresses[session.address] += 1

    def leave(self, session: Session) -> None:
        """The session has ended."""
        self._addresses[session.address] -= 1
        if not self._addresses[session.address]:
            del self._addresses[session.address]

    def reject_malformed(self) -> Rejected:
        """The answer to a request that cannot be read."""
        return self._reject(BAD_REQUEST)

    def reject_method(self) -> Rejected:
        """The answer to a method that has no meaning here."""
        return self._reject(BAD_METHOD)

    def _find_session(self, request: Request) -> Session | None:
        self._check_origin(request)
        session = self._engine.sessions.get(request.query.get("sid", ""))
        if session is not None:
            self._check_alive(session)
            self._check_binding(session.binding, request)
        return session

    def _check_origin(self, request: Request) -> None:
        if not self._options.allows(request):
            raise self._reject(FORBIDDEN, HTTPStatus.FORBIDDEN)

    def _check_binding(self, expected: str | None, request: Request) -> None:
        # Answered like an unknown session: whoever lacks the binding learns nothing.
        if self._options.binding(request) != expected:
            raise self._reject(UNKNOWN_SESSION)

    def _check_alive(self, session: Session) -> None:
        # The timer may be a moment behind; an overdue pong counts all the same.
        if self._engine.end_if_overdue(session):
            raise self._reject(UNKNOWN_SESSION)

    def _get_last_words(self, request: Request) -> PollingTransport:
        transport = self._engine.last_words.get(request.query.get("sid", ""))
        if transport is None:
            raise self._reject(UNKNOWN_SESSION)
        self._check_binding(transport.binding, request)
        return transport

    def _reject(
        self, code: int, status: HTTPStatus = HTTPStatus.BAD_REQUEST, message: str | None = None
    ) -> Rejected:
        self._engine.stats.refused += 1
        return Rejected(code, status, message)
