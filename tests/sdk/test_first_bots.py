"""The bots of `docs/bots.md` in Python and for Node.js answer, as they stand there."""

import asyncio
import os
import re
import sys
from pathlib import Path

from tests.bots.programs import SOON, bot_of
from tests.house.repository import ROOT
from tests.product.groups import found
from tests.product.once import on_one_database
from tests.product.people import people_on
from tests.sdk.node import install_sdk, node

PAGE = (ROOT / "docs" / "bots.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```\w+\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
(PYTHON,) = (block for block in BLOCKS if "from echosphere_bot import" in block)
(NODE,) = (block for block in BLOCKS if "from '@echosphere/bot'" in block)


@on_one_database
async def test_the_bot_in_python_answers(server: str, tmp_path: Path) -> None:
    (tmp_path / "hello.py").write_text(PYTHON)
    await answers_mentions(server, tmp_path, sys.executable, "hello.py")


@on_one_database
async def test_the_bot_in_node_answers(server: str, tmp_path: Path) -> None:
    (tmp_path / "hello.mjs").write_text(NODE)
    install_sdk(tmp_path)
    await answers_mentions(server, tmp_path, node(), "hello.mjs")


async def answers_mentions(server: str, folder: Path, *command: str) -> None:
    """Run a bot, mention it until it answers, and ask it to end."""
    async with people_on(server, "Ada") as (ada,), bot_of(ada) as bot:
        group = await found(ada)
        await ada.post(f"/conversations/{group}/members", {"user": bot.id})
        mine = {"ECHOSPHERE_URL": server, "ECHOSPHERE_KEY": bot.key, "XDG_STATE_HOME": str(folder)}
        process = await asyncio.create_subprocess_exec(*command, cwd=folder, env=os.environ | mine)
        said: list[str] = []
        try:
            async with asyncio.timeout(SOON):
                while "Hello, Ada!" not in said:
                    await ada.say(group, "@Echo hello")
                    await asyncio.sleep(0.5)
                    page = await ada.get(f"/conversations/{group}/messages")
                    said = [one["body"] for one in page["messages"]]
        finally:
            process.terminate()
            assert await process.wait() == 0
