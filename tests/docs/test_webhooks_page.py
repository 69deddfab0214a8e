"""The lines of `docs/webhooks.md` do what the page says, as they stand."""

import asyncio
import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.house.repository import ROOT
from tests.product.conftest import more_settings, running, server
from tests.product.groups import found
from tests.product.once import on_one_database
from tests.product.people import Person, people_on

__all__ = ["more_settings", "running", "server"]

PAGE = (ROOT / "docs" / "webhooks.md").read_text(encoding="utf-8")
LINES = [
    line
    for block in re.findall(r"^```\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    for line in block.splitlines()
    if "curl" in line
]
POSTED = [
    "Hello",
    "Build **512** failed",
    "The backup is done.",
    "The log of build 512",
    "**Deployed**\nVersion 2.1 is live.",
    "It works",
]


@pytest.fixture
async def ada(server: str) -> AsyncIterator[Person]:
    """Someone with a group."""
    async with people_on(server, "Ada") as (ada,):
        yield ada


@on_one_database
async def test_every_line_posts_what_it_says(server: str, ada: Person, tmp_path: Path) -> None:
    assert shutil.which("curl"), "curl is not installed: apt-get install curl"
    group = f"/conversations/{await found(ada)}"
    url = (await ada.post(f"{group}/webhooks", {"name": "CI"}))["webhook"]["url"]
    hook = f"{server}/hooks/{url.rpartition('/')[2]}"
    (tmp_path / "build.log").write_text("line 1\n")
    for line in [*LINES, LINES[1]]:
        process = await asyncio.create_subprocess_shell(
            f"HOOK={hook}; {line}",
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            cwd=tmp_path,
        )
        answer, _ = await process.communicate()
        assert process.returncode == 0
        assert b"ok" in answer, (line, answer)
    messages = (await ada.get(f"{group}/messages"))["messages"]
    assert [one["body"] for one in messages if one["system"] is None] == POSTED
    assert [file["name"] for one in messages for file in one["attachments"]] == ["build.log"]
