"""Socket.IO 5: namespaces, sockets and their events on top of an Engine.IO server."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

from .codec import MalformedPacket
from .connection import Connection
from .engine import EngineServer
from .namespace import Namespace

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from .options import Options
    from .polling_application import PollingApplication
    from .session import Session
    from .socket import Socket

# How long a stopping server waits for the calls that are running, in seconds.
CALLS_PATIENCE = 3.0

_log = logging.getLogger(__name__)


class Server(Namespace):
    """A Socket.IO 5 server; it is itself its main namespace "/".

    `sockets` holds the connected sockets of all namespaces. Handlers run on the event loop that
    serves the connections.
    """

    def __init__(self, options: Options) -> None:
        super().__init__("/")
        self.options = options
        self.namespaces: dict[str, Namespace] = {"/": self}
        self.sockets: set[Socket] = set()
        self.engine = EngineServer(options, self._open, self._take, self._close, self._moved)
        self._connects = self.engine.wheel.queue(options.connect_timeout, self._miss_connect)
        self._attachments = self.engine.wheel.queue(
            options.attachment_timeout, self._miss_attachments
        )
        self._tasks: set[asyncio.Task[None]] = set()

    def namespace(self, name: str) -> Namespace:
        """The namespace of this name, made when first asked for. A client cannot make one."""
        if not name.startswith("/") or "," in name:
            raise ValueError("the name of a namespace starts with a slash and has no comma")
        return self.namespaces.setdefault(name, Namespace(name))

    @property
    def websocket_protocol(self) -> type[asyncio.Protocol]:
        """The class for uvicorn's `ws` setting: `uvicorn.Config(app, ws=...)`."""
        return self.engine.websocket_protocol

    def asgi(self, inner: Any) -> PollingApplication:
        """An ASGI application: long polling at `options.path`, everything else to `inner`."""
        return self.engine.asgi(inner)

    def stats(self) -> dict[str, int]:
        """Counters since the start, and how many sessions and sockets there are now."""
        current = self.engine.connections()
        return self.engine.stats.as_dict() | {
            "sockets": len(self.sockets),
            "websocket": current.get("websocket", 0),
            "polling": current.get("polling", 0),
        }

    async def shutdown(self) -> None:
        """Refuse new connections, let running calls be answered, close everybody (1001).

        Takes a few seconds at most. Call it before the HTTP server waits for its connections to
        end, because polls wait here. Clients reconnect by themselves, elsewhere or later.
        """
        self.engine.accepting = False
        if self._tasks:
            await asyncio.wait(tuple(self._tasks), timeout=CALLS_PATIENCE)
        await self.engine.shutdown()
        if self._tasks:
            await asyncio.wait(tuple(self._tasks), timeout=CALLS_PATIENCE)

    # ---- for the connections ----------------------------------------------------------------

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Run a handler; the task is kept until it ends, else it could be collected."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def expect_connect(self, connection: Connection) -> None:
        """The connection has to join a namespace in time."""
        connection.connect_by = self._connects.add(connection)

    def expect_attachments(self, connection: Connection) -> float:
        """The connection has to send its attachments in time; returns until when."""
        return self._attachments.add(connection)

    def announce_departure(self, socket: Socket, reason: str) -> None:
        """Tell the namespace that a socket is gone."""
        handler = self.namespaces[socket.namespace].disconnected
        if handler is None:
            return
        try:
            answer = handler.call(socket, reason)
        except Exception:
            _log.exception("the disconnect handler of %s failed", socket.namespace)
        else:
            if asyncio.iscoroutine(answer):
                self.spawn(_logged(answer, socket.namespace))

    def _open(self, session: Session) -> None:
        session.data = connection = Connection(self, session)
        self.expect_connect(connection)

    def _take(self, session: Session, data: str | bytes) -> None:
        try:
            session.data.take(data)
        except MalformedPacket:
            self.engine.malformed(session)

    def _close(self, session: Session, reason: str) -> None:
        session.data.end(reason)

    def _moved(self, session: Session) -> None:
        session.data.refresh()

    def _miss_connect(self, connection: Connection, when: float) -> None:
        is_due = connection.connect_by == when and not connection.has_sockets
        if connection.session.is_open and is_due:
            self.engine.stats.timed_out += 1
            connection.session.close("connect timeout", 1008)

    def _miss_attachments(self, connection: Connection, when: float) -> None:
        if connection.session.is_open and connection.give_up_attachments(when):
            self.engine.malformed(connection.session)


async def _logged(work: Coroutine[Any, Any, None], namespace: str) -> None:
    try:
        await work
    except Exception:
        _log.exception("the disconnect handler of %s failed", namespace)
