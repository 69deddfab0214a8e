"""A run in which something was lost, duplicated or swapped does not count: the comparison detects it."""

import asyncio
import json
from collections.abc import Callable

import pytest
from bench.group import Poster, compare_received
from bench.result import IncompleteError
from bench.sockets import Receiver

Change = Callable[[list[bytes]], list[bytes]]


def events(bodies: list[str]) -> list[bytes]:
    """Return the packets of messages as the server sends them."""
    return [
        b"42"
        + json.dumps(
            ["message", {"version": number + 2, "message": {"body": body}}], separators=(",", ":")
        ).encode()
        for number, body in enumerate(bodies)
    ]


async def received(change: Change) -> list[float]:
    """Let a poster get everything and a member what `change` makes of it; compare both."""
    poster, member = Poster("token", "conversation", 2, 30), Receiver("token")
    poster.expect(3)
    member.expect(3)
    poster.sent = [0.0, 0.0, 0.0]
    poster.accepted = 3
    packets = events(poster.posted)
    for packet in packets:
        poster.take_message(packet)
    for packet in change(packets):
        member.take_message(packet)
    await asyncio.sleep(0)
    return compare_received([poster, member], poster, 3)


async def test_what_arrived_as_it_was_posted_is_accepted() -> None:
    assert len(await received(lambda packets: packets)) == 3


@pytest.mark.parametrize(
    "change",
    [
        lambda packets: packets[:2],
        lambda packets: [*packets, packets[2]],
        lambda packets: [packets[1], packets[0], packets[2]],
        lambda packets: [packets[0], packets[1], packets[1]],
    ],
    ids=["lost", "twice", "swapped", "replaced"],
)
async def test_anything_else_fails_the_run(change: Change) -> None:
    with pytest.raises(IncompleteError):
        await received(change)
