"""Exactly once: what a crash, a lost answer or a second copy must not do."""

import asyncio
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from echosphere_bot import Bot, ConfigurationError, FileStorage, MemoryStorage, Message
from echosphere_bot.cause import because_of, key_for
from echosphere_bot.progress import ProgressKeeper
from echosphere_bot.state import Progress
from echosphere_bot.testing import FakeServer


def test_keys_are_those_of_the_cause() -> None:
    with because_of("event", 0):
        first, second = key_for(None), key_for(None)
    with because_of("event", 0):
        assert [key_for(None), key_for(None)] == [first, second]
    with because_of("event", 1):
        other = key_for(None)
    with because_of("another", 0):
        assert len({first, second, other, key_for(None)}) == 4
    assert key_for(None) != key_for(None)


def test_a_chosen_key_may_be_any_text() -> None:
    assert key_for("reminder-12") == "reminder-12"
    assert key_for("ä") == key_for("ä") != key_for("ö")
    assert 8 <= len(key_for("ä")) <= 64


@pytest.mark.parametrize("path", ["/messages", "/events", "/attachments", "/users", "/me"])
def test_a_lost_answer_is_asked_for_again(server: FakeServer, path: str) -> None:
    bot = Bot(transport="poll")

    @bot.on_mention
    async def hello(message: Message) -> None:
        await message.reply("Hello!", files=[("a.txt", b"a")])

    server.lose_answers(path=path)
    with server.running(bot) as run:
        server.say("@Echo")
        assert server.next_message().files == ("a.txt",)
        run.settle()
        assert len(server.messages) == 1
        assert len(server.world.files) == 1


def test_a_lost_answer_to_a_command_is_asked_for_again(server: FakeServer, bot: Bot) -> None:
    @bot.command("it", about="Does it")
    async def it(call: object) -> None:
        await call.reply("Done.", only="user")  # type: ignore[attr-defined]

    server.lose_answers(path="/respond/")
    with server.running(bot) as run:
        server.command("it")
        run.settle()
    assert [one.text for one in server.done] == ["Done."]


class Crash(BaseException):
    """The process ends here."""


class ForgetfulStorage(MemoryStorage):
    """Loses what was saved last, as a crash between the answer and the cursor does."""

    def save(self, progress: Progress) -> None:
        """Keep only the first cursor."""
        if self.progress.cursor is None:
            super().save(progress)


def test_a_crash_between_answer_and_cursor_does_not_answer_twice(
    server: FakeServer, either: Bot
) -> None:
    handled = 0

    @either.on_mention
    async def hello(message: Message) -> None:
        nonlocal handled
        handled += 1
        await message.reply(f"One, {message.text}")
        await message.reply(f"Two, {message.text}")

    storage = ForgetfulStorage()
    with server.running(either, storage=storage) as run:
        server.say("@Echo first")
        run.settle()
    server.say("@Echo second")
    with server.running(either, storage=storage) as run:
        run.settle()
    assert handled == 3
    said = [one.text for one in server.messages]
    assert said == ["One, first", "Two, first", "One, second", "Two, second"]


def test_a_bot_goes_on_where_it_stopped(server: FakeServer, either: Bot, tmp_path: Path) -> None:
    @either.on_message
    async def echo(message: Message) -> None:
        await message.reply(message.text)

    path = tmp_path / "deep" / "state.json"
    with server.running(either, storage=FileStorage(path)) as run:
        server.say("one")
        run.settle()
    server.say("two")
    with server.running(either, storage=FileStorage(path)) as run:
        server.say("three")
        run.settle()
    assert [one.text for one in server.messages] == ["one", "two", "three"]
    assert [file.name for file in path.parent.iterdir() if file.suffix != ".lock"] == ["state.json"]


def test_what_a_stopped_handler_did_not_end_is_handled_again(server: FakeServer) -> None:
    bot = Bot(grace=0.0)
    waits = threading.Event()

    @bot.on_message
    async def slow(message: Message) -> None:
        await message.reply("begun")
        if not waits.is_set():
            waits.set()
            await asyncio.sleep(60)
        await message.reply("ended")

    storage = MemoryStorage()
    with server.running(bot, storage=storage):
        server.say("go")
        assert waits.wait(60)
    with server.running(bot, storage=storage) as run:
        run.settle()
    assert [one.text for one in server.messages] == ["begun", "ended"]


