"""One of several processes delivers, and another goes on where one was killed."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.bots.programs import Bot, bot_of, let_in
from tests.cluster.conftest import nats
from tests.cluster.nats_server import NatsServer
from tests.cluster.processes import Processes, at
from tests.endpoints.receiver import Answer, Receiver, endpoint_of
from tests.product.groups import Group, group_on
from tests.served import Served

__all__ = ["nats"]

ALLOWED = {"ECHOSPHERE_ENDPOINT_NETWORKS": "127.0.0.1"}
MESSAGES = 24


@asynccontextmanager
async def bot_with_receiver(base: str) -> AsyncIterator[tuple[Group, Bot, Receiver]]:
    """Return a group, a bot that sees all of it, and what receives its events."""
    async with group_on(base) as group, bot_of(group.member) as bot, Receiver() as receiver:
        await let_in(group, bot, sees="all")
        yield group, bot, receiver


async def test_two_processes_deliver_each_event_once(
    tmp_path: Path, postgresql_url: str, nats: NatsServer
) -> None:
    processes = Processes(tmp_path, postgresql_url, nats.url, **ALLOWED)
    try:
        one, other = processes.add(), processes.add()
        async with bot_with_receiver(one.address) as (group, bot, receiver):
            endpoint = await endpoint_of(bot, receiver.address, types=["message.posted"])
            there = at(other, group.owner)
            for number in range(MESSAGES):
                said = group.owner if number % 2 else there
                await said.say(group.id, f"number {number}")
            came = await receiver.gets(MESSAGES)
            await group.owner.say(group.id, "the last")
            await receiver.gets_until("the last")
            ids = [one.id for one in receiver.received]
            assert len(ids) == len(set(ids)) == MESSAGES + 1
            assert {one.text for one in came} == {f"number {one}" for one in range(MESSAGES)}
            await endpoint.delivery(state="delivered")
            await there.http.aclose()
    finally:
        processes.stop()


async def test_what_was_sent_and_not_noted_is_sent_again_with_the_same_id(tmp_path: Path) -> None:
    served = Served(tmp_path / "data", **ALLOWED)
    async with bot_with_receiver(served.start()) as (group, bot, receiver):
        endpoint = await endpoint_of(bot, receiver.address, types=["message.posted"])
        killed = asyncio.Event()
        receiver.answers = [Answer(before=killed.wait)]
        await group.owner.say(group.id, "hello")
        await receiver.gets(1)
        served.kill()
        killed.set()
        end_leases(tmp_path / "data" / "app.db")
        await asyncio.to_thread(served.start)
        first, second = await receiver.gets(2)
        assert first.id == second.id
        assert second.verified_by(endpoint.secret)["data"] == first.event["data"]
        assert (await endpoint.delivery(state="delivered"))["attempts"] == 1
    served.stop()


def end_leases(database: Path) -> None:
    """Let the time pass for which the process that was killed had taken its jobs."""
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE jobs SET run_at = 0 WHERE kind = 'endpoints.deliver'")
    connection.close()
