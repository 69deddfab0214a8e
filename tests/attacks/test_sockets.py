"""Attacks on the realtime side: both transports, packets, namespaces and floods."""

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from picows import WSMsgType

from tests.attacks.conftest import Cast
from tests.attacks.servers import Servers
from tests.product.people import Person, Refused, new_key
from tests.realtime.clients import RawPolling, RawWebSocket, open_polling, refused_websocket
from tests.realtime.clients import greeted as greet
from tests.realtime.clients import open_websocket as open_bare

WEBSOCKET = "EIO=4&transport=websocket"
TRANSPORTS = ("websocket", "polling")


_opened: list[RawWebSocket] = []


@pytest.fixture(autouse=True)
async def _nothing_is_left_open() -> AsyncIterator[None]:
    yield
    for client in _opened:
        client.transport.underlying_transport.abort()
    _opened.clear()
    await asyncio.sleep(0.01)


async def greeted(url: str) -> RawWebSocket:
    """A WebSocket after the Engine.IO handshake."""
    _opened.append(await greet(url))
    return _opened[-1]


async def open_websocket(url: str, query: str) -> RawWebSocket:
    """A WebSocket before anything was received on it."""
    _opened.append(await open_bare(url, query))
    return _opened[-1]


def url_of(base: str) -> str:
    return f"{base}/socket.io/"


async def joined_as(person: Person) -> RawWebSocket:
    """A bare WebSocket on which someone is signed in."""
    client = await greeted(url_of(person.base))
    client.send("40" + json.dumps({"token": person.token}))
    answer = await client.expect()
    assert str(answer).startswith("40{"), answer
    return client


async def call(client: RawWebSocket, event: str, argument: Any) -> Any:
    """Call and return the acknowledgement, whatever events come before it."""
    client.send("421" + json.dumps([event, argument]))
    async with asyncio.timeout(20):
        while True:
            answer = str(await client.expect())
            if answer.startswith("431"):
                return json.loads(answer[3:])[0]


ORIGINS = [
    "https://evil.example",
    "null",
    "{base}.evil.example",
    "https{rest}",
    "http://127.0.0.1:1",
    "file://",
    "",
]


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("origin", ORIGINS)
async def test_a_page_of_another_site_gets_no_socket(
    cast: Cast, transport: str, origin: str
) -> None:
    base = cast.target.base
    headers = {
        "cookie": f"echosphere_session={cast.ada.token}",
        "origin": origin.format(base=base, rest=base.removeprefix("http")),
    }
    if transport == "websocket":
        status, _ = await refused_websocket(url_of(base), WEBSOCKET, headers)
    else:
        async with httpx.AsyncClient() as http:
            query = {"EIO": "4", "transport": "polling"}
            status = (await http.get(url_of(base), params=query, headers=headers)).status_code
    assert status == 403


async def polling_of(http: httpx.AsyncClient, person: Person) -> RawPolling:
    """A polling session of someone, opened with their cookie."""
    cookie = {"cookie": f"echosphere_session={person.token}"}
    polling = await open_polling(http, url_of(person.base), headers=cookie)
    await polling.post("40", headers=cookie)
    return polling


@pytest.mark.parametrize("thief", ["nobody", "another person", "a broken cookie"])
async def test_the_id_of_a_polling_session_is_worth_nothing(cast: Cast, thief: str) -> None:
    cookies = {
        "nobody": {},
        "another person": {"cookie": f"echosphere_session={cast.oscar.token}"},
        "a broken cookie": {"cookie": "echosphere_session="},
    }
    own = {"cookie": f"echosphere_session={cast.ada.token}"}
    async with httpx.AsyncClient() as http:
        polling = await polling_of(http, cast.ada)
        query = {"EIO": "4", "transport": "polling", "sid": polling.sid}
        for method, content in (("GET", None), ("POST", '42["sync",{"versions":{}}]')):
            answer = await http.request(
                method, polling.url, params=query, content=content, headers=cookies[thief]
            )
            assert answer.status_code == 400
        status, _ = await refused_websocket(
            polling.url, f"{WEBSOCKET}&sid={polling.sid}", cookies[thief] or None
        )
        assert status == 400
        still = await http.get(polling.url, params=query, headers=own)
        assert still.text.startswith("40{")


