"""The SDK for Node.js on the product and on the fake server: it does what that for Python does."""

import asyncio
import os
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from echosphere_bot.testing import FakeServer
from tests.product.once import on_one_database
from tests.sdk.node import SDK, install_sdk, node
from tests.sdk.worlds import SOON, Normalizer, World

HELLO, COMMANDS, SCRIPT = re.findall(
    r"^```js\n(.*?)^```", (SDK / "README.md").read_text(encoding="utf-8"), re.M | re.S
)

EVERYTHING = """
import { Bot } from '@echosphere/bot';
const bot = new Bot();
bot.onMention(async (message) => {
  await message.reply(`Hello, ${message.author.name}: ${message.text}`);
  await message.react('👋');
});
bot.onMessage(async (message) => {
  for (const file of message.files) {
    const content = await file.read();
    await message.reply('', { files: [{ name: `copy of ${file.name}`, content }] });
  }
});
bot.onReaction(async ({ conversation, seq, emoji, user, added }) => {
  const verb = added ? 'likes' : 'likes no more';
  await bot.post(conversation, `${user.name} ${verb} ${emoji}`, { replyTo: seq });
});
bot.onMember(async ({ conversation, user, joined }) => {
  await bot.post(conversation, `${joined ? 'Welcome' : 'Goodbye'}, ${user.name}!`);
});
await bot.run();
"""

