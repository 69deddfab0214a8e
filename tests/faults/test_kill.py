"""The server is killed at any moment: what it acknowledged is there, exactly once."""

import asyncio
import os
import random
from pathlib import Path

from tests.faults.callers import Caller
from tests.faults.processes import (
    PATIENCE,
    Sender,
    SocketSender,
    crowd_on,
    faults_in,
    server_process,
    whole_history,
)

KILLS = int(os.environ.get("ECHOSPHERE_TEST_KILLS", "5"))
"""How often the server is killed; 50 in the long run."""

SENDERS = 20


async def test_everything_acknowledged_survives_being_killed(tmp_path: Path) -> None:
    with server_process(tmp_path) as server:
        async with crowd_on(server.base, SENDERS) as (people, conversation):
            senders = [
                (SocketSender if number % 2 else Sender)(person, conversation)
                for number, person in enumerate(people)
            ]
            tasks = [asyncio.create_task(sender.run()) for sender in senders]
            for _ in range(KILLS):
                await _some_more(senders, random.randint(1, 60))
                await asyncio.sleep(random.random() / 30)
                server.kill()
                await asyncio.to_thread(server.start)
            await _some_more(senders, SENDERS)
            for sender in senders:
                sender.stopping = True
            await asyncio.wait_for(asyncio.gather(*tasks), PATIENCE)
            stored = await whole_history(people[0], conversation)
        assert faults_in(senders, stored) == []
        said = [message for message in stored if message["system"] is None]
        assert len(said) == sum(len(sender.acknowledged) for sender in senders)
        assert server.terminate() == 0
        assert server.integrity() == "ok"


async def test_a_sender_who_trusts_too_early_is_noticed(tmp_path: Path) -> None:
    with server_process(tmp_path) as server:
        async with crowd_on(server.base, 2) as (people, conversation):
            honest, hasty = Sender(people[0], conversation), Sender(people[1], conversation)
            hasty.hasty = True
            await _send(honest, "key-before-the-kill")
            await _send(hasty, "key-of-the-hasty-1")
            server.kill()
            await _send(hasty, "key-of-the-hasty-2")
            server.start()
            stored = (await whole_history(people[0], conversation))[1:]
    assert faults_in([honest], stored[:1]) == []
    assert "key-of-the-hasty-2 was acknowledged and is gone" in faults_in([honest, hasty], stored)
    assert faults_in([honest], [*stored[:1], *stored[:1]]) != []


async def _send(sender: Sender, key: str) -> None:
    sender.attempted.append(key)
    await sender._send_until_acknowledged(key)


async def _some_more(senders: list[Sender], count: int) -> None:
    """Wait until so many further messages are acknowledged."""

    def acknowledged() -> int:
        return sum(len(sender.acknowledged) for sender in senders)

    wanted = acknowledged() + count
    async with asyncio.timeout(PATIENCE):
        while acknowledged() < wanted:
            await asyncio.sleep(0.005)


async def test_told_to_stop_under_load_it_ends_in_good_order(tmp_path: Path) -> None:
    with server_process(tmp_path) as server:
        async with crowd_on(server.base, 8) as (people, conversation):
            watchers = [await Caller.connect(server.base, person.token) for person in people]
            senders = [
                (SocketSender if number % 2 else Sender)(person, conversation)
                for number, person in enumerate(people)
            ]
            tasks = [asyncio.create_task(sender.run()) for sender in senders]
            await _some_more(senders, 40)
            assert await asyncio.to_thread(server.terminate) == 0
            for watcher in watchers:
                await watcher.closed.wait()
                assert watcher.close_code == 1001
            for sender, task in zip(senders, tasks, strict=True):
                sender.stopping = True
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        stored = server.stored()
        acknowledged = [key for sender in senders for key in sender.acknowledged]
        assert len(acknowledged) >= 40
        assert set(acknowledged) <= set(stored)
        assert len(stored) == len(set(stored))
        assert server.integrity() == "ok"
