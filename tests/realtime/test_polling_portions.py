"""What waits for a polling client comes in portions that the official Python client takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engineio.payload import Payload  # type: ignore[import-untyped]

from echosphere.realtime.socketio import Server, Socket

from .clients import RawPolling, open_polling
from .servers import SLOW_RETRIES, quick, serving

if TYPE_CHECKING:
    import httpx

LARGEST = Payload.max_decode_packets
WAITING = 3 * LARGEST + 1


async def joined_polling(http: httpx.AsyncClient, url: str) -> RawPolling:
    polling = await open_polling(http, url + "/socket.io/")
    await polling.post("40")
    await polling.expect()
    return polling


async def fetch(polling: RawPolling, count: int) -> list[str]:
    """So many packets, from polls that bring no more than allowed."""
    packets: list[str] = []
    while len(packets) < count:
        portion = await polling.expect()
        assert len(portion) <= LARGEST
        packets += portion
    return packets


def emit_numbers(server: Server) -> tuple[Socket, list[str]]:
    """Emit more than a poll may bring; gives the packets that it becomes."""
    (socket,) = server.sockets
    for number in range(WAITING):
        socket.emit("number", number)
    return socket, [f'42["number",{number}]' for number in range(WAITING)]


async def test_what_waits_for_a_polling_client_comes_in_order_and_in_portions(
    http: httpx.AsyncClient,
) -> None:
    server = Server(quick(ping_interval=SLOW_RETRIES))
    async with serving(server) as url:
        polling = await joined_polling(http, url)
        socket, expected = emit_numbers(server)
        assert await fetch(polling, WAITING) == expected
        socket.emit("bytes", *[b"x"] * LARGEST)
        packets = await fetch(polling, LARGEST + 1)
        assert packets[0].startswith(f'45{LARGEST}-["bytes",')
        assert packets[1:] == ["beA=="] * LARGEST


async def test_a_polling_client_that_is_sent_away_fetches_all_that_waited(
    http: httpx.AsyncClient,
) -> None:
    server = Server(quick(ping_interval=SLOW_RETRIES))
    async with serving(server) as url:
        polling = await joined_polling(http, url)
        socket, expected = emit_numbers(server)
        socket.disconnect(close=True)
        assert await fetch(polling, WAITING + 2) == [*expected, "41", "1"]
        assert (await polling.poll()).status_code == 400


async def test_only_what_still_waits_counts_against_the_buffer(http: httpx.AsyncClient) -> None:
    server = Server(quick(ping_interval=SLOW_RETRIES, max_buffer=50_000))
    async with serving(server) as url:
        polling = await joined_polling(http, url)
        (socket,) = server.sockets

        def emit(count: int) -> int:
            for _ in range(count):
                socket.emit("much", "x" * 1_500)
            return server.stats()["cut_slow_readers"]

        assert emit(30) == 0  # 45,000 bytes
        assert len(await polling.expect()) == LARGEST
        assert emit(15) == 0  # all in all more, but not what waits: 43,500 bytes
        assert emit(5) == 1
