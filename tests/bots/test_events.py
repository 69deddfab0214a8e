"""What bots hear of: by asking and waiting, exactly, and no more than they may see."""

import asyncio
from typing import Any

import msgspec
import pytest
from sqlalchemy import select, update

from echosphere.bots.event import (
    CHAIN_WINDOW,
    KEPT,
    MAX_CHAIN,
    TYPES,
    decode_cursor,
    encode_cursor,
)
from echosphere.bots.store import DeleteOldBotEvents, bot_events, bot_events_log
from echosphere.database import Database, Snapshot, Transaction
from tests.bots.programs import SOON, Bot, bot_of, let_in
from tests.product.conftest import Running
from tests.product.groups import Group
from tests.product.once import on_one_database
from tests.product.people import Refused, Socket, new_key


async def rows_of(database: Database) -> list[Any]:
    """Return all rows of the log."""

    def read(snapshot: Snapshot) -> list[Any]:
        return [tuple(row) for row in snapshot.execute(select(bot_events))]

    return await database.read(read)


async def test_a_bot_hears_of_mentions_and_replies_only(group: Group) -> None:
    async with bot_of(group.member) as bot:
        await let_in(group, bot)
        await bot.begins(group.id)
        await group.member.say(group.id, "not for bots")
        await group.member.say(group.id, "hello @all")
        asked = await group.member.say(group.id, "@Echo hello")
        said = await bot.say(group.id, "Hello!", reply_to=asked["seq"])
        await group.owner.say(group.id, "thanks", reply_to=said["seq"])
        found = await bot.hears_up_to(2)
        assert [one["data"]["message"]["body"] for one in found] == ["@Echo hello", "thanks"]
        assert {one["type"] for one in found} == {"message.posted"}
        assert {one["conversation"] for one in found} == {group.id}
        assert await bot.hears() == []


async def test_privacy_holds_at_every_door(group: Group) -> None:
    async with bot_of(group.member) as bot:
        await let_in(group, bot)
        file = await group.member.upload("secret.txt", b"hidden things")
        secret = await group.member.say(group.id, "secret words", attachments=[file["id"]])
        asked = await group.member.say(group.id, "@Echo open words")
        here = group.path("")
        page = await bot.get(f"{here}/messages")
        assert [one["body"] for one in page["messages"]] == ["@Echo open words"]
        around = await bot.get(f"{here}/messages", around=secret["seq"])
        assert [one["body"] for one in around["messages"]] == ["@Echo open words"]
        await bot.get(f"{here}/messages/{secret['seq']}", 404)
        await bot.get(f"{here}/messages/{secret['seq']}/versions", 404)
        assert (await bot.get(f"{here}/messages/{asked['seq']}"))["message"]["body"]
        assert (await bot.get(f"{here}/pins"))["messages"] == []
        assert (await bot.get(f"{here}/files", kind="file"))["files"] == []
        await bot.get(f"/attachments/{file['id']}", 404)
        assert "secret" not in str(await bot.get("/search", q="words"))
        assert "secret" not in str(await bot.get("/conversations"))
        assert "secret" not in str((await bot.http.post("/sync", json={"versions": {}})).json())
        react = await bot.http.put(f"{here}/messages/{secret['seq']}/reactions/👍")
        assert react.status_code == 404
        await bot.say(group.id, "about that", 400, reply_to=secret["seq"])
        gone = await bot.http.delete(f"{here}/messages/{secret['seq']}")
        assert gone.status_code == 404
        await group.owner.put(group.path(f"/bots/{bot.id}"), {"sees": "all"}, 200)
        page = await bot.get(f"{here}/messages")
        assert "secret words" in [one["body"] for one in page["messages"]]
        assert (await bot.http.get(f"/attachments/{file['id']}")).status_code == 200
        await group.owner.put(group.path(f"/bots/{bot.id}"), {"sees": "addressed"}, 200)
        await bot.get(f"/attachments/{file['id']}", 404)


