"""The processes that decode strangers' files: limited, replaced when they fail, told no secrets."""

import asyncio
import errno
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import NoReturn

import pytest

from echosphere.core.errors import Invalid, Unavailable
from echosphere.media.sandbox import worker
from echosphere.media.sandbox.inspection import UnreadableError
from echosphere.media.sandbox.pool import WORKER, SandboxPool
from tests.broken_process import failing
from tests.media import made
from tests.small_disk import fill, small_disk


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A file that is being received."""
    path = tmp_path / "one.part"
    path.write_bytes(made.picture())
    return path


@pytest.fixture
async def sandbox() -> AsyncIterator[SandboxPool]:
    """Working processes."""
    sandbox = SandboxPool()
    yield sandbox
    await sandbox.stop()


BY_THE_MACHINE = {
    "it ends": "os._exit(1)",
    "it hangs": "time.sleep(600)",
    "it is killed": "os.kill(os.getpid(), signal.SIGKILL)",
    "it is ended": "os.kill(os.getpid(), signal.SIGTERM)",
    "half an answer": "print('{', end='', flush=True); os._exit(0)",
    "a full disk": (
        "sys.stdin.readline(); print(json.dumps({'outcome': 'no_space', 'detail': ''}), flush=True)"
    ),
}
BY_THE_FILE = {
    "it crashes": "os.kill(os.getpid(), signal.SIGSEGV)",
    "it gives up": "os.abort()",
    "endless work": "resource.setrlimit(resource.RLIMIT_CPU, (1, 9))\n    while True: pass",
}


@pytest.mark.parametrize("fault", BY_THE_MACHINE.values(), ids=BY_THE_MACHINE)
async def test_a_process_that_is_lost_says_nothing_of_the_file(
    fault: str, picture: Path, tmp_path: Path
) -> None:
    """A busy machine refused good pictures as none that could be cleaned, for good."""
    marker = tmp_path / "broken"
    marker.touch()
    sandbox = SandboxPool(command=failing(WORKER, fault, marker))
    if "sleep" in fault:
        sandbox._timeout_seconds = 0.5
    try:
        with pytest.raises(Unavailable) as refused:
            await sandbox.inspect(picture, "image/png")
        assert refused.value.retry_after
        marker.unlink()
        sandbox._timeout_seconds = 30.0
        assert await sandbox.inspect(picture, "image/png") is not None
    finally:
        await sandbox.stop()


@pytest.mark.parametrize(
    "lacks",
    [
        MemoryError(),
        OSError(errno.ENOMEM, "Cannot allocate memory"),
        OSError(errno.EAGAIN, "Resource temporarily unavailable"),
        RuntimeError("can't start new thread"),
    ],
    ids=str,
)
def test_a_machine_without_memory_or_threads_says_nothing_of_the_file(
    lacks: Exception, picture: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def inspect(*_: object) -> NoReturn:
        raise UnreadableError("the picture is broken") from lacks

    monkeypatch.setattr(worker, "_limit_work", lambda _path: None)
    monkeypatch.setattr(worker, "_inspect", inspect)
    assert worker._respond({"path": str(picture)})["outcome"] == "no_space"


@pytest.mark.parametrize("fault", BY_THE_FILE.values(), ids=BY_THE_FILE)
async def test_a_process_that_a_file_ends_is_replaced_and_the_file_refused(
    fault: str, picture: Path, tmp_path: Path
) -> None:
    marker = tmp_path / "broken"
    marker.touch()
    sandbox = SandboxPool(command=failing(WORKER, fault, marker))
    try:
        assert await sandbox.inspect(picture, "image/png") is None
        marker.unlink()
        assert await sandbox.inspect(picture, "image/png") is not None
    finally:
        await sandbox.stop()


async def test_one_second_chance_is_given_to_what_ended_a_process(
    picture: Path, tmp_path: Path
) -> None:
    marker = tmp_path / "broken"
    marker.touch()
    once = f"os.unlink({str(marker)!r}); os._exit(1)"
    sandbox = SandboxPool(command=failing(WORKER, once, marker))
    try:
        assert await sandbox.inspect(picture, "image/png") is not None
    finally:
        await sandbox.stop()


async def test_waiting_for_a_turn_ends_and_counts_for_no_file(
    sandbox: SandboxPool, picture: Path
) -> None:
    """The time of one file begins when its process does, and no one waits for ever for that."""
    held = [await sandbox._slots.acquire() for _ in range(2)]
    sandbox._queue_seconds = 0.05
    with pytest.raises(Unavailable) as refused:
        await sandbox.inspect(picture, "image/png")
    assert refused.value.retry_after
    sandbox._queue_seconds = 30.0
    waiting = asyncio.ensure_future(sandbox.inspect(picture, "image/png"))
    await asyncio.sleep(0.3)
    sandbox._timeout_seconds = 30.0
    for _ in held:
        sandbox._slots.release()
    assert await waiting is not None


async def test_a_disk_that_is_full_says_nothing_of_a_picture(
    sandbox: SandboxPool, tmp_path: Path
) -> None:
    with small_disk(tmp_path / "disk", kib=1024) as disk:
        path = disk / "one.part"
        path.write_bytes(made.picture("PNG", (300, 300)))
        rest = fill(disk)
        with pytest.raises(Unavailable):
            await sandbox.inspect(path, "image/png")
        rest.unlink()
        assert await sandbox.inspect(path, "image/png") is not None


async def test_a_request_that_was_given_up_does_not_answer_the_next(
    sandbox: SandboxPool, picture: Path, tmp_path: Path
) -> None:
    await sandbox.inspect(picture, "image/png")
    looking = asyncio.ensure_future(sandbox.inspect(picture, "image/png"))
    await asyncio.sleep(0)
    looking.cancel()
    await asyncio.wait({looking})
    other = tmp_path / "other.part"
    other.write_bytes(made.picture(size=(30, 70)))
    found = await sandbox.inspect(other, "image/png")
    assert found is not None
    assert found.displayed_size() == (30, 70)


async def test_many_files_at_once_are_all_looked_at(sandbox: SandboxPool, tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}.part" for number in range(1, 13)]
    for number, path in enumerate(paths, 1):
        path.write_bytes(made.picture(size=(number * 2, 10)))
    found = await asyncio.gather(*(sandbox.inspect(path, "image/png") for path in paths))
    assert [one.displayed_size()[0] for one in found if one] == [
        number * 2 for number in range(1, 13)
    ]
    assert len(sandbox._all) <= 2


async def test_the_largest_allowed_picture_fits_into_the_limits(
    sandbox: SandboxPool, tmp_path: Path
) -> None:
    path = tmp_path / "large.part"
    path.write_bytes(made.picture("PNG", (8000, 4000), compress_level=1))
    found = await sandbox.inspect(path, "image/png")
    assert found is not None
    assert found.displayed_size() == (8000, 4000)
    path.write_bytes(made.png_that_claims(8001, 4000))
    with pytest.raises(Invalid, match="32 megapixels"):
        await sandbox.inspect(path, "image/png")


async def test_processes_end_when_nothing_is_asked_of_them(
    sandbox: SandboxPool, picture: Path
) -> None:
    sandbox._idle_seconds = 0.05
    assert await sandbox.inspect(picture, "image/png") is not None
    (process,) = sandbox._all
    await process.wait()
    assert sandbox._all == set()
    assert await sandbox.inspect(picture, "image/png") is not None


async def test_stopping_ends_each_process_once(
    sandbox: SandboxPool, picture: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the second signal asyncio took the exit code itself, and complained that it was gone."""
    await sandbox.inspect(picture, "image/png")
    (process,) = sandbox._all
    ends = 0

    def end(kill: Callable[[], None] = process.kill) -> None:
        nonlocal ends
        ends += 1
        kill()

    monkeypatch.setattr(process, "kill", end)
    await sandbox.stop()
    assert ends == 1
    assert process.returncode is not None


async def test_a_process_that_cannot_start_is_the_servers_fault(picture: Path) -> None:
    with pytest.raises(Unavailable):
        await SandboxPool(command=("/does/not/exist",)).inspect(picture, "image/png")


async def test_the_process_is_told_no_secrets(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SECRET_KEY", "not for strangers")
    code = (
        "import json, os, sys\n"
        "for line in sys.stdin: print(json.dumps({'outcome': 'too_big', "
        "'detail': str(dict(os.environ))}), flush=True)"
    )
    sandbox = SandboxPool(command=(sys.executable, "-I", "-c", code))
    with pytest.raises(Invalid) as told:
        await sandbox.inspect(tmp_path / "any", "image/png")
    await sandbox.stop()
    assert "PATH" in told.value.detail
    assert "not for strangers" not in told.value.detail
