"""The life of a WebSocket inside uvicorn: picows' protocol class is not a documented face."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

import pytest
from uvicorn.server import ServerState

from echosphere.realtime.socketio import Server

from .clients import joined
from .servers import quick, serving

if TYPE_CHECKING:
    from pathlib import Path

UPGRADE = (
    b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
    b"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
)


async def test_a_websocket_is_one_of_uvicorns_connections_until_it_ends() -> None:
    state = ServerState()
    async with serving(Server(quick()), state) as url:
        client = await joined(url + "/socket.io/")
        assert len(state.connections) == 1
        await client.close()
        async with asyncio.timeout(10):
            while state.connections:
                await asyncio.sleep(0.01)


async def test_uvicorn_itself_can_end_a_websocket() -> None:
    state = ServerState()
    async with serving(Server(quick()), state) as url:
        client = await joined(url + "/socket.io/")
        for connection in list(state.connections):
            connection.shutdown()
        assert await client.until_closed() == 1001


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no Unix sockets")
async def test_a_websocket_works_over_a_unix_socket(tmp_path: Path) -> None:
    path = tmp_path / "socket"
    async with serving(Server(quick()), unix=path):
        reader, writer = await asyncio.open_unix_connection(path)
        writer.write(UPGRADE + b"\r\n")
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 101 ")
        greeting = await reader.readuntil(b"}")
        assert greeting[2:].startswith(b'0{"sid":')
        writer.close()
        await writer.wait_closed()


async def test_a_header_that_is_too_long_is_refused_with_its_status() -> None:
    async with serving(Server(quick())) as url:
        port = int(url.rsplit(":", 1)[1])
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(UPGRADE + b"X: " + b"y" * 20_000 + b"\r\n\r\n")
        assert (await reader.read()).startswith(b"HTTP/1.1 431 ")
        writer.close()
        await writer.wait_closed()


@pytest.mark.parametrize("missing", [b"Sec-WebSocket-Version: 13\r\n", b"AAAAAAAAAAAAAAAAAAAAAA=="])
async def test_an_incomplete_upgrade_is_refused(missing: bytes) -> None:
    server = Server(quick())
    async with serving(server) as url:
        port = int(url.rsplit(":", 1)[1])
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(UPGRADE.replace(missing, b"") + b"\r\n")
        assert (await reader.read()).startswith(b"HTTP/1.1 400 ")
        assert server.stats()["opened"] == 0
        writer.close()
        await writer.wait_closed()