@on_one_database
async def test_a_bot_may_read_the_files_that_are_meant_for_it(group: Group) -> None:
    async with bot_of(group.member) as bot:
        await let_in(group, bot)
        file = await group.member.upload("log.txt", b"all good")
        await group.member.say(group.id, "@Echo look", attachments=[file["id"]])
        answer = await bot.http.get(f"/attachments/{file['id']}")
        assert answer.content == b"all good"


async def test_a_bot_that_sees_all_hears_each_kind_of_event(group: Group) -> None:
    async with bot_of(group.member) as bot:
        await let_in(group, bot, sees="all")
        await bot.begins(group.id)
        said = await group.member.say(group.id, "hello")
        here = group.path(f"/messages/{said['seq']}")
        await group.owner.http.put(f"{here}/reactions/👍")
        await group.owner.http.delete(f"{here}/reactions/👍")
        await group.member.patch(here, {"body": "hello there"})
        await group.member.delete(here, 200)
        await group.owner.delete(group.of(group.admin))
        await group.owner.post(group.path("/members"), {"user": group.admin.id})
        # What the deleted message said is in none; who asks a bot for something asks one.
        kinds = set(TYPES) - {"message.posted", "message.edited", "command", "action"}
        found = await bot.hears_up_to(len(kinds))
        assert sorted(one["type"] for one in found) == sorted(kinds)
        by_kind = {one["type"]: one["data"] for one in found}
        assert by_kind["reaction.added"] == {
            "seq": said["seq"],
            "user": group.owner.id,
            "emoji": "👍",
        }
        assert by_kind["message.deleted"] == {"seq": said["seq"], "user": group.member.id}
        assert by_kind["member.left"] == {"user": group.admin.id}
        assert len({one["id"] for one in found}) == len(found)


@on_one_database
async def test_only_the_types_are_sent_that_were_asked_for(group: Group) -> None:
    async with bot_of(group.member) as bot:
        await let_in(group, bot, sees="all")
        await bot.begins(group.id)
        said = await group.member.say(group.id, "hello")
        await group.owner.http.put(group.path(f"/messages/{said['seq']}/reactions/👍"))
        found = await bot.hears(types="reaction.added,reaction.removed", wait=5)
        assert [one["type"] for one in found] == ["reaction.added"]
        await bot.get("/events", 400, types="message.read")
        await bot.get("/events", 400, after="nonsense")
        await bot.get("/events", 400, wait=51)


@on_one_database
async def test_what_was_deleted_is_in_no_event(running: Running, group: Group) -> None:
    async with bot_of(group.member) as bot:
        await let_in(group, bot, sees="all")
        await bot.begins(group.id)
        said = await group.member.say(group.id, "a slip of the tongue")
        await group.member.delete(group.path(f"/messages/{said['seq']}"), 200)
        found = await bot.hears(wait=5)
        assert [one["type"] for one in found] == ["message.deleted"]
        assert "slip" not in str(await rows_of(running.application.database))


async def test_a_bot_that_waits_is_told_at_once(group: Group) -> None:
    async with bot_of(group.member) as bot:
        await let_in(group, bot, sees="all")
        await bot.begins(group.id)
        waiting = asyncio.create_task(bot.heard(wait=40))
        async with asyncio.timeout(SOON):
            while not waiting.done():
                await group.owner.say(group.id, "are you there?")
                await asyncio.wait([waiting], timeout=0.5)
        assert (await waiting)[0] == "are you there?"


@on_one_database
async def test_polls_end_with_their_key_and_with_the_bot(group: Group) -> None:
    async with bot_of(group.member) as bot:
        await let_in(group, bot)
        await bot.begins(group.id)
        waiting = asyncio.create_task(bot.get("/events", 401, after=bot.cursor, wait=40))
        await asyncio.sleep(0)
        await group.member.patch(f"/bots/{bot.id}", {"disabled": True})
        async with asyncio.timeout(SOON):
            await waiting


