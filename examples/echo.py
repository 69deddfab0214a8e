"""A stand-alone echo server: the protocols' conformance suites and test clients talk to it.

    python examples/echo.py --port 3000            Socket.IO at /socket.io/
    python examples/echo.py --port 3000 --engine   plain Engine.IO at /engine.io/

Its intervals are short, its doors are open: it is for tests, not for the internet.
"""

from __future__ import annotations

import argparse
import asyncio
from typing import TYPE_CHECKING, Any

import uvicorn

from echosphere.realtime.engineio import EngineServer, Session
from echosphere.realtime.socketio import Namespace, Options, Server, Socket

if TYPE_CHECKING:
    import socket


def options(path: str, ping_timeout: float, ping_interval: float = 0.3) -> Options:
    return Options(
        path=path,
        ping_interval=ping_interval,
        ping_timeout=ping_timeout,
        max_payload=1_000_000,
        max_buffer=16_000_000,
        max_pending_calls=100_000,
        connect_timeout=1.0,
        cors_origins="*",
        calls_per_minute=None,
        max_sockets_per_address=None,
    )


def socketio_server(ping_timeout: float = 0.2) -> Server:
    """Emits `auth` on connection, echoes `message` and acknowledges `message-with-ack`."""
    server = Server(options("/socket.io/", ping_timeout))
    for namespace in (server, server.namespace("/custom")):
        register(namespace)
    return server


def register(namespace: Namespace) -> None:
    async def connect(socket: Socket, auth: Any) -> None:
        # A moment later, so that it travels alone: the conformance suite's WebSocket client can
        # lose the second of two messages that it reads at once.
        asyncio.get_running_loop().call_later(0.01, socket.emit, "auth", auth)

    async def message(socket: Socket, *args: Any) -> None:
        socket.emit("message-back", *args)

    async def message_with_ack(_socket: Socket, *args: Any) -> tuple[Any, ...]:
        return args

    namespace.on_connect(connect)
    namespace.on("message", message)
    namespace.on("message-with-ack", message_with_ack)


def engineio_server(ping_timeout: float = 0.2, ping_interval: float = 0.3) -> EngineServer:
    """Echoes every message, text or binary."""

    def ignore(*_: object) -> None:
        """An echo has nothing to do when clients come and go."""

    def echo(session: Session, data: str | bytes) -> None:
        session.send(data)

    return EngineServer(options("/engine.io/", ping_timeout, ping_interval), ignore, echo, ignore)


async def nothing_here(scope: Any, receive: Any, send: Any) -> None:
    """The inner application: there is nothing but the realtime server."""
    if scope["type"] == "lifespan":
        await lifespan(receive, send)
        return
    headers = [(b"content-length", b"0")]
    await send({"type": "http.response.start", "status": 404, "headers": headers})
    await send({"type": "http.response.body"})


async def lifespan(receive: Any, send: Any) -> None:
    while True:
        phase = (await receive())["type"]
        await send({"type": f"{phase}.complete"})
        if phase == "lifespan.shutdown":
            return


class EchoServer(uvicorn.Server):
    """Closes the realtime connections first: uvicorn would wait for polls that wait for us."""

    def __init__(self, config: uvicorn.Config, realtime: Server | EngineServer) -> None:
        super().__init__(config)
        self._realtime = realtime

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await self._realtime.shutdown()
        await super().shutdown(sockets)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", default="localhost")
    parser.add_argument("--port", type=int, default=3000)
    parser.add_argument("--engine", action="store_true", help="plain Engine.IO at /engine.io/")
    parser.add_argument("--ping-timeout", type=float, default=0.2, metavar="SECONDS")
    choice = parser.parse_args()
    make = engineio_server if choice.engine else socketio_server
    realtime: Server | EngineServer = make(choice.ping_timeout)
    config = uvicorn.Config(
        realtime.asgi(nothing_here),
        host=choice.host,
        port=choice.port,
        ws=realtime.websocket_protocol,
        proxy_headers=False,
        server_header=False,
        log_level="warning",
    )
    EchoServer(config, realtime).run()


if __name__ == "__main__":
    main()
