"""No user and no host takes all slots of the queue."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

import pytest

from echosphere.http_client import FairQueue

Link = tuple[str, str]


class Looking:
    """Looks that go on until they are told to end."""

    def __init__(self, queue: FairQueue) -> None:
        self._queue = queue
        self._ends: dict[Link, asyncio.Event] = {}
        self.tasks: dict[Link, asyncio.Task[None]] = {}
        self.begun: list[Link] = []

    async def want(self, links: Iterable[Link]) -> None:
        """Want links of people to be looked at: person and host."""
        for link in links:
            self._ends[link] = asyncio.Event()
            self.tasks[link] = asyncio.create_task(self._look(link))
            await settle()

    async def end(self, link: Link) -> None:
        """End one look."""
        self._ends[link].set()
        await self.tasks[link]
        await settle()

    async def _look(self, link: Link) -> None:
        person, host = link
        async with self._queue.slot(person, host):
            self.begun.append(link)
            await self._ends[link].wait()


async def settle() -> None:
    """Let everything run that can."""
    for _ in range(5):
        await asyncio.sleep(0)


@asynccontextmanager
async def looking(queue: FairQueue) -> AsyncIterator[Looking]:
    looking = Looking(queue)
    yield looking
    for task in looking.tasks.values():
        task.cancel()
    await asyncio.gather(*looking.tasks.values(), return_exceptions=True)


async def test_one_person_and_one_host_take_only_some_of_the_places() -> None:
    async with looking(FairQueue(max_running=4, per_user=1, per_host=2)) as look:
        await look.want([("ada", "a.example"), ("ada", "b.example")])
        assert look.begun == [("ada", "a.example")]
        await look.want([("ben", "a.example"), ("cleo", "a.example"), ("dora", "d.example")])
        assert look.begun[1:] == [("ben", "a.example"), ("dora", "d.example")]
        await look.end(("ben", "a.example"))
        assert look.begun[3:] == [("cleo", "a.example")]
        await look.end(("ada", "a.example"))
        assert look.begun[4:] == [("ada", "b.example")]


async def test_no_more_are_looked_at_than_there_are_places() -> None:
    async with looking(FairQueue(max_running=2)) as look:
        await look.want((f"person{number}", f"{number}.example") for number in range(5))
        assert len(look.begun) == 2
        await look.end(look.begun[0])
        assert len(look.begun) == 3


async def test_who_comes_with_one_link_goes_before_who_has_many() -> None:
    async with looking(FairQueue(max_running=1)) as look:
        await look.want(("ada", f"{number}.example") for number in range(3))
        await look.want([("ben", "ben.example")])
        await look.end(("ada", "0.example"))
        assert look.begun[1:] == [("ben", "ben.example")]
        await look.end(("ben", "ben.example"))
        assert look.begun[2:] == [("ada", "1.example")]


async def test_who_gives_up_leaves_the_place_to_others() -> None:
    queue = FairQueue(max_running=1)
    async with looking(queue) as look:
        await look.want([("ada", "a.example"), ("ben", "b.example"), ("cleo", "c.example")])
        assert queue.waiting_for("ben") == 1
        look.tasks["ben", "b.example"].cancel()
        await settle()
        assert queue.waiting_for("ben") == 0
        look.tasks["ada", "a.example"].cancel()
        await settle()
        assert look.begun == [("ada", "a.example"), ("cleo", "c.example")]


async def test_a_look_that_fails_gives_its_place_back() -> None:
    queue = FairQueue(max_running=1)
    with pytest.raises(ZeroDivisionError):
        async with queue.slot("ada", "a.example"):
            raise ZeroDivisionError
    async with asyncio.timeout(10), queue.slot("ben", "b.example"):
        pass


async def test_a_slot_tells_whether_it_had_to_be_waited_for() -> None:
    queue = FairQueue(max_running=1)

    async def hold() -> bool:
        async with queue.slot("ben", "b.example") as has_waited:
            return has_waited

    async with queue.slot("ada", "a.example") as has_waited:
        assert not has_waited
        later = asyncio.create_task(hold())
        await settle()
    assert await later
    assert not await hold()