@on_one_database
async def test_people_and_strangers_get_no_events(group: Group) -> None:
    answer = await group.member.http.get("/events")
    assert answer.status_code == 403
    async with bot_of(group.member) as bot:
        scopes = {"name": "reader", "scopes": ["messages:read"]}
        reader = await group.member.post(f"/bots/{bot.id}/keys", scopes)
        bot.http.headers["Authorization"] = f"Bearer {reader['secret']}"
        await bot.get("/events", 403)


async def test_a_removed_bot_hears_that_and_nothing_after_it(group: Group) -> None:
    async with bot_of(group.member) as bot:
        await let_in(group, bot, sees="all")
        await bot.begins(group.id)
        await group.member.say(group.id, "unread by the bot")
        await group.owner.delete(group.path(f"/members/{bot.id}"))
        await group.member.say(group.id, "@Echo are you there?")
        found = await bot.hears(wait=5)
        assert [one["type"] for one in found] == ["member.left"]


@on_one_database
async def test_old_events_are_deleted_and_old_cursors_refused(
    running: Running, group: Group
) -> None:
    database = running.application.database
    async with bot_of(group.member) as bot:
        await let_in(group, bot, sees="all")
        await bot.begins(group.id)
        first = bot.cursor
        for word in ("one", "two", "three"):
            await group.member.say(group.id, word)
        assert len(await bot.hears_up_to(3)) == 3

        def age(transaction: Transaction) -> None:
            transaction.execute(update(bot_events).values(at=transaction.now - KEPT - 1))

        await database.write(age)
        assert await database.write(DeleteOldBotEvents()) is False
        assert len(await rows_of(database)) == 1  # the last, whose number is not given again
        await group.member.say(group.id, "four")
        assert await bot.heard(wait=5) == ["four"]

        def restore(transaction: Transaction) -> None:
            transaction.execute(update(bot_events_log).values(name="another one"))

        await database.write(restore)
        answer = await bot.get("/events", 410, after=first)
        assert "after" in answer["detail"]
        bot.cursor = None
        await bot.begins(group.id)
        await group.member.say(group.id, "five")
        assert await bot.heard(wait=5) == ["five"]


async def test_a_cursor_with_numbers_that_no_database_has_is_refused(group: Group) -> None:
    async with bot_of(group.member) as bot:
        await bot.hears()
        known = decode_cursor(str(bot.cursor))
        for numbers in ({"txid": 2**63}, {"number": -(2**63), "txid": -1}, {"at": 2**63}):
            made = encode_cursor(msgspec.structs.replace(known, **numbers))
            answer = await bot.get("/events", 400, after=made)
            assert "after" in answer["fields"]


async def test_own_messages_and_those_of_other_programs_are_not_heard(group: Group) -> None:
    async with bot_of(group.member) as bot, bot_of(group.owner, "Other") as other:
        await let_in(group, bot, sees="all")
        await let_in(group, other, sees="all")
        await bot.begins(group.id)
        await bot.say(group.id, "@Echo my own words")
        said = await other.say(group.id, "@Echo hello")
        path = group.path(f"/messages/{said['seq']}")
        await other.http.patch(path, json={"body": "@Echo hello again"})
        await other.http.put(f"{path}/reactions/👍")
        await other.http.delete(path)
        await group.owner.say(group.id, "end")
        assert await bot.heard(wait=5) == ["end"]
        await group.member.patch(f"/bots/{bot.id}", {"hear_bots": True})
        await other.say(group.id, "now?")
        assert await bot.heard(wait=5) == ["now?"]


async def answers(bot: Bot, group: Group, calm: asyncio.Event) -> int:
    """Answer everything that a bot hears until it is calm; return how often."""
    count = 0
    while not calm.is_set():
        for body in await bot.heard(wait=1):
            if body != "end":
                await bot.say(group.id, f"{body}!")
                count += 1
    return count