AUTH: dict[str, Any] = {
    "nothing": None,
    "an empty object": {},
    "an empty token": {"token": ""},
    "null": {"token": None},
    "a number": {"token": 1},
    "true": {"token": True},
    "a list": {"token": ["x"]},
    "an operator": {"token": {"$ne": ""}},
    "a long one": {"token": "x" * 50_000},
    "NUL": {"token": "\x00"},
    "of another script": {"token": "é" * 43},
    "a user": {"user": "{ada}"},
    "a password": {"email": "{email}", "password": "correct horse battery staple"},
    "an id": {"token": "{ada}"},
}


@pytest.mark.parametrize("auth", AUTH.values(), ids=AUTH)
async def test_no_one_is_connected_without_a_session(cast: Cast, auth: Any) -> None:
    told = json.dumps(auth).replace("{ada}", cast.ada.id).replace("{email}", cast.ada.email)
    client = await greeted(url_of(cast.target.base))
    client.send("40" + (told if auth is not None else ""))
    assert await client.expect() == '44{"message":"unauthorized"}'
    client.send('421["sync",{"versions":{}}]')
    await client.until_closed()
    assert client.messages.empty()


async def test_calls_before_signing_in_are_not_answered(cast: Cast) -> None:
    client = await greeted(url_of(cast.target.base))
    client.send(f'421["history",{{"conversation":"{cast.here}"}}]')
    await client.until_closed()
    assert client.messages.empty()


@pytest.mark.parametrize("namespace", ["/admin", "/chat", "//", "/../", "/%00", "/" + "x" * 5_000])
async def test_there_is_no_other_namespace(cast: Cast, namespace: str) -> None:
    """Neither with a session nor without: an admin console of a library is a way in."""
    for auth in ({}, {"token": cast.ada.token}, {"username": "admin", "password": "admin"}):
        client = await greeted(url_of(cast.target.base))
        client.send(f"40{namespace},{json.dumps(auth)}")
        answer = await client.expect()
        assert str(answer).startswith("44"), answer
        client.send(f'42{namespace},1["sync",{{"versions":{{}}}}]')
        await client.until_closed()
        assert client.messages.empty()


async def test_nothing_of_the_main_namespace_is_heard_in_another(cast: Cast) -> None:
    client = await joined_as(cast.ada)
    client.send("40/other,{}")
    assert str(await client.expect()).startswith("44/other")
    client.send(f'42/other,1["history",{{"conversation":"{cast.here}"}}]')
    await client.until_closed()


async def until_closed_or(client: RawWebSocket, beginning: str) -> list[str]:
    """Return what comes until the connection is closed, or something with this beginning came."""
    answers: list[str] = []
    async with asyncio.timeout(20):
        while not client.closed.done() and not any(one.startswith(beginning) for one in answers):
            coming: asyncio.Future[Any] = asyncio.ensure_future(client.messages.get())
            both: set[asyncio.Future[Any]] = {coming, client.closed}
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            if coming.done():
                answers.append(str(coming.result()))
            else:
                coming.cancel()
    return answers


PACKETS: dict[str, str] = {
    "no type": "4",
    "an unknown type": "49[]",
    "a refusal": '44{"message":"x"}',
    "no array": '42{"a":1}',
    "no name": "42[]",
    "a name that is an object": '42[{"a":1}]',
    "NaN": '42["sync",NaN]',
    "half of JSON": '42["sync",{"versions":',
    "a deep array": "42" + "[" * 90_000,
    "a deep closed array": '42["sync",' + "[" * 40_000 + "]" * 40_000 + "]",
    "a lone surrogate": '42["sync",{"versions":{"\\ud800":1}}]',
    "an acknowledgement of nothing": "43[]",
    "an acknowledgement without an array": "431{}",
    "a reserved event": '42["disconnect"]',
    "a reserved event of connecting": '42["connect_error"]',
    "a binary event with no attachments announced": '45["sync"]',
    "a binary event with very many": '4599999-["sync"]',
    "a binary event with a placeholder too many": '450-["sync",{"_placeholder":true,"num":0}]',
    "a placeholder below zero": '450-["sync",{"_placeholder":true,"num":-1}]',
    "a second connect": "40{}",
    "a disconnect with more": '41{"a":1}',
    "a huge number of an acknowledgement": '4299999999999999999999["sync",{}]',
    "an unknown packet of Engine.IO": "9",
    "a close and more": "1x",
    "an upgrade in the middle": "5",
}


