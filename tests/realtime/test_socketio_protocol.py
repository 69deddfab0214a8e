"""Socket.IO packets on the wire: joining, leaving, events, acknowledgements, attachments."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import pytest

from .clients import RawWebSocket, greeted, joined, open_polling

if TYPE_CHECKING:
    import httpx

PLACEHOLDERS = '{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}'


async def welcomed(url: str, namespace: str = "", auth: str = "") -> RawWebSocket:
    client = await joined(url, namespace, auth)
    assert str(await client.expect()).startswith(f'42{namespace}["auth",')
    return client


@pytest.mark.parametrize("namespace", ["", "/custom,"])
@pytest.mark.parametrize(("auth", "seen"), [("", "{}"), ('{"token":"123"}', '{"token":"123"}')])
async def test_a_client_joins_a_namespace(
    echo_url: str, namespace: str, auth: str, seen: str
) -> None:
    client = await greeted(echo_url)
    client.send(f"40{namespace}{auth}")
    answer = str(await client.expect())
    assert answer.startswith(f"40{namespace}{{")
    assert json.loads(answer.removeprefix(f"40{namespace}")).keys() == {"sid"}
    assert await client.expect() == f'42{namespace}["auth",{seen}]'
    await client.close()


async def test_an_unknown_namespace_is_refused_and_the_connection_stays(echo_url: str) -> None:
    client = await greeted(echo_url)
    client.send("40/random")
    assert await client.expect() == '44/random,{"message":"Invalid namespace"}'
    client.send("40")
    assert str(await client.expect()).startswith('40{"sid":"')
    await client.close()


async def test_a_client_that_joins_nothing_is_closed(echo_url: str) -> None:
    client = await greeted(echo_url)
    answering = asyncio.create_task(client.answer_pings())
    assert await client.until_closed() == 1008
    answering.cancel()


async def test_leaving_the_main_namespace_keeps_the_connection(echo_url: str) -> None:
    client = await welcomed(echo_url)
    client.send("41")
    assert await client.receive() == "2"
    client.send("3")
    client.send("40")
    assert str(await client.expect()).startswith('40{"sid":"')
    await client.close()


async def test_leaving_one_namespace_leaves_the_others(echo_url: str) -> None:
    client = await welcomed(echo_url)
    client.send("40/custom")
    assert str(await client.expect()).startswith("40/custom,")
    assert await client.expect() == '42/custom,["auth",{}]'
    client.send("41/custom")
    client.send('42["message","message to main namespace"]')
    assert await client.expect() == '42["message-back","message to main namespace"]'
    client.send('42/custom,["message","nobody hears this"]')
    client.send('42["message","still here"]')
    assert await client.expect() == '42["message-back","still here"]'
    await client.close()


@pytest.mark.parametrize("namespace", ["", "/custom,"])
@pytest.mark.parametrize(
    "args",
    [
        '1,"2",{"3":[true]}',
        "",
        "null",
        '"žluťoučký 🐎"',
        '"\\u0001\\"\\\\"',
        "1.5,-0,1e3",
        "[[[]]]",
    ],
)
async def test_an_event_is_echoed(echo_url: str, namespace: str, args: str) -> None:
    client = await welcomed(echo_url, namespace)
    client.send(f'42{namespace}["message"{"," if args else ""}{args}]')
    answer = str(await client.expect())
    assert answer.startswith(f"42{namespace}[")
    expected = ["message-back", *json.loads(f"[{args}]")]
    assert json.loads(answer.removeprefix(f"42{namespace}")) == expected
    await client.close()


async def test_an_event_is_acknowledged_with_its_number(echo_url: str) -> None:
    client = await welcomed(echo_url)
    client.send('42456["message-with-ack",1,"2",{"3":[false]}]')
    assert await client.expect() == '43456[1,"2",{"3":[false]}]'
    client.send('420["message-with-ack"]')
    assert await client.expect() == "430[]"
    await client.close()
    client = await welcomed(echo_url, "/custom,")
    client.send('42/custom,7["message-with-ack",1]')
    assert await client.expect() == "43/custom,7[1]"
    await client.close()


async def test_attachments_travel_beside_their_event(echo_url: str) -> None:
    client = await welcomed(echo_url)
    client.send(f'452-["message",{PLACEHOLDERS}]')
    client.send(b"\x01\x02\x03")
    client.send(b"\x04\x05\x06")
    assert await client.expect() == f'452-["message-back",{PLACEHOLDERS}]'
    assert [await client.expect(), await client.expect()] == [b"\x01\x02\x03", b"\x04\x05\x06"]
    await client.close()


async def test_attachments_travel_beside_their_acknowledgement(echo_url: str) -> None:
    client = await welcomed(echo_url)
    client.send(f'452-789["message-with-ack",{PLACEHOLDERS}]')
    client.send(b"\x01\x02\x03")
    client.send(b"\x04\x05\x06")
    assert await client.expect() == f"462-789[{PLACEHOLDERS}]"
    assert [await client.expect(), await client.expect()] == [b"\x01\x02\x03", b"\x04\x05\x06"]
    await client.close()


async def test_attachments_inside_objects_find_their_place(echo_url: str) -> None:
    client = await welcomed(echo_url, "/custom,")
    client.send('451-/custom,["message",{"a":[{"_placeholder":true,"num":0},1]}]')
    client.send(b"deep")
    answer = await client.expect()
    assert answer == ('451-/custom,["message-back",{"a":[{"_placeholder":true,"num":0},1]}]')
    assert await client.expect() == b"deep"
    await client.close()


async def test_attachments_work_over_polling(http: httpx.AsyncClient, echo_url: str) -> None:
    polling = await open_polling(http, echo_url)
    await polling.post("40")
    assert (await polling.expect())[0].startswith('40{"sid":"')
    await polling.post('451-["message",{"_placeholder":true,"num":0}]\x1ebAQIDBA==')
    packets: list[str] = []
    while "bAQIDBA==" not in packets:
        packets += await polling.expect()
    event = packets.index('451-["message-back",{"_placeholder":true,"num":0}]')
    assert packets[event + 1] == "bAQIDBA=="


@pytest.mark.parametrize(
    "packet",
    [
        "4",
        "4abc",
        "47",
        "42",
        "42{}",
        "42[]",
        '42"message"',
        "42[{}]",
        "42[true]",
        "42[null]",
        '42["message"',
        '42["message"] trailing',
        '42["message",NaN]',
        '42["message",Infinity]',
        '42["message","\\ud800"]',
        '42["message","\\udc00 alone"]',
        '42["message","\\x"]',
        '42["message","\x01"]',
        '42["message",1e999]',
        '42["message",' + "9" * 5000 + "]",
        '42["message",' + "[" * 20_000 + "]" * 20_000 + "]",
        '42["message",' + '{"a":' * 20_000 + "1" + "}" * 20_000 + "]",
        '42["connect"]',
        '42["disconnect"]',
        '42["connect_error"]',
        '42["newListener"]',
        '42abc["message-with-ack",1]',
        '42-1["message"]',
        '42\u0661["message"]',
        '421-["message"]',
        '42/other,["message"]',
        '42/custom["message"]',
        "40",
        "40[]",
        "40{",
        "401",
        '40/custom,"token"',
        "41/custom",
        "41{}",
        '43["x"]',
        "431{}",
        '44{"message":"no"}',
        '45["message"]',
        '4511-["message"]',
        '459999999999999999-["message"]',
        '451-{"a":1}',
        '451-["message",{"_placeholder":true,"num":1}]B',
        '451-["message",{"_placeholder":true,"num":-1}]B',
        '451-["message",{"_placeholder":true,"num":"0"}]B',
        '451-["message",{"_placeholder":true,"num":true}]B',
        '451-["message",{"_placeholder":true}]B',
        '451-["message",1]B',
        '451-[{"_placeholder":true,"num":0}]B',
        '451-["message",{"_placeholder":true,"num":0}]T',
        "B",
    ],
)
async def test_a_malformed_packet_closes_the_connection(
    echo_url: str, packet: str, caplog: pytest.LogCaptureFixture
) -> None:
    client = await welcomed(echo_url)
    if packet.endswith("B"):
        packet = packet[:-1]
        followed_by: str | bytes | None = b"binary"
    elif packet.endswith("]T"):
        packet = packet[:-1]
        followed_by = '42["message"]'
    else:
        followed_by = None
    if packet:
        client.send(packet)
    if followed_by is not None:
        client.send(followed_by)
    assert await client.until_closed() == 1002
    assert not caplog.records


async def test_a_malformed_packet_over_polling_ends_the_session(
    http: httpx.AsyncClient, echo_url: str
) -> None:
    polling = await open_polling(http, echo_url)
    await polling.post("40")
    await polling.expect()
    await polling.post("42{}")
    assert (await polling.poll()).status_code == 400


async def test_packets_before_joining_close_the_connection(echo_url: str) -> None:
    for packet in ('42["message"]', "41", "430[]", '450-["message"]'):
        client = await greeted(echo_url)
        client.send(packet)
        assert await client.until_closed() == 1002
