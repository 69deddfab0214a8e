"""The way from long polling to WebSocket: nothing is lost, nothing is doubled."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest
import socketio

from echosphere.realtime.engineio import EngineServer, Session
from echosphere.realtime.socketio import Server, Socket

from .clients import RawPolling, RawWebSocket, open_polling, open_websocket, refused_websocket
from .servers import everybody_has_had_a_turn, quick, serving

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx


async def probed(polling: RawPolling) -> RawWebSocket:
    client = await open_websocket(polling.url, f"EIO=4&transport=websocket&sid={polling.sid}")
    client.send("2probe")
    assert await client.receive() == "3probe"
    return client


async def test_a_session_moves_from_polling_to_websocket(
    http: httpx.AsyncClient, engine_url: str
) -> None:
    polling = await open_polling(http, engine_url)
    client = await probed(polling)
    response = await polling.poll()
    assert (response.status_code, response.text) == (200, "6")
    client.send("5")
    client.send("4hello")
    assert await client.expect() == "4hello"
    await client.close()


async def test_the_waiting_poll_ends_when_the_websocket_probes(
    http: httpx.AsyncClient, engine_url: str
) -> None:
    polling = await open_polling(http, engine_url)
    poll = asyncio.create_task(polling.poll())
    await everybody_has_had_a_turn()
    client = await probed(polling)
    assert ((await poll).status_code, (await poll).text) == (200, "6")
    await client.close()


async def test_requests_of_an_upgraded_session_are_refused(
    http: httpx.AsyncClient, engine_url: str
) -> None:
    polling = await open_polling(http, engine_url)
    client = await open_websocket(engine_url, f"EIO=4&transport=websocket&sid={polling.sid}")
    client.send("2probe")
    client.send("5")
    assert await client.receive() == "3probe"
    client.send("4first")
    assert await client.expect() == "4first"
    assert (await polling.poll()).status_code == 400
    assert (await polling.post("4x")).status_code == 400
    client.send("4hello")
    assert await client.expect() == "4hello"
    await client.close()


async def test_a_websocket_that_comes_too_late_is_closed_and_changes_nothing(
    http: httpx.AsyncClient,
) -> None:
    engine = EngineServer(quick(path="/engine.io/", ping_interval=5.0), ignore, echo, ignore)
    async with serving(engine) as url:
        polling = await open_polling(http, url + "/engine.io/")
        client = await probed(polling)
        assert await fate_of_a_latecomer(polling) == (1002, [])
        client.send("5")
        client.send("4upgraded")
        assert await client.expect() == "4upgraded"
        assert await fate_of_a_latecomer(polling) == (1002, [])
        client.send("4still here")
        assert await client.expect() == "4still here"
        assert (engine.stats.refused, engine.stats.upgraded) == (2, 1)
        await client.close()


async def fate_of_a_latecomer(polling: RawPolling) -> tuple[int, list[str | bytes]]:
    """How a further WebSocket of the session is closed, and what it has heard until then."""
    late = await open_websocket(polling.url, f"EIO=4&transport=websocket&sid={polling.sid}")
    late.send("2probe")
    late.send("5")
    late.send("4stolen")
    code = await late.until_closed()
    return code, [late.messages.get_nowait() for _ in range(late.messages.qsize())]


async def test_a_session_that_began_as_websocket_takes_no_second_one(engine_url: str) -> None:
    client = await open_websocket(engine_url)
    greeting = str(await client.receive())
    sid = json.loads(greeting[1:])["sid"]
    late = await open_websocket(engine_url, f"EIO=4&transport=websocket&sid={sid}")
    assert await late.until_closed() == 1002
    client.send("4hello")
    assert await client.expect() == "4hello"
    await client.close()


async def test_a_websocket_of_an_unknown_session_is_refused(engine_url: str) -> None:
    status, body = await refused_websocket(engine_url, "EIO=4&transport=websocket&sid=unknown")
    assert (status, body["code"]) == (400, 1)


async def test_a_probe_that_breaks_off_leaves_the_session_polling(
    http: httpx.AsyncClient, engine_url: str
) -> None:
    for ending in ("4early", "2", None):
        polling = await open_polling(http, engine_url)
        client = await probed(polling)
        if ending is None:
            await client.close()
        else:
            client.send(ending)
            assert await client.until_closed() == 1002
        poll = asyncio.create_task(polling.poll())
        await everybody_has_had_a_turn()
        assert not poll.done()
        await polling.post("4hello")
        assert (await poll).text == "4hello"


async def test_a_probe_that_takes_too_long_is_given_up(http: httpx.AsyncClient) -> None:
    options = quick(path="/engine.io/", upgrade_timeout=0.1, ping_interval=5.0)
    async with serving(EngineServer(options, ignore, echo, ignore)) as url:
        polling = await open_polling(http, url + "/engine.io/")
        client = await probed(polling)
        assert await client.until_closed() == 1002
        await polling.post("4hello")
        assert (await polling.poll()).text == "4hello"


async def test_a_session_that_ends_takes_its_probe_with_it(
    http: httpx.AsyncClient, engine_url: str
) -> None:
    polling = await open_polling(http, engine_url)
    client = await probed(polling)
    await polling.post("1")
    await client.until_closed()


async def test_packets_that_waited_for_a_poll_go_over_the_websocket_first(
    http: httpx.AsyncClient,
) -> None:
    sessions: list[Session] = []
    engine = EngineServer(quick(path="/engine.io/"), sessions.append, echo, ignore)
    async with serving(engine) as url:
        polling = await open_polling(http, url + "/engine.io/")
        client = await probed(polling)
        session = sessions[0]
        session.send("one")
        session.send(b"two")
        client.send("5")
        client.send("4three")
        received = [await client.expect() for _ in range(3)]
        assert received == ["4one", b"two", "4three"]
        await client.close()


async def test_a_poll_taken_during_the_probe_is_not_repeated(http: httpx.AsyncClient) -> None:
    sessions: list[Session] = []
    engine = EngineServer(quick(path="/engine.io/"), sessions.append, echo, ignore)
    async with serving(engine) as url:
        polling = await open_polling(http, url + "/engine.io/")
        client = await probed(polling)
        sessions[0].send("polled")
        assert (await polling.poll()).text == "4polled"
        client.send("5")
        client.send("4after")
        assert await client.expect() == "4after"
        await client.close()


@pytest.mark.usefixtures("untidy_client")
async def test_a_stream_in_both_directions_survives_upgrades() -> None:
    """Numbered messages flow without pause while clients change their transport."""
    server = Server(quick(max_buffer=4_000_000, max_pending_calls=1000))
    arrived: dict[str, list[int]] = {}

    @server.on_connect
    async def connect(socket: Socket, auth: Any) -> None:
        socket.data = asyncio.create_task(count_down(socket))
        arrived[auth["name"]] = []

    async def count_down(socket: Socket) -> None:
        for number in range(400):
            socket.emit("down", number)
            if number % 8 == 0:
                await asyncio.sleep(0.004)

    @server.on("up")
    async def up(_socket: Socket, name: str, number: int) -> None:
        arrived[name].append(number)

    async with serving(server) as url:
        clients = [StreamingClient(f"client {number}") for number in range(5)]
        await asyncio.gather(*(client.stream(url) for client in clients))
        for client in clients:
            assert client.received == list(range(400))
            assert arrived[client.name] == list(range(200))
        assert server.stats()["upgraded"] == 5


class StreamingClient:
    """An official client that starts polling, upgrades by itself and checks every number."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.received: list[int] = []
        self.client = socketio.AsyncClient(reconnection=False)
        self.client.on("down", self.received.append)

    async def stream(self, url: str) -> None:
        connecting = asyncio.create_task(self.client.connect(url, auth={"name": self.name}))
        await connecting
        for number in range(200):
            await self.client.emit("up", (self.name, number))
            await asyncio.sleep(0)
        async with asyncio.timeout(20):
            while len(self.received) < 400:
                await asyncio.sleep(0.01)
        await asyncio.sleep(0.1)
        assert self.client.transport() == "websocket"
        await self.client.disconnect()