@pytest.mark.parametrize("packet", PACKETS.values(), ids=PACKETS)
async def test_a_malformed_packet_ends_one_connection_and_no_other(cast: Cast, packet: str) -> None:
    beside = await cast.ada.connect()
    client = await joined_as(cast.ada)
    client.send(packet)
    client.send('422["no such call",{}]')
    for answer in await until_closed_or(client, "432"):
        assert '"ok":true' not in answer
    assert (await beside.call("sync", {"versions": {}}))["gone"] == []


FRAMES: dict[str, Any] = {
    "no UTF-8": (WSMsgType.TEXT, b'42["\xff\xfe"]'),
    "an oversize text": (WSMsgType.TEXT, b'42["post",{"body":"' + b"x" * 150_000 + b'"}]'),
    "an oversize binary": (WSMsgType.BINARY, b"x" * 150_000),
    "unexpected binary": (WSMsgType.BINARY, b"\x00\x01\x02"),
    "a long ping": (WSMsgType.PING, b"x" * 126),
}


@pytest.mark.parametrize(("kind", "data"), FRAMES.values(), ids=FRAMES)
async def test_a_frame_out_of_order_closes_its_connection(
    cast: Cast, kind: WSMsgType, data: bytes
) -> None:
    client = await joined_as(cast.ada)
    client.send_frame(kind, data)
    assert await client.until_closed() in (0, 1002, 1003, 1007, 1008, 1009)
    await cast.ada.get("/me")


async def test_a_frame_that_announces_gigabytes_takes_no_memory(cast: Cast) -> None:
    client = await joined_as(cast.ada)
    client.write(b"\x81\xff" + (2**40).to_bytes(8) + b"\0\0\0\0" + b"x" * 1_000)
    assert await client.until_closed() in (0, 1002, 1009)


async def test_a_frame_without_a_mask_is_refused(cast: Cast) -> None:
    client = await joined_as(cast.ada)
    client.write(b"\x81\x0b" + b'42["sync"]x')
    assert await client.until_closed() in (0, 1002)


async def test_a_binary_event_that_is_half_sent_is_given_up(cast: Cast) -> None:
    """CVE-2026-48804: announced attachments were kept for ever."""
    client = await joined_as(cast.ada)
    client.send('453-["post",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]')
    client.send(b"x" * 90_000)
    assert await client.until_closed() in (0, 1002, 1008)


async def test_text_between_attachments_is_refused(cast: Cast) -> None:
    client = await joined_as(cast.ada)
    client.send('452-["post",{"_placeholder":true,"num":0}]')
    client.send('42["sync",{"versions":{}}]')
    assert await client.until_closed() in (0, 1002, 1008)


@pytest.mark.parametrize(
    "event", ["no such call", "admin", "__proto__", "eval", "toString", "*", "1"]
)
async def test_unknown_calls_do_nothing(cast: Cast, event: str) -> None:
    client = await joined_as(cast.ada)
    assert (await call(client, event, {}))["ok"] is False
    await client.close()


ARGUMENTS: list[Any] = [None, [], "x", 1, True, {"no_such_field": 1}, {"conversation": {"$ne": ""}}]


@pytest.mark.parametrize("argument", ARGUMENTS, ids=repr)
async def test_every_call_refuses_what_has_the_wrong_shape(cast: Cast, argument: Any) -> None:
    document = (await cast.ada.get("/asyncapi.json"))["channels"]
    client = await joined_as(cast.ada)
    for name in calls_in(document):
        answer = await call(client, name, argument)
        fine = name in NEED_NOTHING and argument in (None, {})
        assert answer["ok"] is fine or answer["error"]["code"] == "invalid", (name, answer)
    await client.close()


NEED_NOTHING = {"search", "storage", "directory", "attention", "sync"}


def calls_in(channels: dict[str, Any]) -> list[str]:
    """Return the calls in an AsyncAPI document."""
    found = [name for channel in channels.values() for name in channel["messages"]]
    names = [name for name in found if name in KNOWN_CALLS]
    assert len(names) > 20
    return names


