"""What is written to connections within one turn of the loop leaves in one call for each."""

from __future__ import annotations

import asyncio

import pytest

from echosphere.realtime.engineio.cork import LARGE_CHUNK, MAX_CHUNKS, Cork, Corks


async def the_turn_to_end() -> None:
    await asyncio.sleep(0)
    await asyncio.sleep(0)


async def test_the_pieces_of_one_turn_leave_together_and_in_their_order() -> None:
    written: list[bytes] = []
    cork = Cork(Corks(), written.append)
    cork.write(b"one ")
    cork.write(b"two")
    assert written == []
    await the_turn_to_end()
    assert written == [b"one two"]


async def test_many_or_large_pieces_do_not_wait_for_the_end_of_the_turn() -> None:
    written: list[bytes] = []
    cork = Cork(Corks(), written.append)
    for _ in range(MAX_CHUNKS):
        cork.write(b".")
    assert written == [b"." * MAX_CHUNKS]
    cork.write(b".")
    cork.write(b"x" * LARGE_CHUNK)
    assert written[1:] == [b"." + b"x" * LARGE_CHUNK]


async def test_a_connection_that_broke_does_not_hold_the_others_back(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(_data: bytes) -> None:
        raise RuntimeError("the handler is closed")

    corks, written = Corks(), list[bytes]()
    first, second = Cork(corks, broken), Cork(corks, written.append)
    for turn in (b"one", b"two"):
        first.write(turn)
        second.write(turn)
        await the_turn_to_end()
    assert written == [b"one", b"two"]
    assert caplog.text.count("could not be written to") == 2


async def test_what_was_gathered_for_a_connection_that_is_gone_is_forgotten() -> None:
    written: list[bytes] = []
    cork = Cork(Corks(), written.append)
    cork.write(b"late")
    cork.drop()
    await the_turn_to_end()
    assert written == []
