"""The lines of `docs/bots.md` do what the page says, as they stand."""

import asyncio
import os
import re
import shutil
import socket
import sys
from pathlib import Path

import pytest

from tests.bots.programs import Bot, bot_of
from tests.endpoints.receiver import endpoint_of
from tests.house.repository import ROOT
from tests.product.conftest import running, server
from tests.product.groups import found
from tests.product.once import on_one_database
from tests.product.people import Person, client_of, new_key, people_on

__all__ = ["running", "server"]

PAGE = (ROOT / "docs" / "bots.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
LINES = [
    line
    for language, block in BLOCKS
    for line in block.splitlines()
    if not language and "curl" in line
]
SHOWN = [
    "automated",
    "",
    "Are you there?",
    "You called?",
    "<branch>",
    "/respond/",
    "{}",
    "**main** is deployed.",
    "actions",
    "/respond/",
    "being deployed",
    "Echo",
]
"""What the answers to the lines show, one after the other."""

PROGRAM, _ = (block for language, block in BLOCKS if language == "python")
"""A whole bot that is sent its events; the other one is tried beside the SDK."""


async def happens(line: str, ada: Person, group: str, bot: Bot) -> None:
    """Do what the page says that someone does before a line."""
    here = f"/conversations/{group}"
    if "types=command" in line:
        body = {"key": new_key(), "bot": bot.id, "command": "deploy", "text": "main"}
        await ada.post(f"{here}/commands", body, 202)
    elif "types=action" in line:
        card = (await ada.get(f"{here}/messages"))["messages"][-1]
        press = {"key": new_key(), "action": "go"}
        await ada.post(f"{here}/messages/{card['seq']}/actions", press, 202)
    elif "wait=" in line:
        await ada.say(group, "@Echo Are you there?")


def leads_here(file: Path, server: str) -> None:
    """Have an address that a line has kept lead to the server of this test."""
    if file.exists():
        _, path, rest = file.read_text().partition("/api/v1")
        file.write_text(server + path + rest)


@pytest.fixture
def more_settings() -> dict[str, str]:
    """What the server is set to besides: the program of the page runs on this machine."""
    return {"ECHOSPHERE_ENDPOINT_NETWORKS": "127.0.0.1"}


@on_one_database
async def test_every_line_does_what_it_says(server: str, tmp_path: Path) -> None:
    assert shutil.which("curl"), "curl is not installed: apt-get install curl"
    assert len(LINES) == len(SHOWN)
    async with people_on(server, "Ada") as (ada,), bot_of(ada) as bot:
        group = await found(ada)
        await ada.post(f"/conversations/{group}/members", {"user": bot.id})
        for line, shown in zip(LINES, SHOWN, strict=True):
            await happens(line, ada, group, bot)
            process = await asyncio.create_subprocess_shell(
                f"API={server}/api/v1; KEY={bot.key}; GROUP={group}; BOT={bot.id}; {line}",
                stdout=asyncio.subprocess.PIPE,
                cwd=tmp_path,
            )
            answer, _ = await process.communicate()
            assert process.returncode == 0, line
            assert answer.strip(), line
            assert shown in answer.decode(), (line, answer)
            leads_here(tmp_path / "respond.txt", server)
        assert (await said_in(ada, group))[-3:] == [
            "You called?",
            "**main** is deployed.",
            "**main** is being deployed.",
        ]


async def said_in(ada: Person, group: str) -> list[str]:
    """Return what was said in a group."""
    return [one["body"] for one in (await ada.get(f"/conversations/{group}/messages"))["messages"]]


@on_one_database
async def test_the_program_of_the_page_answers_what_it_is_sent(server: str, tmp_path: Path) -> None:
    (tmp_path / "events.py").write_text(PROGRAM)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    async with people_on(server, "Ada") as (ada,), bot_of(ada) as bot:
        group = await found(ada)
        await ada.post(f"/conversations/{group}/members", {"user": bot.id})
        url = f"http://127.0.0.1:{port}/events"
        endpoint = await endpoint_of(bot, url, types=["message.posted"])
        own = {"PORT": str(port), "ENDPOINT_SECRET": endpoint.secret}
        command = (sys.executable, str(tmp_path / "events.py"))
        program = await asyncio.create_subprocess_exec(*command, env=os.environ | own)
        try:
            await until_it_listens(port)
            await ada.say(group, "@Echo hello")
            delivery = await endpoint.delivery(state="delivered")
            path = f"/conversations/{group}/messages/{delivery['reply']}"
            assert (await ada.get(path))["message"]["body"] == "You said: @Echo hello"
            async with client_of(server) as stranger:
                forged = await stranger.post(url, json={"type": "message.posted"})
            assert forged.status_code == 400
        finally:
            program.terminate()
            await program.wait()


async def until_it_listens(port: int) -> None:
    """Wait until something takes connections."""
    async with asyncio.timeout(20):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
                continue
            writer.close()
            await writer.wait_closed()
            return
