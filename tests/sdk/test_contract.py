"""The SDK's fake server behaves like the product, so that tests of bots can be trusted."""

from typing import Any

import pytest

from echosphere_bot import Bot, Membership, Message, Reaction
from tests.product.once import on_one_database
from tests.sdk.worlds import Normalizer, Scenario, World

MESSAGES = "/conversations/{group}/messages"
ABSENT = "x" * 20
KEY = "key-of-this-message"


async def ask(world: World, method: str, path: str, **options: Any) -> Any:
    """Ask as the bot; return the status and what the answer says."""
    answer = await world.http.request(method, path.format(group=world.group), **options)
    return answer.status_code, answer.json() if answer.content else None


async def posting(world: World) -> Any:
    """Post in all ways, some of them wrong."""
    said = await world.say("hello")
    given = {"key": KEY, "body": "Hi @Ada", "reply_to": said}
    return [
        await ask(world, "POST", MESSAGES, json=given),
        await ask(world, "POST", MESSAGES, json={"key": KEY, "body": "something else"}),
        await ask(world, "POST", MESSAGES, json={"key": "short", "body": "x"}),
        await ask(world, "POST", MESSAGES, json={"key": "without-a-body", "body": " "}),
        await ask(world, "POST", MESSAGES, json={"key": "unknown-field", "body": "x", "more": 1}),
        await ask(world, "POST", f"/conversations/{ABSENT}/messages", json=given),
        await ask(world, "POST", MESSAGES, headers={"Authorization": "Bearer esb_x"}, json=given),
    ]


async def changing(world: World) -> Any:
    """Edit, delete and react, to own messages and to others."""
    said = await world.say("hello")
    _, posted = await ask(world, "POST", MESSAGES, json={"key": KEY, "body": "Hi"})
    own, hers = (f"{MESSAGES}/{seq}" for seq in (posted["message"]["seq"], said))
    return [
        await ask(world, "PUT", f"{hers}/reactions/👍"),
        await ask(world, "PUT", f"{hers}/reactions/👍"),
        await ask(world, "DELETE", f"{hers}/reactions/👍"),
        await ask(world, "DELETE", f"{hers}/reactions/👍"),
        await ask(world, "PATCH", own, json={"body": "Hi again"}),
        await ask(world, "PATCH", hers, json={"body": "not mine"}),
        await ask(world, "GET", own),
        await ask(world, "DELETE", own),
        await ask(world, "GET", own),
        await ask(world, "GET", f"{MESSAGES}/99999"),
        await ask(world, "DELETE", f"{MESSAGES}/99999"),
    ]


async def files(world: World) -> Any:
    """Send a file, and read one."""
    said = await world.say("look", file=b"\x00\x01 content")
    upload = {"params": {"key": "key-of-the-file"}, "files": {"file": ("log.bin", b"\x00\x02")}}
    _, stored = first = await ask(world, "POST", "/attachments", **upload)
    given = {"key": KEY, "body": "", "attachments": [stored["attachment"]["id"]]}
    _, message = await ask(world, "GET", f"{MESSAGES}/{said}")
    url = message["message"]["attachments"][0]["url"]
    read = await world.http.get(f"{world.url}{url}")
    return [
        first[0],
        await ask(world, "POST", "/attachments", **upload),
        await ask(world, "POST", MESSAGES, json=given),
        await ask(world, "POST", MESSAGES, json=given),
        await ask(world, "POST", MESSAGES, json=given | {"key": "again-the-file"}),
        read.content.decode(),
        await ask(world, "POST", "/attachments", files={"file": ("a.txt", b"plain words")}),
        await ask(world, "GET", f"/attachments/{ABSENT}"),
        await ask(
            world, "POST", MESSAGES, json=given | {"key": "absent-file", "attachments": [ABSENT]}
        ),
        await ask(world, "POST", MESSAGES, json=given | {"key": "absent-reply", "reply_to": 99999}),
    ]


async def hearing(world: World) -> Any:
    """Hear of everything that can happen, by polling."""
    _, page = await ask(world, "GET", "/events")
    said = await world.say("@Echo hello")
    await world.react(said, "👍")
    await world.react(said, "👍", on=False)
    await world.edit(said, "@Echo hello there")
    await world.set_member(joins=False)
    await world.set_member(joins=True)
    slip = await world.say("a slip")
    await world.delete(slip)
    await ask(world, "POST", MESSAGES, json={"key": KEY, "body": "by the bot itself"})
    events: list[Any] = []
    cursor, begun = page["cursor"], False
    for _ in range(20):
        _, page = await ask(world, "GET", "/events", params={"after": cursor, "wait": 1})
        cursor = page["cursor"]
        events += page["events"]
        if begun and not page["events"]:
            break
        begun = bool(events)
    only = {"after": cursor, "types": "reaction.added"}
    return [
        events,
        await ask(world, "GET", "/events", params={"after": "nonsense"}),
        (await ask(world, "GET", "/events", params=only))[1]["events"],
        await ask(world, "GET", "/events", headers={"Authorization": "Bearer esb_x"}),
    ]


async def who(world: World) -> Any:
    """Ask who someone is."""
    _, page = await ask(world, "GET", MESSAGES)
    said = await world.say("hello")
    _, message = await ask(world, "GET", f"{MESSAGES}/{said}")
    return [
        (await ask(world, "GET", "/me"))[1]["user"]["kind"],
        await ask(world, "GET", f"/users/{message['message']['author']}"),
        await ask(world, "GET", f"/users/{ABSENT}"),
        await ask(world, "GET", "/nothing/here"),
        set(page),
    ]


@on_one_database
@pytest.mark.parametrize("scenario", [posting, changing, files, hearing, who])
async def test_requests_are_answered_alike(real: World, fake: World, scenario: Scenario) -> None:
    expected = Normalizer().of(await scenario(real))
    assert Normalizer().of(await scenario(fake)) == expected


def echo_bot(transport: str) -> Bot:
    """Return a bot that does a bit of everything."""
    bot = Bot(transport=transport)

    @bot.on_mention
    async def mentioned(message: Message) -> None:
        await message.reply(f"Hello, {message.author.name}: {message.text}")
        await message.react("👋")

    @bot.on_message
    async def heard(message: Message) -> None:
        for file in message.files:
            content = await file.read()
            await message.reply("", files=[(f"copy of {file.name}", content)])

    @bot.on_reaction
    async def reacted(reaction: Reaction) -> None:
        verb = "likes" if reaction.added else "likes no more"
        await (await reaction.message()).reply(f"{reaction.user.name} {verb} {reaction.emoji}")

    @bot.on_member
    async def member(member: Membership) -> None:
        verb = "Welcome" if member.joined else "Goodbye"
        await bot.post(member.conversation, f"{verb}, {member.user.name}!")

    return bot


async def talking(world: World, transport: str) -> Any:
    """Use the bot."""

    async def until(count: int) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = await world.wait_for(
            lambda all_: len([one for one in all_ if one["author"] == world.bot]) >= count
        )
        return found

    async with world.runs(echo_bot(transport)):
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
async def test_a_bot_does_the_same_on_both(real: World, fake: World, transport: str) -> None:
    expected = Normalizer().of(await talking(real, transport))
    assert len(expected) == 8
    assert Normalizer().of(await talking(fake, transport)) == expected
