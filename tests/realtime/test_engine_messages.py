"""Messages over long polling and WebSocket, and what happens to malformed ones."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

import httpx
import pytest
from picows import WSMsgType

from echosphere.realtime.engineio import EngineServer, Session

from .clients import greeted, open_polling, open_websocket
from .servers import everybody_has_had_a_turn, quick, serving

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

TEXT, BINARY = WSMsgType.TEXT, WSMsgType.BINARY
CONTINUATION, PING = WSMsgType.CONTINUATION, WSMsgType.PING


@pytest.mark.parametrize(
    "payload", ["4hello", "4test1\x1e4test2\x1e4test3", "4hello\x1ebAQIDBA==", "4", "4žluťoučký 🐎"]
)
async def test_polling_echoes_a_payload(
    http: httpx.AsyncClient, engine_url: str, payload: str
) -> None:
    polling = await open_polling(http, engine_url)
    response = await polling.post(payload)
    assert (response.status_code, response.text) == (200, "ok")
    assert (await polling.poll()).text == payload


async def test_a_poll_waits_for_a_message(http: httpx.AsyncClient, engine_url: str) -> None:
    polling = await open_polling(http, engine_url)
    poll = asyncio.create_task(polling.poll())
    await everybody_has_had_a_turn()
    assert not poll.done()
    await polling.post("4hello")
    assert (await poll).text == "4hello"


@pytest.mark.parametrize(
    "body",
    [b"abc", b"", b"4a\x1e", b"4\xff", b"b!!!", b"bAQI", b"2", b"5", b"0", b"3probe", b"7"],
)
async def test_a_malformed_payload_ends_the_polling_session(
    http: httpx.AsyncClient, engine_url: str, body: bytes
) -> None:
    polling = await open_polling(http, engine_url)
    response = await polling.post(body)
    assert (response.status_code, response.json()["code"]) == (400, 3)
    assert (await polling.poll()).status_code == 400


async def test_a_second_poll_ends_the_session(http: httpx.AsyncClient, engine_url: str) -> None:
    polling = await open_polling(http, engine_url)
    first = asyncio.create_task(polling.poll())
    await everybody_has_had_a_turn()
    assert (await polling.poll()).status_code == 400
    assert ((await first).status_code, (await first).text) == (200, "1")
    assert (await polling.poll()).status_code == 400


async def test_a_cancelled_poll_ends_the_session(engine_url: str, http: httpx.AsyncClient) -> None:
    polling = await open_polling(http, engine_url)
    query = {"EIO": "4", "transport": "polling", "sid": polling.sid}
    async with httpx.AsyncClient() as impatient:
        poll = asyncio.create_task(impatient.get(engine_url, params=query))
        await everybody_has_had_a_turn()
        poll.cancel()
        with pytest.raises(asyncio.CancelledError):
            await poll
    await everybody_has_had_a_turn()
    assert (await polling.poll()).status_code == 400


async def test_two_posts_at_once_end_the_session(http: httpx.AsyncClient, engine_url: str) -> None:
    polling = await open_polling(http, engine_url)
    gate = asyncio.Event()

    async def slowly() -> AsyncIterator[bytes]:
        yield b"4a"
        await gate.wait()
        yield b"b"

    query = {"EIO": "4", "transport": "polling", "sid": polling.sid}
    slow = asyncio.create_task(http.post(engine_url, params=query, content=slowly()))
    await everybody_has_had_a_turn()
    assert (await polling.post("4x")).status_code == 400
    gate.set()
    with contextlib.suppress(httpx.HTTPError):
        await slow
    assert (await polling.poll()).status_code == 400


async def test_binary_bodies_of_an_older_protocol_are_refused(
    http: httpx.AsyncClient, engine_url: str
) -> None:
    polling = await open_polling(http, engine_url)
    response = await polling.post(b"4x", headers={"content-type": "application/octet-stream"})
    assert response.status_code == 400


async def test_a_body_may_be_as_long_as_announced_and_no_longer(
    http: httpx.AsyncClient, engine_url: str
) -> None:
    polling = await open_polling(http, engine_url)
    longest = "4" + "x" * 999_999
    assert (await polling.post(longest)).text == "ok"
    assert (await polling.poll()).text == longest
    assert (await polling.post(longest + "x")).status_code == 413

    async def undeclared() -> AsyncIterator[bytes]:
        for _ in range(101):
            yield b"4" * 10_000

    polling = await open_polling(http, engine_url)
    query = {"EIO": "4", "transport": "polling", "sid": polling.sid}
    response = await http.post(engine_url, params=query, content=undeclared())
    assert response.status_code == 413


async def test_a_body_that_never_ends_is_given_up(http: httpx.AsyncClient) -> None:
    options = quick(path="/engine.io/", request_timeout=0.1, ping_interval=5.0)
    async with serving(EngineServer(options, ignore, ignore, ignore)) as url:
        polling = await open_polling(http, url + "/engine.io/")

        async def endless() -> AsyncIterator[bytes]:
            yield b"4a"
            await asyncio.sleep(1)

        query = {"EIO": "4", "transport": "polling", "sid": polling.sid}
        response = await http.post(polling.url, params=query, content=endless())
        assert response.status_code == 408


async def test_a_payload_of_too_many_packets_is_refused(
    http: httpx.AsyncClient, engine_url: str
) -> None:
    polling = await open_polling(http, engine_url)
    assert (await polling.post("\x1e".join(["4"] * 1001))).status_code == 400


@pytest.mark.parametrize(
    "message", ["hello", "", "x" * 125, "y" * 126, "z" * 70_000, b"\x01\x02", b"b" * 70_000, b""]
)
async def test_a_websocket_echoes_a_message(engine_url: str, message: str | bytes) -> None:
    client = await greeted(engine_url)
    packet = "4" + message if isinstance(message, str) else message
    client.send(packet)
    assert await client.expect() == packet
    await client.close()


@pytest.mark.parametrize("packet", ["abc", "", "2", "5", "0", "3probe", "7", "x"])
async def test_a_malformed_packet_closes_the_websocket(engine_url: str, packet: str) -> None:
    client = await greeted(engine_url)
    client.send(packet)
    assert await client.until_closed() == 1002


async def test_a_close_packet_closes_the_websocket(engine_url: str) -> None:
    client = await greeted(engine_url)
    client.send("1")
    assert await client.until_closed() == 1000


async def test_a_close_packet_ends_the_polling_session(
    http: httpx.AsyncClient, engine_url: str
) -> None:
    polling = await open_polling(http, engine_url)
    poll = asyncio.create_task(polling.poll())
    await everybody_has_had_a_turn()
    assert (await polling.post("1")).text == "ok"
    assert ((await poll).status_code, (await poll).text) == (200, "6")
    assert (await polling.poll()).status_code == 400


async def test_a_message_may_come_in_fragments(engine_url: str) -> None:
    client = await greeted(engine_url)
    client.send_frame(TEXT, b"4one ", fin=False)
    client.send_frame(PING, b"between")
    client.send_frame(CONTINUATION, "žl".encode()[:1], fin=False)
    client.send_frame(CONTINUATION, "ž".encode()[1:], fin=True)
    assert await client.expect() == "4one ž"
    assert client.pongs == [b"between"]
    client.send_frame(BINARY, b"one", fin=False)
    client.send_frame(CONTINUATION, b"two", fin=True)
    assert await client.expect() == b"onetwo"
    await client.close()


async def test_frames_that_break_the_rules_close_the_websocket(engine_url: str) -> None:
    broken: list[tuple[list[tuple[WSMsgType, bytes, dict[str, bool]]], int]] = [
        ([(CONTINUATION, b"x", {})], 1002),
        ([(TEXT, b"4a", {"fin": False}), (TEXT, b"4b", {})], 1002),
        ([(TEXT, b"4a", {"rsv1": True})], 1002),
        ([(TEXT, b"4\xff", {})], 1007),
        ([(TEXT, b"4\xed\xa0\x80", {})], 1007),
        ([(TEXT, b"4\xc5", {"fin": False}), (CONTINUATION, b"x", {"fin": True})], 1007),
        ([(BINARY, b"x" * 1_000_001, {})], 1009),
        ([(BINARY, b"x" * 600_000, {"fin": False}), (CONTINUATION, b"x" * 600_000, {})], 1009),
        ([(BINARY, b"", {"fin": False})] + [(CONTINUATION, b"", {"fin": False})] * 1001, 1009),
        ([(PING, b"", {"fin": False})], 1002),
    ]
    for frames, code in broken:
        client = await greeted(engine_url)
        for kind, data, bits in frames:
            client.send_frame(kind, data, **bits)
        assert await client.until_closed() == code, frames[0]


async def test_an_unmasked_frame_closes_the_websocket(engine_url: str) -> None:
    client = await greeted(engine_url)
    client.write(b"\x81\x06" + b"4hello")
    assert await client.until_closed() == 1002


async def test_no_extension_and_no_subprotocol_is_negotiated(engine_url: str) -> None:
    client = await open_websocket(
        engine_url,
        headers={
            "sec-websocket-extensions": "permessage-deflate",
            "sec-websocket-protocol": "chat",
        },
    )
    names = {name.lower() for name in client.transport.response.headers}
    assert not names & {"sec-websocket-extensions", "sec-websocket-protocol"}
    await client.close()


async def test_many_frames_in_one_write_all_arrive_in_order(engine_url: str) -> None:
    client = await greeted(engine_url)
    for number in range(2000):
        client.send(f"4{number}")
    received = [await client.expect() for _ in range(2000)]
    assert received == [f"4{number}" for number in range(2000)]
    await client.close()


@pytest.mark.parametrize("transport", ["polling", "websocket"])
async def test_the_program_hears_once_that_a_session_ended(
    http: httpx.AsyncClient, transport: str
) -> None:
    heard: list[str] = []

    def on_close(_session: Session, reason: str) -> None:
        heard.append(reason)

    def on_message(session: Session, _data: str | bytes) -> None:
        session.close("enough")
        session.close("enough again")

    engine = EngineServer(quick(path="/engine.io/"), ignore, on_message, on_close)
    async with serving(engine) as url:
        if transport == "polling":
            polling = await open_polling(http, url + "/engine.io/")
            await polling.post("4x")
            assert (await polling.poll()).text == "1"
            assert (await polling.poll()).status_code == 400
        else:
            client = await greeted(url + "/engine.io/")
            client.send("4x")
            assert await client.until_closed() == 1000
        assert heard == ["enough"]
        assert not engine.sessions


def ignore(*_: object) -> None:
    """Nothing to do."""