KNOWN_CALLS = (
    "post", "edit", "delete", "react", "pin", "save", "hide", "restore", "forward", "read", "delivered",
    "clear", "unclear", "remove", "held", "release", "refuse", "withdraw", "filter", "set_filter", "banned",
    "lift_ban", "change", "presence", "typing", "search", "storage", "history", "sync", "directory",
)  # fmt: skip


@pytest.mark.parametrize("query", ["EIO=3&transport=polling", "EIO=4&transport=jsonp&j=0", "EIO=4",
                                   "transport=polling", "EIO=4&transport=flashsocket",
                                   "EIO=4&transport=polling&sid=../../x", "EIO=4&transport=websocket",
                                   "&".join(f"a{n}=1" for n in range(100))])  # fmt: skip
async def test_odd_handshakes_are_refused(cast: Cast, query: str) -> None:
    async with httpx.AsyncClient() as http:
        answer = await http.get(f"{url_of(cast.target.base)}?{query}")
        assert (answer.status_code, answer.headers["content-type"]) == (400, "application/json")
        assert "<" not in answer.text


async def test_a_poll_beside_a_poll_ends_the_session(cast: Cast) -> None:
    cookie = {"cookie": f"echosphere_session={cast.ada.token}"}
    async with httpx.AsyncClient(timeout=30) as http:
        polling = await polling_of(http, cast.ada)
        await polling.poll(headers=cookie)
        waiting = asyncio.create_task(polling.poll(headers=cookie))
        await asyncio.sleep(0.2)
        assert (await polling.poll(headers=cookie)).status_code == 400
        await waiting


BODIES: dict[str, tuple[bytes, int]] = {
    "too long": (b"4" + b"x" * 150_000, 413),
    "very many packets": (b"\x1e".join([b"3"] * 2_000), 400),
    "no UTF-8": (b"4\xff\xfe", 400),
    "no base64": (b"b***", 400),
}


@pytest.mark.parametrize(("body", "status"), BODIES.values(), ids=BODIES)
async def test_an_odd_body_of_a_poll_is_refused(cast: Cast, body: bytes, status: int) -> None:
    cookie = {"cookie": f"echosphere_session={cast.ada.token}"}
    async with httpx.AsyncClient(timeout=30) as http:
        polling = await polling_of(http, cast.ada)
        assert (await polling.post(body, headers=cookie)).status_code == status
        assert (await polling.poll(headers=cookie)).status_code == 400


async def test_a_socket_of_a_page_of_one_person_is_not_given_to_another(cast: Cast) -> None:
    client = await greeted(url_of(cast.target.base))
    client.send("40" + json.dumps({"token": cast.oscar.token, "user": cast.ada.id}))
    assert await client.expect() == '44{"message":"unauthorized"}'


async def test_a_person_has_ten_sockets_and_no_more(servers: Servers) -> None:
    target = servers("strict")
    olga = await target.owner()
    clients = [await joined_as(olga) for _ in range(10)]
    extra = await greeted(url_of(target.base))
    extra.send("40" + json.dumps({"token": olga.token}))
    assert await extra.expect() == '44{"message":"too_many"}'
    for client in clients:
        await client.close()
    await extra.close()
    await olga.close()


async def test_who_calls_without_pause_is_cut_off(servers: Servers) -> None:
    target = servers("strict")
    olga = await target.owner()
    client = await joined_as(olga)
    for number in range(9_000):
        if client.closed.done():
            break
        client.send(f'42{number}["attention",{{"conversation":null}}]')
        if number % 200 == 0:
            await asyncio.sleep(0)
    assert await client.until_closed() in (0, 1008)
    await olga.close()


async def test_an_address_has_fifty_sockets_and_no_more(servers: Servers) -> None:
    target = servers("narrow")
    opened: list[RawWebSocket] = []
    refused = 0
    for _ in range(55):
        try:
            opened.append(await open_websocket(url_of(target.base), WEBSOCKET))
        except Exception:
            refused += 1
    for client in opened:
        await client.close()
    assert (len(opened), refused) == (50, 5)


