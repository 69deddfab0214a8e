"""One client in one namespace, as a program sees it."""

from __future__ import annotations

import asyncio
import secrets
from typing import TYPE_CHECKING, Any, Protocol

from ..engineio import Frame
from .encoder import event_frame, event_packet, packet_frame

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..engineio import Frame, Request, Session
    from .options import Options

MAX_PENDING_ACKS = 1000


class CallFailed(Exception):  # noqa: N818
    """A `call` was not answered in time, or the client left first."""


class SocketConnection(Protocol):
    """What a socket needs of its connection."""

    session: Session
    options: Options
    pending_calls: int

    def disconnect(self, socket: Socket, *, close: bool) -> None: ...


class SocketAudiences(Protocol):
    """What a socket tells the audiences that it belongs to."""

    def remove(self, socket: Socket) -> None: ...
    def receivers_changed(self) -> None: ...


class Socket:
    """A client of a namespace.

    `id` is its Socket.IO id, `namespace` the name of its namespace, `auth` what came with
    CONNECT, `request` the handshake; `data` is free for the program. Sending never awaits: a frame is
    written or queued at once, and a client that does not read is disconnected
    (`Options.max_buffer`). Frames sent before the connection is confirmed are queued until then.
    """

    __slots__ = (
        "__weakref__",
        "_acks",
        "_next_ack",
        "_queued",
        "_queued_size",
        "audiences",
        "auth",
        "connected",
        "connection",
        "data",
        "id",
        "is_closed",
        "namespace",
    )

    def __init__(self, connection: SocketConnection, namespace: str, auth: Any) -> None:
        self.id = secrets.token_urlsafe(15)
        self.namespace = namespace
        self.auth = auth
        self.data: Any = None
        self.connected = False
        self.is_closed = False
        self.connection = connection
        self.audiences: SocketAudiences | None = None
        self._queued: list[Frame] | None = None
        self._queued_size = 0
        self._acks: dict[int, asyncio.Future[list[Any]]] | None = None
        self._next_ack = 0

    def __repr__(self) -> str:
        return f"<Socket {self.id} in {self.namespace}>"

    @property
    def request(self) -> Request:
        """The request that opened the connection."""
        return self.connection.session.request

    @property
    def address(self) -> str:
        """The address of the client, as returned by `Options.client_address`."""
        return self.connection.session.address

    @property
    def transport_name(self) -> str:
        """ "websocket" or "polling"; a polling client may change to websocket."""
        return self.connection.session.transport.name

    def emit(self, event: str, *args: object) -> None:
        """Send an event. Arguments as in `event_frame`."""
        self.send(event_frame(event, *args, namespace=self.namespace))

    def send(self, encoded: Frame) -> None:
        """Send a frame of this namespace; the same frame may go to many sockets."""
        if encoded.namespace != self.namespace:
            raise ValueError(f"a frame for {encoded.namespace} cannot go to {self.namespace}")
        if self.connected:
            self.connection.session.send_frame(encoded)
        elif not self.is_closed:
            self._queue(encoded)

    async def call(self, event: str, *args: object, timeout: float = 10.0) -> list[Any]:  # noqa: ASYNC109
        """Send an event and wait for its acknowledgement; returns the acknowledged arguments.

        Raises CallFailed when no answer comes in time or the client leaves.
        """
        if self._acks is None:
            self._acks = {}
        if self.is_closed or len(self._acks) >= MAX_PENDING_ACKS:
            raise CallFailed("the client is gone or has too many calls waiting")
        number, self._next_ack = self._next_ack, self._next_ack + 1
        answer: asyncio.Future[list[Any]] = asyncio.get_running_loop().create_future()
        self._acks[number] = answer
        self.send(packet_frame(event_packet(event, args, self.namespace, number), self.namespace))
        try:
            async with asyncio.timeout(timeout):
                return await answer
        except TimeoutError as error:
            raise CallFailed(f"no answer to {event!r} in time") from error
        finally:
            self._acks.pop(number, None)

    def disconnect(self, close: bool = True) -> None:
        """Disconnect the client, which does not reconnect by itself.

        With `close` the whole connection is closed, else only this namespace.
        """
        self.connection.disconnect(self, close=close)

    # ---- for the connection and the audiences -----------------------------------------------

    def direct_write(self) -> Callable[[bytes], None] | None:
        """The write method of the WebSocket, for complete frames; None while polling."""
        if not self.connected:
            return None
        write: Callable[[bytes], None] | None = getattr(
            self.connection.session.transport, "write", None
        )
        return write

    def confirm_connected(self) -> None:
        """Send what was queued until the client was told that it is connected."""
        self.connected = True
        queued, self._queued = self._queued, None
        for each in queued or ():
            self.connection.session.send_frame(each)
        if self.audiences is not None:
            self.audiences.receivers_changed()

    def resolve_ack(self, number: int, args: list[Any]) -> None:
        """Pass on an acknowledgement; unknown numbers are ignored."""
        answer = (self._acks or {}).pop(number, None)
        if answer is not None and not answer.done():
            answer.set_result(args)

    def close(self) -> None:
        """Stop sending, and fail the calls that wait for an answer."""
        self.connected = False
        self.is_closed = True
        self._queued = None
        if self.audiences is not None:
            self.audiences.remove(self)
        for answer in (self._acks or {}).values():
            if not answer.done():
                answer.set_exception(CallFailed("the client left"))

    def _queue(self, encoded: Frame) -> None:
        if self._queued is None:
            self._queued = []
        self._queued.append(encoded)
        self._queued_size += len(encoded.wire)
        if self._queued_size > self.connection.options.max_buffer:
            session = self.connection.session
            session.engine.disconnect_slow_client(session)
