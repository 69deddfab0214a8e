"""The product's fixtures, a group with a bot in it, and a program that receives events."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import func, select

from echosphere.database import Database, Snapshot, jobs
from tests.bots.programs import Bot, bot_of, let_in
from tests.endpoints.receiver import SOON, Receiver
from tests.product.conftest import Running, running
from tests.product.groups import Group, group_on

__all__ = ["running"]


@pytest.fixture
def more_settings() -> dict[str, str]:
    """What the server is set to besides: programs on this machine may receive events."""
    return {"ECHOSPHERE_ENDPOINT_NETWORKS": "127.0.0.1"}


@pytest.fixture
async def server(running: Running, passed: "Passed") -> str:
    """The address of a running server whose clock can be put forward."""
    assert passed
    return await running.start()


@pytest.fixture
async def group(server: str) -> AsyncIterator[Group]:
    """The group and the people around it."""
    async with group_on(server) as group:
        yield group


@pytest.fixture
async def bot(group: Group) -> AsyncIterator[Bot]:
    """A bot of the member, which sees all messages of the group."""
    async with bot_of(group.member) as bot:
        await let_in(group, bot, sees="all")
        yield bot


@pytest.fixture
async def receiver(group: Group) -> AsyncIterator[Receiver]:
    """A program that waits for events."""
    async with Receiver() as receiver:
        yield receiver


@pytest.fixture
def passed(running: Running) -> "Passed":
    """A clock that can be put forward."""
    return Passed(running)


class Passed:
    """Puts the clock of a running server forward."""

    def __init__(self, running: Running) -> None:
        self._running = running
        self._milliseconds = 0
        running.put_forward(lambda: self._milliseconds)

    async def by(self, milliseconds: int) -> None:
        """Let time pass between jobs, whose leases it would end, and have what is due be done."""
        await jobs_run(self._running.application.database, 0)
        self._milliseconds += milliseconds
        for application in self._running.applications:
            for runner in application.runners:
                runner.wake()


async def jobs_run(database: Database, count: int) -> None:
    """Wait until so many jobs of endpoints are at work."""
    async with asyncio.timeout(SOON):
        while await database.read(_count_claimed) != count:
            await asyncio.sleep(0.01)


def _count_claimed(snapshot: Snapshot) -> int:
    claimed = jobs.c.kind.startswith("endpoints."), jobs.c.attempts > 0
    return int(snapshot.execute(select(func.count()).where(*claimed)).scalar_one())
