"""Many big uploads at once, with little memory: each is taken, or told to come back."""

import asyncio
import resource
import sys
from collections import Counter
from pathlib import Path

import httpx
import pytest

from tests.product.people import people_on
from tests.served import Served

SIZE = 20 * 1024 * 1024
AT_ONCE = 48
MEBIBYTE = 1024 * 1024

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc and sets limits there")


def field(pid: int, name: str) -> int:
    """Return a size of a process in bytes."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:")) * 1024


async def upload(client: httpx.AsyncClient) -> tuple[int, bool]:
    """Return the status of one upload, and whether it says when to come back.

    Status 0 is a connection that was cut: the event loop itself had no memory to read from it.
    """
    files = {"file": ("big.bin", bytes(SIZE))}
    try:
        answer = await client.post("/attachments", files=files)
    except httpx.TransportError:
        return 0, False
    return answer.status_code, "retry-after" in answer.headers


async def upload_many(address: str, count: int) -> Counter[tuple[int, bool]]:
    names = [f"Person {number}" for number in range(count // 8)]
    async with people_on(address, *names) as people:
        sent = [upload(people[number % len(people)].http) for number in range(count)]
        return Counter(await asyncio.gather(*sent))


@linux_only
async def test_many_big_uploads_at_once_take_little_memory(tmp_path: Path) -> None:
    served = Served(tmp_path / "data")
    served.forked = False
    address = served.start()
    before = field(served.pid, "VmHWM")
    answers = await upload_many(address, AT_ONCE)
    grown = field(served.pid, "VmHWM") - before
    assert served.stop() == 0
    assert set(answers) <= {(201, False), (503, True)}
    assert answers[201, False] >= 16
    assert grown < 150 * MEBIBYTE, f"{grown // MEBIBYTE} MiB for {AT_ONCE} uploads of 20 MiB"


@linux_only
async def test_a_server_without_memory_says_so_and_recovers(tmp_path: Path) -> None:
    served = Served(tmp_path / "data")
    served.forked = False
    address = served.start()
    async with people_on(address, "Ada Example") as (ada,):
        assert await upload(ada.http) == (201, False)
        limits = resource.prlimit(served.pid, resource.RLIMIT_AS)
        short = field(served.pid, "VmSize") + 12 * MEBIBYTE
        resource.prlimit(served.pid, resource.RLIMIT_AS, (short, limits[1]))
        answers = Counter(await asyncio.gather(*(upload(ada.http) for _ in range(16))))
        resource.prlimit(served.pid, resource.RLIMIT_AS, limits)
        assert set(answers) <= {(201, False), (503, True), (0, False)}, answers
        # Uploads whose senders have gone may take a moment to end, and their places with them.
        async with asyncio.timeout(30):
            while (answer := await upload(ada.http)) == (503, True):
                await asyncio.sleep(0.2)
        assert answer == (201, False)
    assert served.stop() == 0
    assert "Exception in ASGI application" not in served.log
    assert "A request failed" not in served.log
