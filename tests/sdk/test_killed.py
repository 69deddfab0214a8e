"""A bot that is killed at random moments answers everything once, on the product as it is."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from echosphere_bot import FileStorage
from echosphere_bot.state import Progress
from tests.sdk.worlds import SOON, World

PROGRAM = """
import os, random
from echosphere_bot import Bot
bot = Bot.from_env()
chance = random.Random(os.getpid())

@bot.on_message
async def echo(message):
    for part in ("a", "b"):
        await message.reply(f"{message.text} {part}")
        if chance.random() < 0.2:
            os.kill(os.getpid(), 9)

bot.run()
"""
TEXTS = [str(number) for number in range(8)]


@pytest.mark.parametrize("transport", ["auto", "poll"])
async def test_what_was_said_is_answered_once(real: World, tmp_path: Path, transport: str) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    state = tmp_path / "state.json"
    now = (await real.http.get("/events")).json()["cursor"]
    FileStorage(state).save(Progress(now))
    environment = os.environ | {
        "ECHOSPHERE_URL": real.url,
        "ECHOSPHERE_KEY": real.key,
        "ECHOSPHERE_STATE": str(state),
        "ECHOSPHERE_TRANSPORT": transport,
    }

    async def restart() -> None:
        while True:
            process = await asyncio.create_subprocess_exec(sys.executable, program, env=environment)
            try:
                await process.wait()
            finally:
                if process.returncode is None:
                    process.kill()
                    await process.wait()

    restarting = asyncio.create_task(restart())
    try:
        for text in TEXTS:
            await real.say(text)
        expected = [f"{text} {part}" for text in TEXTS for part in "ab"]
        async with asyncio.timeout(2 * SOON):
            while len(await answers(real)) < len(expected):
                await asyncio.sleep(0.1)
    finally:
        restarting.cancel()
        await asyncio.gather(restarting, return_exceptions=True)
    assert await answers(real) == expected


async def answers(world: World) -> list[str]:
    """Return what the bot said."""
    return [one["body"] for one in await world.messages() if one["author"] == world.bot]
