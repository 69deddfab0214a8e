"""The lines of `docs/bots.md` do what the page says, as they stand."""

import asyncio
import re
import shutil
from pathlib import Path

from tests.bots.programs import bot_of
from tests.house.repository import ROOT
from tests.product.conftest import more_settings, running, server
from tests.product.groups import found
from tests.product.once import on_one_database
from tests.product.people import people_on

__all__ = ["more_settings", "running", "server"]

PAGE = (ROOT / "docs" / "bots.md").read_text(encoding="utf-8")
LINES = [
    line
    for block in re.findall(r"^```\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    for line in block.splitlines()
    if "curl" in line
]
SHOWN = ["automated", "", "Are you there?", "You called?", "Echo"]
"""What the answers to the lines show, one after the other."""


@on_one_database
async def test_every_line_does_what_it_says(server: str, tmp_path: Path) -> None:
    assert shutil.which("curl"), "curl is not installed: apt-get install curl"
    assert len(LINES) == len(SHOWN)
    async with people_on(server, "Ada") as (ada,), bot_of(ada) as bot:
        group = await found(ada)
        await ada.post(f"/conversations/{group}/members", {"user": bot.id})
        for line, shown in zip(LINES, SHOWN, strict=True):
            if "wait=" in line:
                await ada.say(group, "@Echo Are you there?")
            process = await asyncio.create_subprocess_shell(
                f"API={server}/api/v1; KEY={bot.key}; GROUP={group}; {line}",
                stdout=asyncio.subprocess.PIPE,
                cwd=tmp_path,
            )
            answer, _ = await process.communicate()
            assert process.returncode == 0, line
            assert answer.strip(), line
            assert shown in answer.decode(), (line, answer)
        said = [
            one["body"] for one in (await ada.get(f"/conversations/{group}/messages"))["messages"]
        ]
        assert said[-1] == "You called?"
