"""Everything that a client can make the server store, do or wait for is limited."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest

from echosphere.realtime.socketio import Server, Socket

from .clients import greeted, joined, open_polling
from .servers import quick, serving

if TYPE_CHECKING:
    import httpx


def answering_server(**changes: Any) -> Server:
    server = Server(quick(**changes))
    server.on("ask", lambda _socket: "answer")
    return server


async def test_calls_past_the_rate_are_refused_and_the_connection_stays() -> None:
    server = answering_server(calls_per_minute=20)
    async with serving(server) as url:
        client = await joined(url + "/socket.io/")
        for number in range(30):
            client.send(f'42{number}["ask"]')
        answers = [str(await client.expect()) for _ in range(30)]
        # Joining was the first of the twenty; over the test's time the budget hardly refills.
        assert sum(answer.endswith('["answer"]') for answer in answers) in {19, 20}
        refusal = json.loads(answers[-1].removeprefix("4329"))[0]
        assert (refusal["ok"], refusal["error"]["code"]) == (False, "too_many")
        client.send('42["ask"]')
        assert not client.closed.done()
        await client.close()


async def test_blatant_excess_closes_the_connection() -> None:
    server = answering_server(calls_per_minute=5)
    async with serving(server) as url:
        client = await joined(url + "/socket.io/")
        for _ in range(100):
            client.send('42["ask"]')
        assert await client.until_closed() == 1008
        assert server.stats()["rate_limited"] == 50


async def test_attempts_to_connect_count_as_calls() -> None:
    server = answering_server(calls_per_minute=5)
    async with serving(server) as url:
        client = await greeted(url + "/socket.io/")
        for _ in range(6):
            client.send("40/unknown")
        answers = [await client.expect() for _ in range(6)]
        assert answers[4] == '44/unknown,{"message":"Invalid namespace"}'
        assert answers[5] == '44/unknown,{"message":"too many"}'
        for _ in range(60):
            client.send("40/unknown")
        assert await client.until_closed() == 1008


async def test_only_so_many_calls_may_be_pending() -> None:
    server = Server(quick(max_pending_calls=3))
    gate = asyncio.Event()

    @server.on("wait")
    async def wait(_socket: Socket) -> str:
        await gate.wait()
        return "done"

    async with serving(server) as url:
        client = await joined(url + "/socket.io/")
        for number in range(4):
            client.send(f'42{number}["wait"]')
        assert "too_many" in str(await client.expect())
        gate.set()
        assert [await client.expect() for _ in range(3)] == [f'43{n}["done"]' for n in range(3)]
        client.send('424["wait"]')
        assert await client.expect() == '434["done"]'
        await client.close()


async def test_attachments_that_never_come_close_the_connection() -> None:
    server = answering_server(attachment_timeout=0.05, ping_interval=5.0)
    async with serving(server) as url:
        client = await joined(url + "/socket.io/")
        client.send('452-["ask",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]')
        client.send(b"only one")
        assert await client.until_closed() == 1002


async def test_attachments_in_time_are_not_held_against_a_later_packet() -> None:
    server = answering_server(attachment_timeout=0.1, ping_interval=5.0)
    async with serving(server) as url:
        client = await joined(url + "/socket.io/")
        client.send('451-1["nothing",{"_placeholder":true,"num":0}]')
        client.send(b"in time")
        assert str(await client.expect()).startswith("431[")
        await asyncio.sleep(0.15)
        client.send('422["ask"]')
        assert await client.expect() == '432["answer"]'
        await client.close()


async def test_a_slow_websocket_reader_is_cut_and_the_others_are_not() -> None:
    server = Server(quick(max_buffer=200_000, ping_interval=5.0))
    sockets: list[Socket] = []
    reasons: list[str] = []

    @server.on_connect
    async def connect(socket: Socket, _auth: Any) -> None:
        sockets.append(socket)

    server.on_disconnect(lambda _socket, reason: reasons.append(reason))
    async with serving(server) as url:
        slow = await joined(url + "/socket.io/")
        quick_reader = await joined(url + "/socket.io/")
        slow.transport.underlying_transport.pause_reading()
        for _ in range(400):
            for socket in sockets:
                socket.emit("much", "x" * 50_000)
            assert '42["much"' in str(await quick_reader.expect())[:20]
            if reasons:
                break
        assert reasons == ["slow reader"]
        assert server.stats()["cut_slow_readers"] == 1
        assert len(server.sockets) == 1
        slow.transport.underlying_transport.resume_reading()
        await slow.until_closed()
        await quick_reader.close()


async def test_a_polling_client_that_does_not_poll_is_cut(http: httpx.AsyncClient) -> None:
    server = Server(quick(max_buffer=50_000, ping_interval=5.0))
    reasons: list[str] = []
    server.on_disconnect(lambda _socket, reason: reasons.append(reason))
    async with serving(server) as url:
        polling = await open_polling(http, url + "/socket.io/")
        await polling.post("40")
        await polling.expect()
        (socket,) = server.sockets
        for _ in range(20):
            socket.emit("much", "x" * 5_000)
        assert reasons == ["slow reader"]
        assert (await polling.poll()).status_code == 400


async def test_an_answer_that_could_never_be_delivered_is_an_error_not_a_cut(
    caplog: pytest.LogCaptureFixture,
) -> None:
    server = Server(quick(max_buffer=50_000))
    server.on("all", lambda _socket: "x" * 60_000)
    async with serving(server) as url:
        client = await joined(url + "/socket.io/")
        client.send('421["all"]')
        assert '"code":"too_large"' in str(await client.expect())
        assert "larger than max_buffer" in caplog.text
        await client.close()


async def test_what_is_held_back_while_connecting_is_bounded() -> None:
    server = Server(quick(max_buffer=10_000, ping_interval=5.0))

    @server.on_connect
    async def connect(socket: Socket, _auth: Any) -> None:
        for _ in range(20):
            socket.emit("much", "x" * 1000)
        await asyncio.sleep(0.05)

    async with serving(server) as url:
        client = await greeted(url + "/socket.io/")
        client.send("40")
        await client.until_closed()
        assert server.stats()["cut_slow_readers"] == 1


async def test_a_flood_of_small_frames_and_one_large_frame_both_arrive() -> None:
    """The read buffer grows for a frame that does not fit, and for nothing else."""
    received: list[int] = []
    server = Server(quick(max_payload=100_000))

    @server.on("size")
    def size(_socket: Socket, text: str) -> None:
        received.append(len(text))

    async with serving(server) as url:
        client = await joined(url + "/socket.io/")
        sizes = [1] * 3000 + [1300, 90_000, 1, 2000] + [700] * 500
        for length in sizes:
            client.send(f'42["size","{"x" * length}"]')
        client.send('421["unknown"]')
        await client.expect()
        assert received == sizes
        await client.close()


@pytest.mark.parametrize(
    "changes", [{"path": "socket.io/"}, {"path": "/socket.io"}, {"ping_interval": 0}]
)
def test_options_that_make_no_sense_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="realtime server"):
        quick(**changes)


async def test_the_counters_tell_what_happened(http: httpx.AsyncClient) -> None:
    server = answering_server()
    async with serving(server) as url:
        client = await joined(url + "/socket.io/")
        await open_polling(http, url + "/socket.io/")
        client.send('421["ask"]')
        await client.expect()
        stats = server.stats()
        assert (stats["websocket"], stats["polling"], stats["sockets"]) == (1, 1, 1)
        assert (stats["opened"], stats["closed"], stats["messages_in"]) == (2, 0, 2)
        assert stats["messages_out"] >= 4
        assert stats["bytes_in"] > 0
        assert stats["bytes_out"] > 0
        await client.close()
