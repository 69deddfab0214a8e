"""A server that stops: running calls are answered, everyone is told, no one is kept waiting."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from echosphere.realtime.socketio import Server, Socket

from .clients import joined, open_polling, refused_websocket
from .servers import everybody_has_had_a_turn, quick, serving

if TYPE_CHECKING:
    import httpx


async def test_a_stopping_server_answers_closes_and_refuses(http: httpx.AsyncClient) -> None:
    server = Server(quick(ping_interval=5.0))
    reasons: list[str] = []
    gate = asyncio.Event()
    server.on_disconnect(lambda _socket, reason: reasons.append(reason))

    @server.on("work")
    async def work(_socket: Socket) -> str:
        await gate.wait()
        return "finished"

    async with serving(server) as url:
        address = url + "/socket.io/"
        client = await joined(address)
        polling = await open_polling(http, address)
        await polling.post("40")
        await polling.expect()
        poll = asyncio.create_task(polling.poll())
        client.send('421["work"]')
        await everybody_has_had_a_turn()
        stopping = asyncio.create_task(server.shutdown())
        await everybody_has_had_a_turn()
        status, _ = await refused_websocket(address, "EIO=4&transport=websocket")
        assert status == 503
        query = {"EIO": "4", "transport": "polling"}
        assert (await http.get(address, params=query)).status_code == 503
        gate.set()
        assert await client.expect() == '431["finished"]'
        assert await client.until_closed() == 1001
        assert ((await poll).status_code, (await poll).text) == (200, "6")
        await stopping
        assert reasons == ["server shutting down"] * 2
        assert not server.sockets
        assert (await polling.poll()).status_code == 400


async def test_a_client_that_ignores_the_end_is_cut() -> None:
    server = Server(quick(ping_interval=5.0))
    async with serving(server) as url:
        client = await joined(url + "/socket.io/")
        client.transport.underlying_transport.pause_reading()
        await server.engine.shutdown(grace=0.1)
        client.transport.underlying_transport.resume_reading()
        await client.until_closed()
