"""The bus that a parent carries, and the messages that carry it."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import pytest

from echosphere.workers import message_stream
from echosphere.workers.message_stream import EVENT, LOAD, MessageStream
from echosphere.workers.parent_bus import ParentBus
from tests.waiting import until

Heard = list[tuple[bytes, bytes]]


@asynccontextmanager
async def connected() -> AsyncIterator[tuple[MessageStream, MessageStream, Heard]]:
    """Two ends, and what the second one hears."""
    heard: Heard = []
    closed = asyncio.Event()
    one = MessageStream(lambda _kind, _data: None, lambda: None)
    other = MessageStream(lambda kind, data: heard.append((kind, data)), closed.set)
    ends = socket.socketpair()
    await one.open(ends[0])
    await other.open(ends[1])
    yield one, other, heard
    one.close()
    await closed.wait()
    other.close()


async def test_messages_of_any_size_come_whole_and_in_order() -> None:
    async with connected() as (one, _other, heard):
        sent = [(LOAD, bytes([number % 256]) * (number**3)) for number in range(100)]
        for kind, data in sent:
            one.send(kind, data)
        await until(lambda: len(heard) == len(sent))
        assert heard == sent


async def test_for_one_that_does_not_read_events_are_dropped_and_the_rest_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(message_stream, "MAX_WAITING", 2**20)
    async with connected() as (one, _other, heard):
        for _ in range(100):
            one.send(EVENT, bytes(2**16))
        one.send(LOAD, b"still")
        await until(lambda: (LOAD, b"still") in heard)
        assert 16 <= len(heard) < 100


async def test_a_worker_hears_the_subjects_that_it_asked_for_until_it_leaves() -> None:
    async with connected() as (one, _other, heard):
        publish = partial(one.send, EVENT)
        sending, hearing = ParentBus(publish), ParentBus(publish)
        got: list[tuple[str, bytes]] = []
        await hearing.start(lambda *event: got.append(event), lambda: None)
        for subject in ("a.*.c", "b.>", "d"):
            await hearing.subscribe(subject)
        told = ["a.b.c", "a.b", "a.b.d", "b.c", "b.c.d", "b", "d", "d.e"]
        for subject in told:
            sending.publish(subject, subject.encode())
        await until(lambda: len(heard) == len(told))
        for _, event in heard:
            hearing.received(event)
        assert got == [(one, one.encode()) for one in ("a.b.c", "b.c", "b.c.d", "d")]
        await hearing.close()
        hearing.received(heard[0][1])
        assert len(got) == 4
