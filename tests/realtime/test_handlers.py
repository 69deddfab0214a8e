"""What a program's handlers receive, return and can do wrong."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest

from echosphere.realtime.socketio import (
    CallFailed,
    ConnectRefused,
    Namespace,
    Server,
    Socket,
    event_frame,
    join_frames,
)
from tests.waiting import until

from .clients import RawWebSocket, greeted, joined
from .servers import everybody_has_had_a_turn, quick, serving

if TYPE_CHECKING:
    import msgspec

INVALID = "invalid"


async def answer_of(client: RawWebSocket, packet: str) -> Any:
    """The first argument of the acknowledgement of call number 7."""
    client.send(packet)
    answer = str(await client.expect())
    assert answer.startswith("437["), answer
    return (json.loads(answer[3:]) or [None])[0]


async def test_a_refused_client_learns_why_and_may_try_again() -> None:
    server = Server(quick())
    heard: list[str] = []

    @server.on_connect
    async def connect(socket: Socket, auth: Any) -> None:
        if auth.get("token") == "none":
            raise ConnectRefused("unauthorized")
        if auth.get("token") != "good":
            raise ConnectRefused("unauthorized", {"hint": 1})
        socket.data = "a member"

    @server.on_disconnect
    def disconnect(socket: Socket, reason: str) -> None:
        heard.append(f"{socket.data} {reason}")

    async with serving(server) as url:
        client = await greeted(url + "/socket.io/")
        client.send('40{"token":"none"}')
        assert await client.expect() == '44{"message":"unauthorized"}'
        client.send("40")
        assert await client.expect() == '44{"message":"unauthorized","data":{"hint":1}}'
        assert not server.sockets
        client.send('40{"token":"good"}')
        assert str(await client.expect()).startswith("40{")
        assert len(server.sockets) == 1
        assert heard == []
        await client.close()
        await until(lambda: bool(heard))
        assert heard == ["a member transport close"]


async def test_a_failing_connect_handler_refuses_without_details(
    caplog: pytest.LogCaptureFixture,
) -> None:
    server = Server(quick())

    @server.on_connect
    async def connect(_socket: Socket, _auth: Any) -> None:
        raise RuntimeError("secret detail")

    async with serving(server) as url:
        client = await greeted(url + "/socket.io/")
        client.send("40")
        assert await client.expect() == '44{"message":"unavailable"}'
        assert "secret detail" in caplog.text
        await client.close()


async def test_what_is_sent_while_connecting_arrives_after_the_confirmation() -> None:
    server = Server(quick())

    @server.on_connect
    async def connect(socket: Socket, _auth: Any) -> None:
        socket.emit("early", 1)
        await asyncio.sleep(0.01)
        socket.send(event_frame("early", 2))
        assert not socket.connected

    async with serving(server) as url:
        client = await greeted(url + "/socket.io/")
        client.send("40")
        assert str(await client.expect()).startswith("40{")
        assert [await client.expect(), await client.expect()] == ['42["early",1]', '42["early",2]']
        await client.close()


async def test_a_client_that_leaves_while_connecting_is_let_go() -> None:
    server = Server(quick())
    heard: list[str] = []
    gate = asyncio.Event()

    @server.on_connect
    async def connect(_socket: Socket, _auth: Any) -> None:
        await gate.wait()

    @server.on_disconnect
    async def disconnect(_socket: Socket, reason: str) -> None:
        heard.append(reason)

    async with serving(server) as url:
        client = await greeted(url + "/socket.io/")
        client.send("40")
        await everybody_has_had_a_turn()
        await client.close()
        await everybody_has_had_a_turn()
        assert heard == []
        gate.set()
        await until(lambda: bool(heard))
        assert heard == ["transport close"]
        assert not server.sockets


async def test_a_packet_before_the_confirmation_closes_the_connection() -> None:
    server = Server(quick())

    @server.on_connect
    async def connect(_socket: Socket, _auth: Any) -> None:
        await asyncio.sleep(0.2)

    async with serving(server) as url:
        client = await greeted(url + "/socket.io/")
        client.send("40")
        client.send('42["x"]')
        assert await client.until_closed() == 1002


def register_answers(namespace: Namespace) -> None:
    @namespace.on("none")
    async def none(_socket: Socket) -> None:
        return None

    @namespace.on("one")
    async def one(_socket: Socket, *args: Any) -> Any:
        return list(args)

    @namespace.on("several")
    async def several(_socket: Socket) -> Any:
        return 1, "two", b"three"

    @namespace.on("at once")
    def at_once(_socket: Socket, number: int, more: int = 0) -> int:
        return number + more

    register_failures(namespace)
    register_raw(namespace)


def register_failures(namespace: Namespace) -> None:
    @namespace.on("failing")
    async def failing(_socket: Socket) -> None:
        raise RuntimeError("secret detail")

    @namespace.on("failing at once")
    def failing_at_once(_socket: Socket) -> None:
        raise RuntimeError("secret detail")

    @namespace.on("unsendable")
    async def unsendable(_socket: Socket) -> object:
        return object()


def register_raw(namespace: Namespace) -> None:
    @namespace.on_raw("raw")
    async def raw(_socket: Socket, argument: msgspec.Raw) -> bytes:
        return b'{"got":' + bytes(argument) + b"}"

    @namespace.on_raw("raw passed on")
    async def raw_passed_on(_socket: Socket, argument: msgspec.Raw) -> msgspec.Raw:
        return argument

    @namespace.on_raw("raw encoded")
    async def raw_encoded(_socket: Socket, argument: msgspec.Raw) -> Any:
        return {"size": len(bytes(argument))}


@pytest.mark.parametrize("namespace", ["", "/custom,"])
async def test_an_answer_becomes_the_arguments_of_the_acknowledgement(namespace: str) -> None:
    server = Server(quick())
    register_answers(server.namespace(namespace.strip(",") or "/"))
    async with serving(server) as url:
        client = await joined(url + "/socket.io/", namespace)
        expected = {
            '["none"]': "[]",
            '["one",1,2]': "[[1,2]]",
            '["at once",1]': "[1]",
            '["at once",1,2]': "[3]",
            '["raw",{"a":[1, 2]}]': '[{"got":{"a":[1, 2]}}]',
            '["raw"]': '[{"got":null}]',
            '["raw passed on","x"]': '["x"]',
            '["raw encoded",[]]': '[{"size":2}]',
            '["\\u0072aw",1]': '[{"got":1}]',
        }
        for sent, answer in expected.items():
            client.send(f"42{namespace}7{sent}")
            assert await client.expect() == f"43{namespace}7{answer}"
        client.send(f'42{namespace}7["several"]')
        several = await client.expect()
        assert several == f'461-{namespace}7[1,"two",{{"_placeholder":true,"num":0}}]'
        assert await client.expect() == b"three"
        await client.close()


async def test_a_failing_handler_answers_unavailable_and_leaks_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    server = Server(quick())
    register_answers(server)
    async with serving(server) as url:
        client = await joined(url + "/socket.io/")
        for event in ("failing", "failing at once", "unsendable"):
            answer = await answer_of(client, f'427["{event}"]')
            assert answer["ok"] is False
            assert answer["error"]["code"] == "unavailable"
            assert "secret" not in json.dumps(answer)
            client.send(f'42["{event}"]')
        assert await answer_of(client, '427["none"]') is None
        assert caplog.text.count("RuntimeError: secret detail") == 4
        await client.close()


async def test_a_call_that_does_not_fit_is_invalid_and_not_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    server = Server(quick())
    register_answers(server)
    async with serving(server) as url:
        client = await joined(url + "/socket.io/")
        for call in ('"none",1', '"at once"', '"at once",1,2,3', '"raw",1,2', '"nothing like it"'):
            answer = await answer_of(client, f"427[{call}]")
            assert (answer["ok"], answer["error"]["code"]) == (False, INVALID)
            client.send(f"42[{call}]")
        client.send('451-7["raw",{"_placeholder":true,"num":0}]')
        client.send(b"binary")
        assert INVALID in str(await client.expect())
        assert not caplog.records
        assert server.stats()["unknown_events"] == 2
        await client.close()


async def test_a_program_may_answer_unknown_events_itself() -> None:
    server = Server(quick())

    @server.on_unknown
    def unknown(_socket: Socket, event: str) -> str:
        return f"what is {event}?"

    async with serving(server) as url:
        client = await joined(url + "/socket.io/")
        assert await answer_of(client, '427["that",1]') == "what is that?"
        assert await answer_of(client, "427[12]") == "what is 12?"
        await client.close()


async def test_the_server_calls_a_client_and_gets_its_answer() -> None:
    server = Server(quick())
    answers: asyncio.Queue[Any] = asyncio.Queue()

    @server.on("ask me")
    async def ask(socket: Socket) -> None:
        try:
            answers.put_nowait(await socket.call("question", 1, b"two", timeout=0.2))
        except CallFailed as failed:
            answers.put_nowait(failed)

    async with serving(server) as url:
        client = await joined(url + "/socket.io/")
        client.send('42["ask me"]')
        assert await client.expect() == ('451-0["question",1,{"_placeholder":true,"num":0}]')
        assert await client.expect() == b"two"
        client.send('43999["nobody asked"]')
        client.send('430["yes",2]')
        assert await asyncio.wait_for(answers.get(), 5) == ["yes", 2]
        client.send('430["again"]')

        client.send('42["ask me"]')
        assert str(await client.expect()).startswith("451-1[")
        await client.expect()
        client.send('461-1[{"_placeholder":true,"num":0}]')
        client.send(b"binary")
        assert await asyncio.wait_for(answers.get(), 5) == [b"binary"]

        client.send('42["ask me"]')
        assert isinstance(await asyncio.wait_for(answers.get(), 5), CallFailed)

        client.send('42["ask me"]')
        await asyncio.sleep(0.02)
        await client.close()
        assert isinstance(await asyncio.wait_for(answers.get(), 5), CallFailed)


@pytest.mark.parametrize("close", [True, False])
async def test_a_socket_that_is_sent_away_gets_nothing_more(close: bool) -> None:
    server = Server(quick())
    heard: list[tuple[str, str]] = []
    for namespace in (server, server.namespace("/custom")):
        namespace.on_disconnect(lambda socket, reason: heard.append((socket.namespace, reason)))

    @server.on("leave")
    async def leave(socket: Socket) -> str:
        socket.emit("goodbye")
        socket.disconnect(close=close)
        socket.emit("too late")
        socket.disconnect(close=close)
        return "nor this"

    async with serving(server) as url:
        client = await joined(url + "/socket.io/")
        client.send("40/custom")
        await client.expect()
        client.send('427["leave"]')
        assert await client.expect() == '42["goodbye"]'
        assert await client.expect() == "41"
        if close:
            assert await client.expect() == "41/custom,"
            assert await client.until_closed() == 1000
            assert [name for name, _ in heard] == ["/", "/custom"]
        else:
            client.send('42["leave"]')
            client.send("41/custom")
            client.send("40")
            assert str(await client.expect()).startswith("40{")
            assert ("/", "server namespace disconnect") in heard
            assert ("/custom", "client namespace disconnect") in heard
            await client.close()
        assert client.messages.empty()


async def test_frames_are_sent_to_the_namespace_they_were_made_for() -> None:
    server = Server(quick())
    sockets: list[Socket] = []

    @server.namespace("/custom").on_connect
    async def connect(socket: Socket, _auth: Any) -> None:
        sockets.append(socket)

    async with serving(server) as url:
        client = await joined(url + "/socket.io/", "/custom,")
        with pytest.raises(ValueError, match="cannot go to"):
            sockets[0].send(event_frame("x"))
        several = [event_frame("x", number, namespace="/custom") for number in range(3)]
        sockets[0].send(join_frames(several))
        assert [await client.expect() for _ in several] == [
            f'42/custom,["x",{number}]' for number in range(3)
        ]
        await client.close()


async def test_calls_are_reported_with_their_outcome() -> None:
    reports: list[tuple[str, str]] = []
    options = quick(on_call=lambda event, _seconds, outcome: reports.append((event, outcome)))
    server = Server(options)
    register_answers(server)
    async with serving(server) as url:
        client = await joined(url + "/socket.io/")
        await answer_of(client, '427["none"]')
        await answer_of(client, '427["failing"]')
        assert reports == [("none", "ok"), ("failing", "error")]
        await client.close()


async def test_reserved_and_impossible_names_are_refused_early() -> None:
    server = Server(quick())
    with pytest.raises(ValueError, match="reserved"):
        server.on("connect", lambda _socket: None)
    with pytest.raises(ValueError, match="reserved"):
        event_frame("disconnect")
    for name in ("custom", "/a,b"):
        with pytest.raises(ValueError, match="namespace"):
            server.namespace(name)