async def test_a_poll_in_flight_while_the_websocket_takes_over_keeps_order(
    http: httpx.AsyncClient,
) -> None:
    """A raw client upgrades in the middle of a stream, over and over, at different moments."""
    for pause in (0.0, 0.003, 0.006, 0.01):
        received = await upgrade_amid_stream(http, pause)
        assert received == [f"4{number}" for number in range(100)]


async def upgrade_amid_stream(http: httpx.AsyncClient, pause: float) -> list[str]:
    streams: list[asyncio.Task[None]] = []
    engine = EngineServer(
        quick(path="/engine.io/", ping_interval=5.0), starting(streams), echo, ignore
    )
    received: list[str] = []
    async with serving(engine) as url:
        polling = await open_polling(http, url + "/engine.io/")
        client = await open_websocket(polling.url, f"EIO=4&transport=websocket&sid={polling.sid}")
        poll = asyncio.create_task(polling.poll())
        await asyncio.sleep(pause)
        client.send("2probe")
        assert await client.receive() == "3probe"
        received += [each for each in (await poll).text.split("\x1e") if each != "6"]
        client.send("5")
        while len(received) < 100:
            received.append(str(await client.expect()))
        await client.close()
        await asyncio.gather(*streams)
    return received


def starting(streams: list[asyncio.Task[None]]) -> Callable[[Session], None]:
    async def stream(session: Session) -> None:
        for number in range(100):
            session.send(str(number))
            await asyncio.sleep(0.0002)

    def start(session: Session) -> None:
        streams.append(asyncio.create_task(stream(session)))

    return start


def echo(session: Session, data: str | bytes) -> None:
    session.send(data)


def ignore(*_: object) -> None:
    """Nothing to do."""
