"""`echosphere-bot send` on the product: by a webhook, and as a bot."""

import asyncio
import os
import sys
from pathlib import Path

from tests.product.groups import group_on
from tests.product.once import on_one_database
from tests.sdk.worlds import World


async def send(*arguments: str, said: str = "", **environment: str) -> tuple[int, str]:
    """Run the command; return its exit code and what it complains about."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "echosphere_bot", "send", *arguments),
        stdin=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=os.environ | environment,
    )
    _, complaint = await process.communicate(said.encode())
    assert process.returncode is not None
    return process.returncode, complaint.decode()


@on_one_database
async def test_a_webhook_posts_once_with_files_and_without(server: str, tmp_path: Path) -> None:
    (tmp_path / "build.log").write_text("line 1")
    async with group_on(server) as group:
        made = await group.owner.post(group.path("/webhooks"), {"name": "CI"})
        webhook = made["webhook"]
        hook = f"{server}/hooks/{webhook['url'].rpartition('/')[2]}"
        once = "--hook", hook, "Build **512** failed", "--key", "ci-512"
        assert [await send(*once), await send(*once)] == [(0, ""), (0, "")]
        assert await send("-", said="piped\n", ECHOSPHERE_HOOK=hook) == (0, "")
        log = "--hook", hook, "log", "--file", str(tmp_path / "build.log"), "--key", "log-512"
        assert [await send(*log), await send(*log)] == [(0, ""), (0, "")]
        assert await group.said(group.owner) == ["Build **512** failed", "piped", "log"]
        newest = (await group.owner.get(group.path("/messages")))["messages"][-1]
        assert [one["name"] for one in newest["attachments"]] == ["build.log"]
        await group.owner.delete(group.path(f"/webhooks/{webhook['id']}"))
        code, complaint = await send("--hook", hook, "late")
        assert (code, "revoked" in complaint, hook in complaint) == (1, True, False)


@on_one_database
async def test_a_bot_posts_files(real: World, tmp_path: Path) -> None:
    (tmp_path / "build.log").write_text("line 1")
    mine = {"ECHOSPHERE_URL": real.url, "ECHOSPHERE_KEY": real.key}
    once = "--to", real.group, "The log", "--file", str(tmp_path / "build.log"), "--key", "ci-512"
    assert [await send(*once, **mine), await send(*once, **mine)] == [(0, ""), (0, "")]
    (posted,) = await real.messages()
    assert [posted["body"], posted["attachments"][0]["name"]] == ["The log", "build.log"]
    code, complaint = await send("--to", "nowhere", "hello", **mine)
    assert (code, complaint) == (
        1,
        "echosphere-bot: Conversation not found. (404 not_found)\n",
    )