async def test_who_reads_nothing_is_cut_off(cast: Cast) -> None:
    """What waits for a reader is bounded: 1 MiB, whatever is sent to them."""
    reader = socket.socket()
    reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    reader.connect((urlsplit(cast.target.base).hostname, urlsplit(cast.target.base).port))
    key = "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    key += "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    reader.sendall(f"{key}Sec-WebSocket-Key: {'A' * 22}==\r\n\r\n".encode())
    answer = b""
    while not answer.endswith(b"\r\n\r\n"):  # nothing may be sent before
        answer += await asyncio.to_thread(reader.recv, 1)
    joining = b"40" + json.dumps({"token": cast.ada.token}).encode()
    reader.sendall(bytes([0x81, 0x80 | len(joining), 0, 0, 0, 0]) + joining)
    watching = await cast.ben.connect()
    await until_status(cast.ada, cast.ben, "online")
    for _ in range(40):
        await asyncio.gather(*(watching.say(cast.here, "x" * 9_900) for _ in range(50)))
        if await status_of(cast.ada, cast.ben) == "offline":
            break
    await until_status(cast.ada, cast.ben, "offline")
    reader.close()


async def until_status(person: Person, seen_by: Person, status: str) -> None:
    async with asyncio.timeout(30):
        while await status_of(person, seen_by) != status:
            await asyncio.sleep(0.1)


async def status_of(person: Person, seen_by: Person) -> str:
    [shown] = (await seen_by.get("/presence", users=person.id))["presence"]
    return str(shown["status"])


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_events_come_from_the_server_alone(cast: Cast, transport: str) -> None:
    """A client that sends what the server would send is not heard by anyone."""
    hers, his = await cast.ada.connect(), await cast.oscar.connect(transports=[transport])
    forged = {"conversation": cast.here, "message": {"body": "forged", "seq": 99}, "version": 99}
    for event in ("message", "me", "signed_out", "typing", "conversation", "receipt"):
        with contextlib.suppress(Refused):
            await his.call(event, forged)
    await cast.ben.say(cast.here, "true")
    await hers.next("message", conversation=cast.here)
    assert "forged" not in repr(hers.events)


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_what_others_say_reaches_no_one_else(cast: Cast, transport: str) -> None:
    his = await cast.oscar.connect(transports=[transport])
    for _ in range(3):
        await cast.ada.say(cast.here, "between us")
    await cast.ada.http.post(f"/conversations/{cast.here}/typing", json={"on": True})
    with pytest.raises(Refused, match="not_found"):
        await his.call("history", {"conversation": cast.here})
    assert not any(payload and cast.here in json.dumps(payload) for _, payload in his.events)


async def test_a_call_for_others_is_refused_like_one_for_no_one(cast: Cast) -> None:
    his = await cast.oscar.connect()
    said = await cast.ada.say(cast.here, "between us")
    for name, more in CALLS.items():
        told = []
        for conversation in (cast.here, "0123456789abcdef0123"):
            argument = {"conversation": conversation} | more(said["seq"])
            with pytest.raises(Refused) as refused:
                await his.call(name, argument)
            told.append((refused.value.code, refused.value.detail))
        assert told[0] == told[1], name
        assert told[0][0] == "not_found", name
    page = (await cast.ada.get(cast.messages()))["messages"]
    assert [one["body"] for one in page] == ["between us"]


CALLS: dict[str, Any] = {
    "post": lambda _: {"key": new_key(), "body": "forged"},
    "edit": lambda seq: {"seq": seq, "body": "forged"},
    "delete": lambda seq: {"seq": seq},
    "react": lambda seq: {"seq": seq, "emoji": "👍", "on": True},
    "pin": lambda seq: {"seq": seq, "on": True},
    "save": lambda seq: {"seq": seq, "on": True},
    "hide": lambda seq: {"seqs": [seq]},
    "restore": lambda seq: {"seqs": [seq]},
    "forward": lambda seq: {"seq": seq, "to": [{"conversation": "x", "key": new_key()}]},
    "read": lambda seq: {"seq": seq},
    "delivered": lambda seq: {"seq": seq},
    "clear": lambda seq: {"seq": seq},
    "unclear": lambda _: {},
    "remove": lambda _: {"user": "0123456789abcdef0123"},
    "held": lambda _: {},
    "filter": lambda _: {},
    "set_filter": lambda _: {"words": ["x"]},
    "banned": lambda _: {},
    "lift_ban": lambda _: {"user": "0123456789abcdef0123"},
    "change": lambda _: {"title": "forged"},
    "typing": lambda _: {"on": True},
    "history": lambda _: {},
}