RECKLESS = """
import { Bot } from '@echosphere/bot';
const bot = new Bot();
bot.onMessage(async (message) => {
  for (const part of ['a', 'b']) {
    await message.reply(`${message.text} ${part}`);
    if (Math.random() < 0.2) process.kill(process.pid, 'SIGKILL');
  }
});
await bot.run();
"""


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., Any]:
    """Runs a program with the SDK, in a folder of its own."""
    install_sdk(tmp_path)

    @asynccontextmanager
    async def run(
        program: str, url: str, key: str, transport: str = "auto"
    ) -> AsyncIterator[asyncio.subprocess.Process]:
        (tmp_path / "program.mjs").write_text(program)
        mine = {
            "ECHOSPHERE_URL": url,
            "ECHOSPHERE_KEY": key,
            "ECHOSPHERE_STATE": str(tmp_path / "state.json"),
            "ECHOSPHERE_TRANSPORT": transport,
        }
        process = await asyncio.create_subprocess_exec(
            node(),
            "program.mjs",
            cwd=tmp_path,
            env=os.environ | mine,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            yield process
        finally:
            if process.returncode is None:
                process.terminate()
                await process.communicate()

    return run


async def listens(process: asyncio.subprocess.Process) -> None:
    """Wait until a bot hears what happens from now on."""
    assert process.stderr is not None
    line = await process.stderr.readline()
    assert b"listens to" in line, line.decode() + (await process.stderr.read()).decode()


async def talking(world: World, run: Callable[..., Any], transport: str) -> Any:
    """Use the bot that does a bit of everything."""

    async def until(count: int) -> Any:
        return await world.wait_for(
            lambda all_: len([one for one in all_ if one["author"] == world.bot]) >= count
        )

    async with run(EVERYTHING, world.url, world.key, transport) as process:
        await listens(process)
        said = await world.say("@Echo, good morning")
        await until(1)
        await world.say("look", file=b"\x00 content")
        await until(2)
        await world.react(said, "🎉")
        await until(3)
        await world.react(said, "🎉", on=False)
        await until(4)
        await world.set_member(joins=False)
        await until(5)
        await world.set_member(joins=True)
        return await until(6)


@on_one_database
@pytest.mark.parametrize("transport", ["auto", "poll"])
async def test_a_bot_does_the_same_on_both(
    real: World, fake: World, run: Callable[..., Any], transport: str, tmp_path: Path
) -> None:
    expected = Normalizer().of(await talking(real, run, transport))
    (tmp_path / "state.json").unlink()
    assert Normalizer().of(await talking(fake, run, transport)) == expected
    said = [one["body"] for one in expected]
    assert said == [
        "@Echo, good morning",
        "Hello, Ada: good morning",
        "look",
        "",
        "Ada likes 🎉",
        "Ada likes no more 🎉",
        "Goodbye, Ben!",
        "Welcome, Ben!",
    ]


@on_one_database
@pytest.mark.parametrize("transport", ["auto", "poll"])
async def test_a_bot_that_is_killed_answers_everything_once(
    real: World, run: Callable[..., Any], transport: str, tmp_path: Path
) -> None:
    now = (await real.http.get("/events")).json()["cursor"]
    (tmp_path / "state.json").write_text(f'{{"cursor": "{now}", "done": []}}')

    async def restart() -> None:
        while True:
            async with run(RECKLESS, real.url, real.key, transport) as process:
                await process.communicate()

    restarting = asyncio.create_task(restart())
    try:
        for number in range(8):
            await real.say(str(number))
        expected = [f"{number} {part}" for number in range(8) for part in "ab"]

        def answers(found: list[dict[str, Any]]) -> list[str]:
            return [one["body"] for one in found if one["author"] == real.bot]

        found = await real.wait_for(lambda all_: len(answers(all_)) >= len(expected))
    finally:
        restarting.cancel()
        await asyncio.gather(restarting, return_exceptions=True)
    assert answers(found) == expected
    assert answers(await real.messages()) == expected


async def test_commands_and_buttons_of_the_readme(run: Callable[..., Any]) -> None:
    with FakeServer() as server:
        async with run(COMMANDS, server.url, server.key) as process:
            await listens(process)
            await asyncio.to_thread(server.command, "deploy", "main")
            card = await asyncio.to_thread(server.next_message)
            assert card.text == "Deploy **main**?"
            assert card.buttons == {"go": "Go", "cancel": "Cancel"}
            await asyncio.to_thread(server.press, card, "go")
            changed = await asyncio.to_thread(server.next_edit)
            assert (changed.text, changed.actions) == ("Ada has started main.", [])
            await asyncio.to_thread(server.command, "deploy")
            told = await asyncio.to_thread(server.next_private)
            assert told.text == "Name a branch.\n`/deploy <branch>`"


@on_one_database
@pytest.mark.parametrize("transport", ["auto", "poll"])
async def test_commands_and_buttons_on_the_product(
    real: World, run: Callable[..., Any], transport: str
) -> None:
    async with run(COMMANDS, real.url, real.key, transport) as process:
        await listens(process)
        await real.command("deploy", "")
        await real.command("deploy", "main")
        (card,) = await real.wait_for(lambda found: len(found) == 1)
        assert card["body"] == "Deploy **main**?"
        await real.press(card["seq"], "go")
        (changed,) = await real.wait_for(lambda found: found[0]["edited_at"])
        assert (changed["body"], "actions" in changed) == ("Ada has started main.", False)


async def test_a_script_of_the_readme_posts_once(run: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "backup.log").write_text("all good")
    with FakeServer() as server:
        server.lose_answers(path="/messages")
        for _ in range(2):
            program = SCRIPT.replace("GROUP", server.group.id)
            async with run(program, server.url, server.key) as process:
                await process.communicate()
                assert process.returncode == 0
        (posted,) = server.messages
        assert (posted.text, posted.files) == ("The backup is **done**.", ("backup.log",))


async def test_it_ends_when_asked_and_when_the_key_does(run: Callable[..., Any]) -> None:
    with FakeServer() as server:
        async with run(HELLO, server.url, server.key) as process:
            await listens(process)
            await asyncio.to_thread(server.drop_sockets)
            await asyncio.to_thread(server.say, "@Echo hello")
            answer = await asyncio.to_thread(server.next_message)
            assert answer.text == "Hello, Ada!"
            process.terminate()
            async with asyncio.timeout(SOON):
                assert await process.wait() == 0
        async with run(HELLO, server.url, server.key) as process:
            await listens(process)
            await asyncio.to_thread(server.end_key)
            assert process.stderr is not None
            async with asyncio.timeout(SOON):
                said = (await process.stderr.read()).decode()
            assert "This API key is not valid." in said
            assert server.key not in said
            assert await process.wait() == 1
