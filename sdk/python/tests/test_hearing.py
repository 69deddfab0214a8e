"""Which handlers hear of what."""

from pathlib import Path
from typing import Any

from echosphere_bot import Bot, Event, Membership, Message, Reaction
from echosphere_bot.testing import FakeServer


def test_a_bot_answers_who_mentions_it(server: FakeServer, either: Bot) -> None:
    @either.on_mention
    async def hello(message: Message) -> None:
        await message.reply(f"Hello, {message.author.name}! {message.text!r}")

    with server.running(either):
        said = server.say("@Echo, good *morning*")
        answer = server.next_message()
        assert answer.text == "Hello, Ada! 'good *morning*'"
        assert answer.reply_to == said["seq"]


def test_events_come_in_the_order_of_the_conversation(server: FakeServer, either: Bot) -> None:
    @either.on_message
    async def count(message: Message) -> None:
        await message.reply(message.text)

    with server.running(either):
        for number in range(60):
            server.say(str(number))
        assert [server.next_message().text for _ in range(60)] == [str(one) for one in range(60)]


def test_a_mention_at_either_end_is_no_part_of_the_text(server: FakeServer, bot: Bot) -> None:
    seen: list[str] = []

    @bot.on_message
    async def note(message: Message) -> None:
        seen.append(message.text)

    with server.running(bot) as run:
        for text in ("@Echo: help", "help @echo", "ask @Echo about it", "@Echo", "@Echoes help"):
            server.say(text)
        run.settle()
    assert seen == ["help", "help", "ask @Echo about it", "", "@Echoes help"]


def test_a_mention_is_handled_once_where_there_are_handlers_of_both_kinds(
    server: FakeServer, bot: Bot
) -> None:
    @bot.on_mention
    async def mentioned(message: Message) -> None:
        await message.reply("mention")

    @bot.on_message
    async def heard(message: Message) -> None:
        await message.reply("message")

    with server.running(bot) as run:
        server.say("@Echo one")
        server.say("two")
        run.settle()
        assert [one.text for one in server.messages] == ["mention", "message"]


def test_what_the_bot_and_other_programs_write_is_left_out(server: FakeServer, bot: Bot) -> None:
    @bot.on_message
    async def echo(message: Message) -> None:
        await message.reply(message.text)

    other = server.add_person("Other", kind="bot")
    server.join(other)
    with server.running(bot) as run:
        server.say("by a bot", by=other)
        server.say("by itself", by=server.world.bot)
        server.say("by Ada")
        run.settle()
        assert [one.text for one in server.messages] == ["by Ada"]


def test_other_programs_are_heard_by_a_bot_that_wants_it(server: FakeServer) -> None:
    bot = Bot(hear_bots=True)

    @bot.on_message
    async def echo(message: Message) -> None:
        assert message.automated
        await message.reply(f"{message.author.name} says {message.text}")

    other = server.add_person("Other", kind="bot")
    server.join(other)
    with server.running(bot):
        server.say("hello", by=other)
        assert server.next_message().text == "Other says hello"


def test_reactions_have_their_message_and_who_reacted(server: FakeServer, bot: Bot) -> None:
    seen: list[tuple[str, str, bool, str]] = []

    @bot.on_reaction
    async def note(reaction: Reaction) -> None:
        message = await reaction.message()
        seen.append((reaction.emoji, reaction.user.name, reaction.added, message.body))
        if reaction.added:
            await message.react("🎉")

    with server.running(bot) as run:
        said = server.say("done")
        server.react(said, "👍")
        assert server.next_reaction().text == "🎉"
        server.react(said, "👍", on=False)
        run.settle()
    assert seen == [("👍", "Ada", True, "done"), ("👍", "Ada", False, "done")]


def test_who_comes_and_goes_is_heard_of(server: FakeServer, bot: Bot) -> None:
    @bot.on_member
    async def welcome(member: Membership) -> None:
        if member.joined and not member.is_bot:
            await bot.post(member.conversation, f"Welcome, {member.user.name}!")

    ben = server.add_person("Ben")
    with server.running(bot) as run:
        server.leave(server.world.bot)
        server.join(server.world.bot)
        server.join(ben)
        assert server.next_message().text == "Welcome, Ben!"
        server.leave(ben)
        run.settle()
        assert len(server.messages) == 1


def test_other_events_are_heard_as_they_are(server: FakeServer, bot: Bot) -> None:
    seen: list[tuple[str, Any]] = []

    for kind in ("message.edited", "message.deleted"):

        @bot.on_event(kind)
        async def note(event: Event) -> None:
            seen.append((event.type, event.data.get("message", event.data)))

    with server.running(bot) as run:
        said = server.say("a slip")
        server.edit(said, "better")
        run.settle()
        server.delete(said)
        run.settle()
    assert [kind for kind, _ in seen] == ["message.edited", "message.deleted"]
    assert seen[0][1]["body"] == "better"
    assert seen[1][1] == {"seq": said["seq"], "user": server.person.id}


def test_files_are_read_and_sent(server: FakeServer, bot: Bot, tmp_path: Path) -> None:
    @bot.on_message
    async def back(message: Message) -> None:
        (file,) = message.files
        await file.save(tmp_path / file.name)
        content = await file.read()
        copy = ("copy.txt", content.upper())
        await message.reply("", files=[tmp_path / file.name, copy])

    with server.running(bot):
        server.say("look", files=[("log.txt", b"all good")])
        assert server.next_message().files == ("log.txt", "copy.txt")
    contents = sorted(content for _, content in server.world.files.values())
    assert contents == [b"ALL GOOD", b"all good", b"all good"]


def test_a_message_is_edited_and_deleted(server: FakeServer, bot: Bot) -> None:
    @bot.on_mention
    async def change(message: Message) -> None:
        answer = await message.reply("one")
        await answer.edit("two")
        await message.react("👀")
        await message.unreact("👀")
        await answer.delete()

    with server.running(bot) as run:
        said = server.say("@Echo")
        run.settle()
        assert [one.kind for one in server.done] == ["message", "edit", "reaction", "delete"]
        assert said["reactions"] == []


def test_a_person_whom_the_bot_may_not_see_has_no_name(server: FakeServer, bot: Bot) -> None:
    @bot.on_mention
    async def hello(message: Message) -> None:
        await message.reply(f"Hello, {message.author.name or 'stranger'}!")

    server.fail(403, path="/users/")
    with server.running(bot):
        server.say("@Echo")
        assert server.next_message().text == "Hello, stranger!"


def test_a_bot_sees_what_is_addressed_to_it(bot: Bot) -> None:
    @bot.on_message
    async def echo(message: Message) -> None:
        await message.reply(message.text)

    with FakeServer(sees="addressed") as server, server.running(bot) as run:
        server.say("not for the bot")
        server.say("@Echo one")
        server.say("two", reply_to=server.next_message())
        run.settle()
        assert [one.text for one in server.messages] == ["one", "two"]


def test_timers_run_while_the_bot_does(server: FakeServer, bot: Bot) -> None:
    count = 0

    @bot.every(0.01)
    async def tick() -> None:
        nonlocal count
        count += 1
        if count == 1:
            raise RuntimeError("the first time fails")
        await bot.post(server.group.id, f"tick {count}")

    with server.running(bot):
        assert server.next_message().text == "tick 2"
        assert server.next_message().text == "tick 3"
