"""The Socket.IO 5 server: namespaces, sockets and events on top of an Engine.IO server."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

from ..engineio import EngineServer
from .connection import Connection
from .decoder import MalformedPacket
from .namespace import Namespace

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from ..engineio import PollingApplication, Session
    from .options import Options
    from .socket import Socket

# Seconds that a stopping server waits for running calls.
CALLS_TIMEOUT = 3.0

_log = logging.getLogger(__name__)


class Server(Namespace):
    """A Socket.IO 5 server, which is also its main namespace "/".

    `sockets` holds the connected sockets of all namespaces. Handlers run on the event loop that
    serves the connections.
    """

    def __init__(self, options: Options) -> None:
        super().__init__("/")
        self.options = options
        self.namespaces: dict[str, Namespace] = {"/": self}
        self.sockets: set[Socket] = set()
        self.engine = EngineServer(options, self._open, self._receive, self._close, self._upgraded)
        self._connect_deadlines = self.engine.wheel.add_queue(
            options.connect_timeout, self._connect_timed_out
        )
        self._attachment_deadlines = self.engine.wheel.add_queue(
            options.attachment_timeout, self._attachments_timed_out
        )
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None

    def namespace(self, name: str) -> Namespace:
        """Return the namespace of this name, created on first use. Clients cannot create one."""
        if not name.startswith("/") or "," in name:
            raise ValueError("the name of a namespace starts with a slash and has no comma")
        return self.namespaces.setdefault(name, Namespace(name))

    @property
    def websocket_protocol(self) -> type[asyncio.Protocol]:
        """The class for uvicorn's `ws` setting: `uvicorn.Config(app, ws=...)`."""
        return self.engine.websocket_protocol

    def asgi(self, inner: Any) -> PollingApplication:
        """Return an ASGI application: long polling at `options.path`, everything else to `inner`."""
        return self.engine.asgi(inner)

    def stats(self) -> dict[str, int]:
        """Return counters since the start, and the current numbers of sessions and sockets."""
        current = self.engine.connections()
        return self.engine.stats.as_dict() | {
            "sockets": len(self.sockets),
            "websocket": current.get("websocket", 0),
            "polling": current.get("polling", 0),
        }

    async def shutdown(self, spread: float = 0) -> None:
        """Refuse new connections, wait for running calls, close all connections (1001).

        Takes a few seconds at most. Call it before the HTTP server waits for its connections to
        end, because polls wait here. Clients reconnect by themselves: all at once, or spread over
        some seconds.
        """
        self.engine.accepting = False
        if spread:
            await self.engine.close_one_by_one(spread)
        if self._tasks:
            await asyncio.wait(tuple(self._tasks), timeout=CALLS_TIMEOUT)
        await self.engine.shutdown()
        if self._tasks:
            await asyncio.wait(tuple(self._tasks), timeout=CALLS_TIMEOUT)

    # ---- for the connections ----------------------------------------------------------------

    def start_task(self, work: Coroutine[Any, Any, None]) -> None:
        """Run a handler; a reference to the task is kept, or it could be garbage-collected."""
        if self._loop is None:  # asked for once, since each answer takes a system call
            self._loop = asyncio.get_running_loop()
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def start_connect_timeout(self, connection: Connection) -> None:
        """Close the connection if it joins no namespace within `connect_timeout`."""
        connection.connect_deadline = self._connect_deadlines.add(connection)

    def start_attachment_timeout(self, connection: Connection) -> float:
        """Close the connection if its attachments are late; returns their deadline."""
        return self._attachment_deadlines.add(connection)

    def call_disconnect_handler(self, socket: Socket, reason: str) -> None:
        """Run the namespace's disconnect handler."""
        handler = self.namespaces[socket.namespace].disconnect_handler
        if handler is None:
            return
        try:
            answer = handler.call(socket, reason)
        except Exception:
            _log.exception("the disconnect handler of %s failed", socket.namespace)
        else:
            if asyncio.iscoroutine(answer):
                self.start_task(_log_failure(answer, socket.namespace))

    def _open(self, session: Session) -> None:
        session.data = connection = Connection(self, session)
        self.start_connect_timeout(connection)

    def _receive(self, session: Session, data: str | bytes) -> None:
        try:
            session.data.receive(data)
        except MalformedPacket:
            self.engine.close_malformed(session)

    def _close(self, session: Session, reason: str) -> None:
        session.data.end(reason)

    def _upgraded(self, session: Session) -> None:
        session.data.transport_changed()

    def _connect_timed_out(self, connection: Connection, when: float) -> None:
        is_due = connection.connect_deadline == when and not connection.has_sockets
        if connection.session.is_open and is_due:
            self.engine.stats.timed_out += 1
            connection.session.close("connect timeout", 1008)

    def _attachments_timed_out(self, connection: Connection, when: float) -> None:
        if connection.session.is_open and connection.attachments_overdue(when):
            self.engine.close_malformed(connection.session)


async def _log_failure(work: Coroutine[Any, Any, None], namespace: str) -> None:
    try:
        await work
    except Exception:
        _log.exception("the disconnect handler of %s failed", namespace)
