"""Who is connected: lets sockets in by the same sessions as REST, and out when these end."""

import logging
from collections.abc import Callable, Mapping

from echosphere.core.caller import Caller
from echosphere.core.errors import TooMany
from echosphere.core.rate_limits import Rate, RateLimiter, address_key
from echosphere.realtime.socketio import Audiences, ConnectRefused, Server, Socket
from echosphere.web import Recognise, bearer_token

CONNECT_RATE = Rate("connections of an address", burst=300, every=0.2)
"""Each asks the database who comes, whether the token is a good one or not."""

log = logging.getLogger(__name__)


class Devices:
    """The connected sockets of each session.

    Args:
        server: The Socket.IO server whose connections are let in.
        audiences: Where a person's sockets are entered.
        recognise: The same function that recognises REST callers.
        cookie: The name of the session cookie.
        rate_limiter: How often one address tries to connect.
        most_of_a_person: Sockets that one person may have; None for any number.
    """

    def __init__(
        self,
        server: Server,
        audiences: Audiences,
        recognise: Recognise,
        cookie: str,
        *,
        rate_limiter: RateLimiter,
        most_of_a_person: int | None = None,
    ) -> None:
        self._server = server
        self._rate_limiter = rate_limiter
        self._audiences = audiences
        self._recognise = recognise
        self._cookie = cookie
        self._most = most_of_a_person
        self._sockets: dict[str, set[Socket]] = {}
        self._when_come: list[Callable[[Caller, str], None]] = []
        self._when_gone: list[Callable[[Caller, str], None]] = []
        server.on_connect(self._connected)
        server.on_disconnect(self._disconnected)

    async def _connected(self, socket: Socket, auth: object) -> None:
        try:
            self._rate_limiter.take(CONNECT_RATE, address_key(socket.address))
        except TooMany:
            raise ConnectRefused("too_many") from None
        token = self._token(socket, auth)
        caller = await self._recognise(token) if token else None
        if caller is None or not self._is_meant(caller, auth):
            raise ConnectRefused("unauthorized")
        if self._most is not None and len(self._audiences.sockets_of(caller.user_id)) >= self._most:
            raise ConnectRefused("too_many")
        socket.data = caller
        self._sockets.setdefault(caller.session_id, set()).add(socket)
        self._audiences.add(caller.user_id, socket)
        # The session may have ended while it was being looked up: ask once more now that an end
        # would find this socket.
        if await self._recognise(token or "") is None:
            self._leave(socket, caller)
            raise ConnectRefused("unauthorized")
        if socket.data is caller:  # it may have left meanwhile
            for listener in self._when_come:
                listener(caller, socket.id)

    def _disconnected(self, socket: Socket, _reason: str) -> None:
        if isinstance(socket.data, Caller):
            self._leave(socket, socket.data)

    def _leave(self, socket: Socket, caller: Caller) -> None:
        self._audiences.remove(socket)
        sockets = self._sockets.get(caller.session_id)
        if sockets is not None:
            sockets.discard(socket)
            if not sockets:
                del self._sockets[caller.session_id]
        socket.data = None
        for listener in self._when_gone:
            listener(caller, socket.id)

    def on_come(self, listener: Callable[[Caller, str], None]) -> None:
        """Have a function called with caller and socket's id when a device has connected."""
        self._when_come.append(listener)

    def on_gone(self, listener: Callable[[Caller, str], None]) -> None:
        """Have a function called with caller and socket's id when a device is connected no more."""
        self._when_gone.append(listener)

    def _is_meant(self, caller: Caller, auth: object) -> bool:
        """Tell whether a page is still the caller's: in its browser somebody else may be by now."""
        meant = auth.get("user") if isinstance(auth, Mapping) else None
        return meant is None or meant == caller.user_id

    def _token(self, socket: Socket, auth: object) -> str | None:
        given = auth.get("token") if isinstance(auth, Mapping) else None
        if isinstance(given, str) and given:
            return given
        return bearer_token(socket.request.headers) or socket.request.cookie(self._cookie)

    def sessions(self) -> list[str]:
        """Return the sessions that have a socket at the moment."""
        return list(self._sockets)

    def reconnect_all(self) -> None:
        """Close every socket; clients connect again by themselves, and ask for what they missed."""
        for socket in tuple(self._server.sockets):
            socket.disconnect(close=True)

    def sign_out(self, session: str, reason: str = "expired") -> None:
        """Tell the sockets of an ended session so, and why, and close them."""
        for socket in tuple(self._sockets.get(session, ())):
            if isinstance(socket.data, Caller):
                self._leave(socket, socket.data)
            socket.emit("signed_out", {"reason": reason})
            socket.disconnect(close=True)
