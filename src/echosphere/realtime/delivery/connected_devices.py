"""Authenticates sockets by the same sessions as REST, and closes them when these end."""

from collections.abc import Callable, Mapping
from math import ceil

from echosphere.core.caller import Caller
from echosphere.core.errors import STEPS_NEEDED, TooMany, Unavailable
from echosphere.core.rate_limits import Rate, RateLimiter, address_key
from echosphere.core.scopes import KEY_PREFIX
from echosphere.realtime.socketio import (
    Audiences,
    ConnectRefused,
    Server,
    Socket,
    json_event_frame,
)
from echosphere.web import Authenticate, bearer_token
from echosphere.wire import Shape, encode

ProgramBegan = Callable[[Caller, str, str | None], None]
CONNECT_RATE = Rate("connections of an address", burst=300, every=0.2)
"""Each attempt reads the session from the database, with a valid token or not."""


class ConnectedDevices:
    """The connected sockets of each session.

    Args:
        server: The Socket.IO server.
        audiences: Where the sockets of users are registered.
        authenticate: The function that authenticates REST callers.
        cookie: The name of the session cookie.
        rate_limiter: How often one address tries to connect.
        most_of_a_person: None for any number.
    """

    def __init__(
        self,
        server: Server,
        audiences: Audiences,
        authenticate: Authenticate,
        cookie: str,
        *,
        rate_limiter: RateLimiter,
        max_sockets_per_user: int | None = None,
    ) -> None:
        self._server = server
        self._rate_limiter = rate_limiter
        self._audiences = audiences
        self._authenticate = authenticate
        self._cookie = cookie
        self._max_sockets = max_sockets_per_user
        self._processes = 1
        self._sockets: dict[str, set[Socket]] = {}
        self._connect_listeners: list[Callable[[Caller, str], None]] = []
        self._disconnect_listeners: list[Callable[[Caller, str], None]] = []
        self._programs: dict[str, Socket] = {}
        self._program_listeners: list[tuple[ProgramBegan, Callable[[str], None]]] = []
        self.authenticate_key: Authenticate | None = None
        """Finds the caller of a key; set by the feature that has them. Only those of bots may connect."""
        server.on_connect(self._connect)
        server.on_disconnect(self._disconnect)

    def share(self, processes: int) -> None:
        """Allow a part of the sockets of a user: so many equal processes count for themselves."""
        self._processes = processes

    async def _connect(self, socket: Socket, auth: object) -> None:
        try:
            self._rate_limiter.take(CONNECT_RATE, address_key(socket.address))
        except TooMany:
            raise ConnectRefused("too_many") from None
        token = self._token(socket, auth)
        caller = await self._caller(token)
        if caller is None or not self._matches_page_user(caller, auth):
            raise ConnectRefused("unauthorized")
        caller = caller.at(socket.address)
        if self._max_sockets is not None and self._count(caller) >= ceil(
            self._max_sockets / self._processes
        ):
            raise ConnectRefused("too_many")
        socket.data = caller
        self._sockets.setdefault(caller.session_id, set()).add(socket)
        if caller.is_bot:
            self._programs[socket.id] = socket
        else:
            self._audiences.add(caller.user_id, socket)
        # The session may have ended during the lookup: check once more now that ending it would
        # close this socket.
        try:
            await self._require_active(token)
        except ConnectRefused:
            self._leave(socket, caller)
            raise
        if socket.data is not caller:  # it may have disconnected meanwhile
            return
        if caller.is_bot:
            given = auth.get("after") if isinstance(auth, Mapping) else None
            for begin, _ in self._program_listeners:
                begin(caller, socket.id, given if isinstance(given, str) else None)
            return
        for listener in self._connect_listeners:
            listener(caller, socket.id)

    def _count(self, caller: Caller) -> int:
        """Return how many sockets a user has here, or the key of a bot."""
        if caller.is_bot:
            return len(self._sockets.get(caller.session_id, ()))
        return len(self._audiences.sockets_of(caller.user_id))

    async def _require_active(self, token: str | None) -> None:
        if await self._caller(token) is None:
            raise ConnectRefused("unauthorized")

    async def _caller(self, token: str | None) -> Caller | None:
        """Return the caller of a token; None also for who must confirm or set up something first."""
        try:
            if token and token.startswith(KEY_PREFIX) and self.authenticate_key is not None:
                found = await self.authenticate_key(token)
                return found if found is not None and found.is_bot else None
            return await self._authenticate(token) if token else None
        except STEPS_NEEDED:
            return None
        except Unavailable:  # logged by the database
            raise ConnectRefused("unavailable") from None

    def _disconnect(self, socket: Socket, _reason: str) -> None:
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
        if caller.is_bot:
            self._programs.pop(socket.id, None)
            for _, end in self._program_listeners:
                end(socket.id)
            return
        for listener in self._disconnect_listeners:
            listener(caller, socket.id)

    def on_program(self, began: ProgramBegan, ended: Callable[[str], None]) -> None:
        """Call functions when the socket of a bot has connected and disconnected.

        Bots are in no audience: nothing is sent to their sockets but by `emit_to`.

        Args:
            began: Gets the caller, the socket's id, and the cursor that the program sent, if any.
            ended: Gets the socket's id.
        """
        self._program_listeners.append((began, ended))

    def emit_to(self, socket: str, event: str, payload: Shape) -> None:
        """Send an event to the socket of a bot, if it is still connected."""
        found = self._programs.get(socket)
        if found is not None:
            found.send(json_event_frame(event, encode(payload)))

    def on_connect(self, listener: Callable[[Caller, str], None]) -> None:
        """Call a function with caller and socket id when a device has connected."""
        self._connect_listeners.append(listener)

    def on_disconnect(self, listener: Callable[[Caller, str], None]) -> None:
        """Call a function with caller and socket id when a device has disconnected."""
        self._disconnect_listeners.append(listener)

    def _matches_page_user(self, caller: Caller, auth: object) -> bool:
        """Whether the page belongs to the caller: another user may have signed in meanwhile."""
        page_user = auth.get("user") if isinstance(auth, Mapping) else None
        return page_user is None or page_user == caller.user_id

    def _token(self, socket: Socket, auth: object) -> str | None:
        given = auth.get("token") if isinstance(auth, Mapping) else None
        if isinstance(given, str) and given:
            return given
        return bearer_token(socket.request.headers) or socket.request.cookie(self._cookie)

    def session_ids(self) -> list[str]:
        """Return the ids of the sessions that have a socket."""
        return list(self._sockets)

    def user_ids(self, has: Callable[[str], bool] = lambda _role: True) -> frozenset[str]:
        """Return the ids of the connected users whose role is one that is asked for."""
        callers = (one.data for sockets in self._sockets.values() for one in sockets)
        return frozenset(
            one.user_id for one in callers if isinstance(one, Caller) and has(one.role)
        )

    def disconnect_all(self) -> None:
        """Close every socket; clients reconnect by themselves and fetch what they missed."""
        for socket in tuple(self._server.sockets):
            socket.disconnect(close=True)

    def sign_out(self, session_id: str, reason: str = "expired") -> None:
        """Send `signed_out` to the sockets of an ended session and close them."""
        for socket in tuple(self._sockets.get(session_id, ())):
            if isinstance(socket.data, Caller):
                self._leave(socket, socket.data)
            socket.emit("signed_out", {"reason": reason})
            socket.disconnect(close=True)
