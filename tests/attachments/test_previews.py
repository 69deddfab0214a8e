"""The processes that decode strangers' files: limited, replaced when they fail, told no secrets."""

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from echosphere.attachments.previews import FOLDER, START, Previews
from echosphere.core.errors import Invalid, Unavailable
from tests.attachments import made
from tests.small_disk import fill, small_disk


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A file that is being received."""
    path = tmp_path / "one.part"
    path.write_bytes(made.picture())
    return path


@pytest.fixture
async def previews() -> AsyncIterator[Previews]:
    """Working processes."""
    previews = Previews()
    yield previews
    await previews.stop()


def failing_when_told(fault: str, marker: Path) -> tuple[str, ...]:
    """A program that works, except while a marker file is there."""
    code = f"import json, os, resource, signal, sys, time\nif os.path.exists({str(marker)!r}):\n    {fault}\n{START}"
    return (sys.executable, "-I", "-c", code, FOLDER)


BY_THE_MACHINE = {
    "it ends": "os._exit(1)",
    "it hangs": "time.sleep(600)",
    "it is killed": "os.kill(os.getpid(), signal.SIGKILL)",
    "it is ended": "os.kill(os.getpid(), signal.SIGTERM)",
    "half an answer": "print('{', end='', flush=True); os._exit(0)",
    "a full disk": (
        "sys.stdin.readline(); print(json.dumps({'outcome': 'no_room', 'detail': ''}), flush=True)"
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
    previews = Previews(command=failing_when_told(fault, marker))
    if "sleep" in fault:
        previews._seconds = 0.5
    try:
        with pytest.raises(Unavailable) as refused:
            await previews.look(picture, "image/png")
        assert refused.value.retry_after
        marker.unlink()
        previews._seconds = 30.0
        assert await previews.look(picture, "image/png") is not None
    finally:
        await previews.stop()


@pytest.mark.parametrize("fault", BY_THE_FILE.values(), ids=BY_THE_FILE)
async def test_a_process_that_a_file_ends_is_replaced_and_the_file_refused(
    fault: str, picture: Path, tmp_path: Path
) -> None:
    marker = tmp_path / "broken"
    marker.touch()
    previews = Previews(command=failing_when_told(fault, marker))
    try:
        assert await previews.look(picture, "image/png") is None
        marker.unlink()
        assert await previews.look(picture, "image/png") is not None
    finally:
        await previews.stop()


async def test_one_second_chance_is_given_to_what_ended_a_process(
    picture: Path, tmp_path: Path
) -> None:
    marker = tmp_path / "broken"
    marker.touch()
    once = f"os.unlink({str(marker)!r}); os._exit(1)"
    previews = Previews(command=failing_when_told(once, marker))
    try:
        assert await previews.look(picture, "image/png") is not None
    finally:
        await previews.stop()


async def test_waiting_for_a_turn_ends_and_counts_for_no_file(
    previews: Previews, picture: Path
) -> None:
    """The time of one file begins when its process does, and nobody waits for ever for that."""
    held = [await previews._room.acquire() for _ in range(2)]
    previews._turn = 0.05
    with pytest.raises(Unavailable) as refused:
        await previews.look(picture, "image/png")
    assert refused.value.retry_after
    previews._turn = 30.0
    waiting = asyncio.ensure_future(previews.look(picture, "image/png"))
    await asyncio.sleep(0.3)
    previews._seconds = 30.0
    for _ in held:
        previews._room.release()
    assert await waiting is not None


async def test_a_disk_that_is_full_says_nothing_of_a_picture(
    previews: Previews, tmp_path: Path
) -> None:
    with small_disk(tmp_path / "disk", kib=1024) as disk:
        path = disk / "one.part"
        path.write_bytes(made.picture("PNG", (300, 300)))
        rest = fill(disk)
        with pytest.raises(Unavailable):
            await previews.look(path, "image/png")
        rest.unlink()
        assert await previews.look(path, "image/png") is not None


async def test_a_request_that_was_given_up_does_not_answer_the_next(
    previews: Previews, picture: Path, tmp_path: Path
) -> None:
    await previews.look(picture, "image/png")
    looking = asyncio.ensure_future(previews.look(picture, "image/png"))
    await asyncio.sleep(0)
    looking.cancel()
    await asyncio.wait({looking})
    other = tmp_path / "other.part"
    other.write_bytes(made.picture(size=(30, 70)))
    found = await previews.look(other, "image/png")
    assert found is not None
    assert found.shown_size() == (30, 70)


async def test_many_files_at_once_are_all_looked_at(previews: Previews, tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}.part" for number in range(1, 13)]
    for number, path in enumerate(paths, 1):
        path.write_bytes(made.picture(size=(number * 2, 10)))
    found = await asyncio.gather(*(previews.look(path, "image/png") for path in paths))
    assert [one.shown_size()[0] for one in found if one] == [number * 2 for number in range(1, 13)]
    assert len(previews._all) <= 2


async def test_the_largest_allowed_picture_fits_into_the_limits(
    previews: Previews, tmp_path: Path
) -> None:
    path = tmp_path / "large.part"
    path.write_bytes(made.picture("PNG", (8000, 4000), compress_level=1))
    found = await previews.look(path, "image/png")
    assert found is not None
    assert found.shown_size() == (8000, 4000)
    path.write_bytes(made.png_that_claims(8001, 4000))
    with pytest.raises(Invalid, match="32 megapixels"):
        await previews.look(path, "image/png")


async def test_a_process_that_cannot_start_is_the_servers_fault(picture: Path) -> None:
    with pytest.raises(Unavailable):
        await Previews(command=("/does/not/exist",)).look(picture, "image/png")


async def test_the_process_is_told_no_secrets(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SECRET_KEY", "not for strangers")
    code = (
        "import json, os, sys\n"
        "for line in sys.stdin: print(json.dumps({'outcome': 'too_big', "
        "'detail': str(dict(os.environ))}), flush=True)"
    )
    previews = Previews(command=(sys.executable, "-I", "-c", code))
    with pytest.raises(Invalid) as told:
        await previews.look(tmp_path / "any", "image/png")
    await previews.stop()
    assert "PATH" in told.value.detail
    assert "not for strangers" not in told.value.detail
