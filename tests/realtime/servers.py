"""Real servers on real ports, in the loop of the test."""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Any

import uvicorn
from uvicorn.server import ServerState

from echosphere.realtime.engineio import EngineServer
from echosphere.realtime.socketio import Options, Server

from .clients import PATIENCE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

ECHO = Path(__file__).parents[2] / "examples" / "echo.py"


def load_echo() -> Any:
    """The example as a module; it is no part of any package."""
    spec = importlib.util.spec_from_file_location("echo_example", ECHO)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


echo = load_echo()


async def inner_application(scope: Any, receive: Any, send: Any) -> None:
    """What answers everywhere but at the realtime path."""
    headers = [(b"content-length", b"5")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"inner"})


async def everybody_has_had_a_turn() -> None:
    """Let what was sent arrive: server and clients are in this loop and need a few turns of it.

    A single pause is one turn where the machine is busy, however long it takes.
    """
    for _ in range(25):
        await asyncio.sleep(0.002)


@contextlib.asynccontextmanager
async def serving(
    realtime: Server | EngineServer,
    state: ServerState | None = None,
    unix: Path | None = None,
) -> AsyncIterator[str]:
    """Serve as uvicorn does, without its signal handlers; gives the base URL."""
    config = uvicorn.Config(
        realtime.asgi(inner_application),
        ws=realtime.websocket_protocol,
        proxy_headers=False,
        log_level="critical",
    )
    config.load()
    state = state or ServerState()
    protocol: Any = config.http_protocol_class
    server, url = await listen(
        lambda: protocol(config=config, server_state=state, app_state={}), unix
    )
    try:
        yield url
    finally:
        server.close()
        await realtime.shutdown()
        for connection in list(state.connections):
            connection.shutdown()
        async with asyncio.timeout(PATIENCE):
            while state.connections or state.tasks:
                await asyncio.sleep(0.01)


async def listen(
    protocol: Callable[[], asyncio.Protocol], unix: Path | None
) -> tuple[asyncio.Server, str]:
    loop = asyncio.get_running_loop()
    if unix is not None:
        return await loop.create_unix_server(protocol, unix), ""
    listening = socket.create_server(("127.0.0.1", 0))
    server = await loop.create_server(protocol, sock=listening)
    return server, f"http://127.0.0.1:{listening.getsockname()[1]}"


# Enough for a busy machine to answer a ping; only tests of the heartbeat itself have less.
SLOW_RETRIES = 10.0


def quick(**changes: Any) -> Options:
    """Options with frequent pings, so that every longer test meets some."""
    defaults: dict[str, Any] = {
        "ping_interval": 0.3,
        "ping_timeout": SLOW_RETRIES,
        "connect_timeout": 1.0,
        "calls_per_minute": None,
        "max_sockets_per_address": None,
    }
    return Options(**(defaults | changes))
