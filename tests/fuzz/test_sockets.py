"""Packets of Engine.IO and Socket.IO that no one would write, over both transports."""

import asyncio
import contextlib
import json
from collections.abc import Callable, Coroutine
from typing import Any

import httpx
from hypothesis import given, strategies

from tests.fuzz.conftest import some_examples
from tests.realtime.clients import greeted, open_polling

JSON = strategies.recursive(
    strategies.none()
    | strategies.booleans()
    | strategies.integers(-(2**70), 2**70)
    | strategies.floats(allow_nan=False, allow_infinity=False)
    | strategies.text(max_size=40),
    lambda inner: (
        strategies.lists(inner, max_size=4)
        | strategies.dictionaries(strategies.text(max_size=12), inner, max_size=4)
    ),
    max_leaves=12,
)
CALLS = strategies.sampled_from(
    ["post", "edit", "delete", "react", "pin", "forward", "read", "clear", "change", "search", "sync",
     "history", "typing", "presence", "attention", "filter", "held", "remove", "storage", "nothing"]
)  # fmt: skip
FIELDS = strategies.sampled_from(
    ["conversation", "seq", "seqs", "key", "body", "emoji", "on", "to", "q", "versions", "user", "words",
     "attachments", "status", "limit", "before"]
)  # fmt: skip
EVENTS = strategies.tuples(CALLS, strategies.dictionaries(FIELDS, JSON, max_size=5) | JSON)


def packet_of(event: tuple[str, Any]) -> str:
    return "421" + json.dumps(list(event))


def binary_of(event: tuple[str, Any]) -> str:
    return f"451-{json.dumps([event[0], {'_placeholder': True, 'num': 0, 'x': event[1]}])}"


PACKETS = strategies.one_of(
    EVENTS.map(packet_of),
    EVENTS.map(binary_of),
    strategies.text(max_size=60),
    strategies.text(max_size=60).map(lambda text: "4" + text),
    strategies.text(max_size=60).map(lambda text: "42" + text),
    strategies.tuples(EVENTS, strategies.integers(0, 60)).map(
        lambda both: packet_of(both[0])[: both[1]]
    ),
    strategies.sampled_from(
        ["40", "41", "40{}", "40/x,{}", "43[]", "431[]", "1", "2", "3", "5", "6"]
    ),
    strategies.binary(max_size=60),
)


def alone(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run one example on a loop of its own."""
    asyncio.run(work())


@some_examples
@given(packets=strategies.lists(PACKETS, min_size=1, max_size=8))
def test_whatever_comes_over_a_websocket_the_next_one_is_served(
    ada: httpx.Client, packets: list[str | bytes]
) -> None:
    async def play() -> None:
        url = f"{str(ada.base_url).rstrip('/')}/socket.io/"
        token = ada.headers["Authorization"].removeprefix("Bearer ")
        client = await greeted(url)
        client.send("40" + json.dumps({"token": token}))
        await client.expect()
        for packet in packets:
            if not client.closed.done():
                client.send(packet)
        client.transport.underlying_transport.close()
        after = await greeted(url)
        after.send("40" + json.dumps({"token": token}))
        assert str(await after.expect()).startswith("40{")
        after.transport.underlying_transport.close()
        await asyncio.sleep(0)

    alone(play)


@some_examples
@given(bodies=strategies.lists(strategies.lists(PACKETS, max_size=5), min_size=1, max_size=4))
def test_whatever_comes_over_polling_is_answered_in_good_order(
    ada: httpx.Client, bodies: list[list[str | bytes]]
) -> None:
    async def play() -> None:
        url = f"{str(ada.base_url).rstrip('/')}/socket.io/"
        token = ada.headers["Authorization"].removeprefix("Bearer ")
        async with httpx.AsyncClient(trust_env=False, timeout=30) as http:
            polling = await open_polling(http, url)
            await polling.post("40" + json.dumps({"token": token}))
            for packets in bodies:
                body = b"\x1e".join(
                    one if isinstance(one, bytes) else one.encode("utf-8", "replace")
                    for one in packets
                )
                assert (await polling.post(body)).status_code in (200, 400, 413)
            with contextlib.suppress(httpx.TransportError):
                await polling.post("1")

    alone(play)
