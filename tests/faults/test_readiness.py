"""`/readyz` from outside, while a running server can write nothing for one reason after the other."""

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.faults.callers import Caller
from tests.faults.disks import (
    bounded_files,
    damaged_file,
    disk_over_a_small_one,
    failing_sync,
    full_disk,
    held_lock,
)
from tests.faults.processes import ServerProcess, server_process, whole_history
from tests.product.people import Person, new_key, people_on
from tests.small_disk import small_disk

PATIENCE = 90
PAUSE = 0.25
ASKED_WHILE_ILL = 3
"""How often `/readyz` is asked once it has said that nothing can be written."""


@contextmanager
def usual_folder(folder: Path) -> Iterator[Path]:
    """The disk of this machine."""
    yield folder


@contextmanager
def folder_on_a_small_disk(folder: Path) -> Iterator[Path]:
    """A disk that can be filled."""
    with small_disk(folder / "disk", kib=16 * 1024) as disk:
        yield disk


@dataclass(frozen=True)
class Fault:
    """What goes wrong.

    Attributes:
        folder: Gives the folder in which the server keeps its data.
        begin: Breaks something for the time of a block.
        causes: What `/readyz` may call it.
    """

    folder: Callable[[Path], AbstractContextManager[Path]]
    begin: Callable[[ServerProcess], AbstractContextManager[None]]
    causes: frozenset[str]


FAULTS = {
    "a full disk": Fault(folder_on_a_small_disk, full_disk, frozenset({"full"})),
    "a failing sync": Fault(disk_over_a_small_one, failing_sync, frozenset({"disk"})),
    "a used-up quota": Fault(usual_folder, bounded_files, frozenset({"disk", "full"})),
    "a held lock": Fault(usual_folder, held_lock, frozenset({"locked"})),
    "a damaged file": Fault(usual_folder, damaged_file, frozenset({"damaged"})),
}


class Writer:
    """Posts one message after the other, as someone does who does not give up."""

    def __init__(self, person: Person, conversation: str) -> None:
        self._person = person
        self.path = f"/conversations/{conversation}/messages"
        self.stored: list[Any] = []
        self.refused: list[dict[str, str]] = []
        self.stopping = False

    async def post(self, given: dict[str, str] | None = None) -> bool:
        """Post a message and return whether it was taken."""
        given = given or {"key": new_key(), "body": "x" * 900}
        answer = await self._person.http.post(self.path, json=given, timeout=PATIENCE)
        if answer.status_code in (200, 201):
            self.stored.append(answer.json()["message"])
            return True
        assert answer.status_code == 503, answer.text
        assert answer.json()["code"] == "unavailable"
        assert int(answer.headers["retry-after"]) > 0
        self.refused.append(given)
        return False

    async def run(self) -> None:
        """Post until told to stop; what has been begun is brought to its end."""
        while not self.stopping:
            await self.post()
            await asyncio.sleep(PAUSE)


async def until_refused(writer: Writer) -> None:
    async with asyncio.timeout(PATIENCE):
        while await writer.post():
            pass


async def readiness(probe: httpx.AsyncClient) -> tuple[int, dict[str, Any]]:
    answer = await probe.get("/readyz")
    return answer.status_code, answer.json()


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
async def test_a_server_that_can_write_nothing_says_so_and_goes_on_reading(
    tmp_path: Path, fault: Fault
) -> None:
    with fault.folder(tmp_path) as folder, server_process(folder) as server:
        async with (
            people_on(server.base, "Ada", "Ben") as (ada, ben),
            httpx.AsyncClient(base_url=server.base, timeout=PATIENCE) as probe,
        ):
            writer = Writer(ada, await ada.talk_to(ben))
            reader = await Caller.connect(ben.base, ben.token)
            assert await writer.post()
            assert (await readiness(probe))[0] == 200
            with fault.begin(server):
                await until_refused(writer)
                sending = asyncio.create_task(writer.run())
                async with asyncio.timeout(PATIENCE):
                    while (found := await readiness(probe))[0] == 200:
                        await asyncio.sleep(PAUSE)
                for _ in range(ASKED_WHILE_ILL):
                    status, told = found
                    assert (status, told["parts"]["writing"]) == (503, "unavailable"), told
                    assert told["cause"] in fault.causes, told
                    await reads(ben, reader, probe, writer)
                    found = await readiness(probe)
                writer.stopping = True
                await sending
            await is_well_again(probe, writer)
            assert await whole_history(ben, writer.path.split("/")[2]) == writer.stored
            await reader.close()
        assert server.terminate() == 0
        assert server.integrity() == "ok"


async def reads(ben: Person, reader: Caller, probe: httpx.AsyncClient, writer: Writer) -> None:
    """What was stored is read over both doors, and the process is not to be restarted."""
    stored = [one["seq"] for one in writer.stored[-50:]]
    page = await ben.get(writer.path)
    assert [one["seq"] for one in page["messages"] if one["system"] is None][-50:] == stored
    answer = await reader.call("history", {"conversation": writer.path.split("/")[2]})
    assert answer["ok"]
    assert (await probe.get("/healthz")).status_code == 200


async def is_well_again(probe: httpx.AsyncClient, writer: Writer) -> None:
    """The next who asks hears it, without a restart; what was refused is taken when it comes again."""
    first = await readiness(probe)
    second = await readiness(probe)
    assert 200 in (first[0], second[0]), (first, second)
    assert await writer.post(writer.refused[-1])
    with contextlib.suppress(IndexError):
        assert await writer.post(writer.refused[0])
    assert (await readiness(probe))[1]["parts"]["writing"] == "ok"
