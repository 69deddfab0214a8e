"""One client in one namespace, as the rest of a program sees it."""

from __future__ import annotations

import asyncio
import secrets
from typing import TYPE_CHECKING, Any

from .frames import Frame, event_packet, frame, frame_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from .audiences import Audiences
    from .connection import Connection
    from .request import Request

MAX_WAITING_ACKS = 1000


class CallFailed(Exception):  # noqa: N818
    """A `call` was not answered in time, or the client left first."""


class Socket:
    """A client of a namespace.

    `id` is its Socket.IO id, `namespace` the name of its namespace, `auth` what came with
    CONNECT, `request` the handshake, `data` the program's own. Sending never awaits: a frame is
    written or queued at once, and a client that does not take its frames is cut off
    (`Options.max_buffer`). Frames sent before the connection is confirmed are kept until then.
    """

    __slots__ = (
        "__weakref__",
        "_acks",
        "_held",
        "_held_size",
        "_next_ack",
        "audiences",
        "auth",
        "connected",
        "connection",
        "data",
        "id",
        "is_gone",
        "namespace",
    )

    def __init__(self, connection: Connection, namespace: str, auth: Any) -> None:
        self.id = secrets.token_urlsafe(15)
        self.namespace = namespace
        self.auth = auth
        self.data: Any = None
        self.connected = False
        self.is_gone = False
        self.connection = connection
        self.audiences: Audiences | None = None
        self._held: list[Frame] | None = None
        self._held_size = 0
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
        """Where the client is, as `Options.client_address` says."""
        return self.connection.session.address

    @property
    def transport_name(self) -> str:
        """ "websocket" or "polling"; a polling client may change to websocket."""
        return self.connection.session.transport.name

    def emit(self, event: str, *args: object) -> None:
        """Send an event. Arguments as in `frame`."""
        self.send(frame(event, *args, namespace=self.namespace))

    def send(self, encoded: Frame) -> None:
        """Send a frame of this namespace that may be going to many others as well."""
        if encoded.namespace != self.namespace:
            raise ValueError(f"a frame for {encoded.namespace} cannot go to {self.namespace}")
        if self.connected:
            self.connection.session.send_frame(encoded)
        elif not self.is_gone:
            self._hold(encoded)

    async def call(self, event: str, *args: object, timeout: float = 10.0) -> list[Any]:  # noqa: ASYNC109
        """Send an event and wait for its acknowledgement; returns the acknowledged arguments.

        Raises CallFailed when no answer comes in time or the client leaves.
        """
        if self._acks is None:
            self._acks = {}
        if self.is_gone or len(self._acks) >= MAX_WAITING_ACKS:
            raise CallFailed("the client is gone or has too many calls waiting")
        number, self._next_ack = self._next_ack, self._next_ack + 1
        answer: asyncio.Future[list[Any]] = asyncio.get_running_loop().create_future()
        self._acks[number] = answer
        self.send(frame_of(event_packet(event, args, self.namespace, number), self.namespace))
        try:
            async with asyncio.timeout(timeout):
                return await answer
        except TimeoutError as error:
            raise CallFailed(f"no answer to {event!r} in time") from error
        finally:
            self._acks.pop(number, None)

    def disconnect(self, close: bool = True) -> None:
        """Send the client away; it will not come back by itself. From now on nothing is sent.

        With `close` the whole connection is closed, else only this namespace is left.
        """
        self.connection.expel(self, close=close)

    # ---- for the connection and the audiences -----------------------------------------------

    def direct_write(self) -> Callable[[bytes], None] | None:
        """The WebSocket's own write, for frames that are framed already; None if not on one."""
        if not self.connected:
            return None
        write: Callable[[bytes], None] | None = getattr(
            self.connection.session.transport, "write", None
        )
        return write

    def confirm(self) -> None:
        """The client has been told that it is connected: send what was held back."""
        self.connected = True
        held, self._held = self._held, None
        for each in held or ():
            self.connection.session.send_frame(each)
        if self.audiences is not None:
            self.audiences.refresh()

    def resolve(self, number: int, args: list[Any]) -> None:
        """An acknowledgement arrived; unknown numbers are ignored."""
        answer = (self._acks or {}).pop(number, None)
        if answer is not None and not answer.done():
            answer.set_result(args)

    def leave(self) -> None:
        """The end, for whatever reason: nothing more is sent, nobody is waited for."""
        self.connected = False
        self.is_gone = True
        self._held = None
        if self.audiences is not None:
            self.audiences.leave(self)
        for answer in (self._acks or {}).values():
            if not answer.done():
                answer.set_exception(CallFailed("the client left"))

    def _hold(self, encoded: Frame) -> None:
        if self._held is None:
            self._held = []
        self._held.append(encoded)
        self._held_size += len(encoded.wire)
        if self._held_size > self.connection.server.options.max_buffer:
            self.connection.server.engine.cut_slow_reader(self.connection.session)
