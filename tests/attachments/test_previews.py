"""The processes that decode strangers' files: limited, replaced when they fail, told no secrets."""

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from echosphere.attachments.previews import FOLDER, START, Previews
from echosphere.errors import Invalid, Unavailable
from tests.attachments import made


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
    code = f"import os, sys, time\nif os.path.exists({str(marker)!r}):\n    {fault}\n{START}"
    return (sys.executable, "-I", "-c", code, FOLDER)


@pytest.mark.parametrize(
    "fault", ["os._exit(1)", "time.sleep(600)", "os.kill(os.getpid(), 9)", "print('{', end='')"]
)
async def test_a_process_that_hangs_or_dies_is_replaced(
    fault: str, picture: Path, tmp_path: Path
) -> None:
    marker = tmp_path / "broken"
    marker.touch()
    if fault.startswith("print"):
        fault += "; sys.stdout.flush(); os._exit(0)"
    previews = Previews(seconds=5.0, command=failing_when_told(fault, marker))
    try:
        previews._seconds = 0.5
        assert await previews.look(picture, "image/png") is None
        marker.unlink()
        previews._seconds = 30.0
        assert await previews.look(picture, "image/png") is not None
    finally:
        await previews.stop()


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