async def test_two_bots_that_answer_each_other_end_by_themselves(group: Group) -> None:
    async with bot_of(group.member) as bot, bot_of(group.owner, "Other") as other:
        for one in (bot, other):
            await let_in(group, one, sees="all")
            await one.owner.patch(f"/bots/{one.id}", {"hear_bots": True})
        for one in (bot, other):
            await one.begins(group.id)
        await bot.settles()
        calm = asyncio.Event()
        tasks = [asyncio.create_task(answers(one, group, calm)) for one in (bot, other)]
        await group.admin.say(group.id, "hello")
        async with asyncio.timeout(SOON * 3):
            before = -1
            while before != (now := len(await group.said(group.owner))) or now < 2 + MAX_CHAIN:
                before = now
                await asyncio.sleep(2)
        calm.set()
        counts = [await task for task in tasks]
        # Both answer the person, then each other's answers, and the last of a chain is not heard.
        assert 2 < sum(counts) <= 2 * MAX_CHAIN
        said = [body for body in await group.said(group.owner) if body.startswith("hello")]
        assert max(map(len, said)) == len("hello") + MAX_CHAIN


@on_one_database
async def test_a_chain_begins_anew_after_a_while(running: Running, group: Group) -> None:
    async with bot_of(group.member) as bot, bot_of(group.owner, "Other") as other:
        for one in (bot, other):
            await let_in(group, one, sees="all")
            await one.owner.patch(f"/bots/{one.id}", {"hear_bots": True})
        for one in (bot, other):
            await one.begins(group.id)
        await bot.settles()
        for count in range(MAX_CHAIN):
            await (bot, other)[count % 2].say(group.id, str(count))
        assert await bot.heard() == ["1"]
        assert await other.heard() == ["0"]

        def later(transaction: Transaction) -> None:
            transaction.execute(update(bot_events).values(at=bot_events.c.at - CHAIN_WINDOW - 1))

        await running.application.database.write(later)
        await other.say(group.id, "good morning")
        assert await bot.heard(wait=5) == ["good morning"]


async def test_a_socket_of_a_bot_gets_events_and_no_rows(server: str, group: Group) -> None:
    async with bot_of(group.member) as bot:
        await let_in(group, bot, sees="all")
        socket = Socket(server, bot.key)
        await socket.connect(["websocket"])
        first = await socket.next("listening")
        assert first["gone"] is False
        await group.owner.say(group.id, "hello")
        heard = await socket.next("event")
        assert (heard["type"], heard["data"]["message"]["body"]) == ("message.posted", "hello")
        answer = await socket.call(
            "post", {"conversation": group.id, "key": new_key(), "body": "hi"}
        )
        assert answer["message"]["automated"] is True
        with pytest.raises(Refused, match="An API key cannot do this"):
            await socket.call("delivered", {"conversation": group.id, "seq": 1})
        assert {name for name, _ in socket.events} == {"listening", "event"}
        presence = await group.owner.get("/presence", users=bot.id)
        assert "online" not in str(presence)
        bot.cursor = heard["cursor"]
        await group.owner.say(group.id, "again")
        assert await bot.heard(wait=5) == ["again"]
        await group.member.delete(f"/bots/{bot.id}/keys/{await key_id(bot)}")
        await socket.next("signed_out")
        await socket.close()


async def key_id(bot: Bot) -> str:
    """Return the id of a bot's first key."""
    (listed,) = (await bot.owner.get("/bots"))["bots"]
    return str(listed["keys"][0]["id"])


@on_one_database
@pytest.mark.parametrize("transport", ["websocket", "polling"])
async def test_a_socket_goes_on_where_it_stopped(server: str, group: Group, transport: str) -> None:
    async with bot_of(group.member) as bot:
        await let_in(group, bot, sees="all")
        await bot.begins(group.id)
        await group.owner.say(group.id, "while it was away")
        socket = Socket(server, bot.key)
        auth = {"token": bot.key, "after": bot.cursor}
        await socket.client.connect(server, auth=auth, transports=[transport], wait_timeout=SOON)
        heard = await socket.next("event")
        assert heard["data"]["message"]["body"] == "while it was away"
        await socket.close()
