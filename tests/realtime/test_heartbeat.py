"""The server's pings, and the end of clients that do not answer them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from echosphere.realtime.socketio import Server, Socket

from .clients import PATIENCE, greeted, joined, open_polling
from .servers import quick, serving

if TYPE_CHECKING:
    import httpx


async def test_a_websocket_that_answers_pings_lives_on(pinging_engine_url: str) -> None:
    client = await greeted(pinging_engine_url)
    for _ in range(3):
        assert await client.receive() == "2"
        client.send("3")
    client.send("4alive")
    assert await client.expect() == "4alive"
    await client.close()


async def test_a_websocket_that_does_not_answer_is_closed(strict_engine_url: str) -> None:
    client = await greeted(strict_engine_url)
    assert await client.until_closed() == 1000
    assert client.messages.qsize() == 1


async def test_polling_that_answers_pings_lives_on(
    http: httpx.AsyncClient, pinging_engine_url: str
) -> None:
    polling = await open_polling(http, pinging_engine_url)
    for _ in range(3):
        response = await polling.poll()
        assert (response.status_code, response.text) == (200, "2")
        assert (await polling.post("3")).status_code == 200


async def test_polling_that_does_not_answer_is_ended(
    http: httpx.AsyncClient, strict_engine_url: str
) -> None:
    polling = await open_polling(http, strict_engine_url)
    assert (await polling.poll()).text == "2"
    async with asyncio.timeout(PATIENCE):
        while (await polling.poll()).status_code == 200:
            pass
    assert (await polling.post("3")).status_code == 400


async def test_a_session_whose_pong_is_overdue_is_ended_by_its_next_request(
    http: httpx.AsyncClient, strict_engine_url: str
) -> None:
    polling = await open_polling(http, strict_engine_url)
    await asyncio.sleep(0.3 + 0.2)
    assert (await polling.poll()).status_code == 400


async def test_pongs_no_one_asked_for_do_no_harm(strict_engine_url: str) -> None:
    client = await greeted(strict_engine_url)
    for _ in range(5):
        client.send("3")
    assert await client.receive() == "2"
    assert await client.until_closed() == 1000


async def test_the_program_hears_of_the_missed_pong() -> None:
    server = Server(quick(ping_timeout=0.2))
    reasons: asyncio.Queue[str] = asyncio.Queue()

    @server.on_disconnect
    def gone(_socket: Socket, reason: str) -> None:
        reasons.put_nowait(reason)

    async with serving(server) as url:
        client = await joined(url + "/socket.io/")
        assert await asyncio.wait_for(reasons.get(), PATIENCE) == "ping timeout"
        await client.until_closed()
        assert server.stats()["timed_out"] == 1
        assert not server.sockets