def test_what_is_being_handled_may_end_when_the_bot_is_stopped(
    server: FakeServer, bot: Bot
) -> None:
    storage, went_on = MemoryStorage(), asyncio.Event()

    @bot.on_message
    async def slow(message: Message) -> None:
        await message.reply("begun")
        await went_on.wait()
        await message.reply("ended")

    with server.running(bot, storage=storage) as run:
        server.say("go")
        server.next_message()
        run.call_soon(run.ask_to_end)
        run.call_soon(went_on.set)
        assert run.wait() is None
    assert [one.text for one in server.messages] == ["begun", "ended"]
    assert storage.progress.cursor == server.world.cursor()


def test_two_copies_do_not_run_with_one_cursor(
    server: FakeServer, bot: Bot, tmp_path: Path
) -> None:
    path = tmp_path / "state.json"
    with (
        server.running(bot, storage=FileStorage(path)),
        pytest.raises(ConfigurationError, match="Another copy of this bot is running"),
        server.running(Bot(), storage=FileStorage(path)),
    ):
        pass
    with server.running(Bot(), storage=FileStorage(path)):
        pass


def test_a_state_that_cannot_be_read_is_not_taken_for_none(
    server: FakeServer, bot: Bot, tmp_path: Path
) -> None:
    path = tmp_path / "state.json"
    path.write_text("{")
    with (
        pytest.raises(ConfigurationError, match="cannot be read"),
        server.running(bot, storage=FileStorage(path)),
    ):
        pass
    assert path.read_text() == "{"


async def test_the_cursor_never_passes_what_is_not_handled() -> None:
    storage = MemoryStorage()
    keeper = ProgressKeeper(storage)
    keeping = asyncio.create_task(keeper.keep())
    keeper.begin_at("0")
    one, two, three = (keeper.receive(name, name) for name in ("1", "2", "3"))
    assert one is not None
    assert two is not None
    assert three is not None
    keeper.finish(two)
    assert keeper.cursor == "0"
    keeper.finish(one)
    assert keeper.cursor == "2"
    keeper.receive("4", None)
    last = keeper.receive("5", "5")
    assert last is not None
    keeper.finish(last)
    keeper.stop()
    await keeping
    assert storage.progress == Progress("2", ("5",))

    keeper = ProgressKeeper(storage)
    three, four, five = (keeper.receive(*given) for given in (("3", "3"), ("4", None), ("5", "5")))
    assert five is None
    assert three is not None
    assert four is not None
    keeper.finish(three)
    assert keeper.cursor == "3"
    keeper.finish(four)
    assert keeper.cursor == "5"
    assert keeper.pending == 0
    assert keeper.receive("5", "5") is None


async def test_a_full_disk_is_waited_for(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("echosphere_bot.progress.RETRY_SAVING", 0.01)

    class FullDisk(MemoryStorage):
        failures = 2

        def save(self, progress: Progress) -> None:
            if self.failures:
                self.failures -= 1
                raise OSError("No space left on device")
            super().save(progress)

    storage = FullDisk()
    keeper = ProgressKeeper(storage)
    keeping = asyncio.create_task(keeper.keep())
    keeper.begin_at("1")
    async with asyncio.timeout(20):
        while storage.progress.cursor is None:
            await asyncio.sleep(0.01)
    keeper.stop()
    await keeping
    assert caplog.text.count("No space left") == 2


PROGRAM = """
import asyncio, os, random, sys
from echosphere_bot import Bot
bot = Bot.from_env()
chance = random.Random(os.getpid())

@bot.on_message
async def echo(message):
    for part in ("a", "b"):
        await message.reply(f"{message.text} {part}")
        if chance.random() < 0.1:
            os.kill(os.getpid(), 9)

bot.run()
"""


@pytest.mark.parametrize("transport", ["auto", "poll"])
def test_a_bot_that_is_killed_again_and_again_answers_each_message_once(
    server: FakeServer, tmp_path: Path, transport: str
) -> None:
    """It kills itself at random between answers, and is started again."""
    (tmp_path / "program.py").write_text(PROGRAM)
    environment = os.environ | {
        "ECHOSPHERE_URL": server.url,
        "ECHOSPHERE_KEY": server.key,
        "ECHOSPHERE_STATE": str(tmp_path / "state.json"),
        "ECHOSPHERE_TRANSPORT": transport,
    }
    FileStorage(tmp_path / "state.json").save(Progress(server.world.cursor()))
    texts = [str(number) for number in range(12)]
    for text in texts:
        server.say(text)
    starts = 0
    while len(server.messages) < 2 * len(texts):
        starts += 1
        process = subprocess.Popen([sys.executable, tmp_path / "program.py"], env=environment)
        while process.poll() is None and len(server.messages) < 2 * len(texts):
            try:
                process.wait(0.05)
            except subprocess.TimeoutExpired:
                continue
        process.kill()
        process.wait()
    assert [one.text for one in server.messages] == [f"{t} {p}" for t in texts for p in "ab"]
    assert starts < 60
