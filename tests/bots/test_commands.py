"""Commands: declared by bots, listed for members, sent to one bot, and never a message."""

from typing import Any

import pytest
from sqlalchemy import select, update

from echosphere.bots.command import MAX_COMMANDS
from echosphere.bots.interaction import OPEN_FOR
from echosphere.bots.store import DeleteOldInteractions, bot_interactions
from echosphere.database import Snapshot, Transaction
from tests.bots.programs import Bot, bot_of, let_in
from tests.product.conftest import Running
from tests.product.groups import Group
from tests.product.once import on_one_database
from tests.product.people import Person, client_of, new_key

DEPLOY = {"name": "deploy", "about": "Deploys a branch", "usage": "<branch>"}
PING = {"name": "ping", "about": "Says pong", "usage": ""}


async def declares(bot: Bot, *commands: dict[str, Any], by: Person | None = None) -> Any:
    """Declare the commands of a bot, by itself or by a person."""
    http = bot.http if by is None else by.http
    answer = await http.put(f"/bots/{bot.id}/commands", json={"commands": list(commands)})
    assert answer.status_code == 200, answer.text
    return answer.json()["commands"]


async def sends(
    person: Person, group: Group, bot: Bot, text: str = "prod", status: int = 202, **more: Any
) -> Any:
    """Send `/deploy` to a bot."""
    body = {"key": new_key(), "bot": bot.id, "command": "deploy", "text": text, **more}
    return await person.post(group.path("/commands"), body, status)


async def test_a_bot_or_its_owner_declares_its_commands(group: Group) -> None:
    async with bot_of(group.member) as bot:
        assert await declares(bot, DEPLOY, PING) == [DEPLOY, PING]
        assert await declares(bot, PING, by=group.member) == [PING]
        await group.owner.put(f"/bots/{bot.id}/commands", {"commands": []}, 404)
        (own,) = (await group.member.get("/bots"))["bots"]
        assert own["commands"] == [PING]
        assert (await group.member.get(group.path("/commands")))["commands"] == []
        await let_in(group, bot)
        shown = PING | {"bot": {"id": bot.id, "name": "Echo"}}
        for person in (group.member, group.owner):
            assert (await person.get(group.path("/commands")))["commands"] == [shown]
            (here,) = (await person.get(group.path("/bots")))["bots"]
            assert "commands" not in here["bot"]
        await group.outsider.get(group.path("/commands"), 404)
        await group.member.patch(f"/bots/{bot.id}", {"disabled": True})
        assert (await group.owner.get(group.path("/commands")))["commands"] == []
        await group.member.patch(f"/bots/{bot.id}", {"disabled": False})
        await group.member.delete(f"/bots/{bot.id}")
        assert (await group.owner.get(group.path("/commands")))["commands"] == []


@on_one_database
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ([DEPLOY | {"name": "Deploy"}], "a-z"),
        ([DEPLOY | {"name": ""}], "a-z"),
        ([DEPLOY | {"name": "x" * 33}], "characters"),
        ([DEPLOY, DEPLOY], "twice"),
        ([DEPLOY | {"about": " \u202e "}], "about"),
        ([DEPLOY | {"about": "x" * 201}], "about"),
        ([DEPLOY | {"usage": "x" * 101}], "usage"),
        ([DEPLOY | {"name": f"c{at}"} for at in range(MAX_COMMANDS + 1)], "entries"),
        ([DEPLOY | {"more": 1}], "more"),
    ],
)
async def test_what_breaks_a_rule_is_refused(group: Group, wrong: Any, said: str) -> None:
    async with bot_of(group.member) as bot:
        await declares(bot, PING)
        answer = await bot.http.put(f"/bots/{bot.id}/commands", json={"commands": wrong})
        assert answer.status_code == 400
        assert said in answer.json()["detail"]
        await let_in(group, bot)
        left = (await group.member.get(group.path("/commands")))["commands"]
        assert [one["name"] for one in left] == ["ping"]


@on_one_database
async def test_what_is_declared_is_one_line_without_tricks(group: Group) -> None:
    async with bot_of(group.member) as bot:
        tricky = {"name": "a-b_9", "about": "Line\none \u202eeno", "usage": "<b>\u2066x"}
        shown = {"name": "a-b_9", "about": "Line one eno", "usage": "<b>x"}
        assert await declares(bot, tricky) == [shown]


@on_one_database
async def test_a_key_without_events_declares_nothing(group: Group) -> None:
    async with bot_of(group.member) as bot, bot_of(group.member, "Other") as other:
        await other.http.put(f"/bots/{bot.id}/commands", json={"commands": []})
        scopes = {"name": "writer", "scopes": ["messages:write", "messages:read"]}
        key = await group.member.post(f"/bots/{bot.id}/keys", scopes)
        async with client_of(bot.owner.base) as http:
            http.headers["Authorization"] = f"Bearer {key['secret']}"
            answer = await http.put(f"/bots/{bot.id}/commands", json={"commands": []})
            assert answer.status_code == 403
            assert "events" in answer.json()["detail"]
        foreign = await other.http.put(f"/bots/{bot.id}/commands", json={"commands": []})
        assert foreign.status_code == 404


async def test_a_command_reaches_its_bot_and_is_no_message(group: Group) -> None:
    async with bot_of(group.member) as bot, bot_of(group.owner, "Other") as other:
        for one in (bot, other):
            await let_in(group, one, sees="addressed" if one is bot else "all")
            await declares(one, DEPLOY)
            await one.begins(group.id)
        await bot.settles()
        before = await group.said(group.owner)
        socket = await group.owner.connect()
        await sends(group.admin, group, bot, "prod now")
        (heard,) = await bot.hears(wait=5)
        assert (heard["type"], heard["conversation"]) == ("command", group.id)
        data = heard["data"]
        assert data["command"] == {"name": "deploy", "text": "prod now"}
        assert (data["user"]["id"], data["user"]["name"]) == (group.admin.id, "Ben")
        assert "email" not in data["user"]
        assert set(data) == {"command", "user", "respond"}
        assert "/api/v1/respond/" in data["respond"]
        await group.owner.say(group.id, "end")
        assert await other.heard(wait=5) == ["end"]
        assert await group.said(group.owner) == [*before, "end"]
        await socket.next("message")
        assert "prod now" not in str(socket.events)


async def test_a_command_is_sent_once_per_key(group: Group) -> None:
    async with bot_of(group.member) as bot:
        await let_in(group, bot)
        await declares(bot, DEPLOY)
        await bot.begins(group.id)
        key = new_key()
        await sends(group.member, group, bot, key=key)
        await sends(group.member, group, bot, "another text", 200, key=key)
        await sends(group.owner, group, bot, "of another person", key=key)
        found = await bot.hears_up_to(2)
        texts = [one["data"]["command"]["text"] for one in found]
        assert texts == ["prod", "of another person"]


@on_one_database
async def test_a_command_that_nobody_would_hear_is_refused(group: Group) -> None:
    async with bot_of(group.member) as bot, bot_of(group.owner, "Other") as other:
        await declares(bot, DEPLOY)
        answer = await sends(group.owner, group, bot, status=404)
        assert "This bot is not" in answer["detail"]
        await let_in(group, bot)
        await sends(group.outsider, group, bot, status=404)
        await sends(group.owner, group, other, status=404)
        answer = await sends(group.owner, group, bot, command="nothing", status=404)
        assert "Type /" in answer["detail"]
        body = {"key": new_key(), "bot": group.admin.id, "command": "deploy", "text": ""}
        await group.owner.post(group.path("/commands"), body, 404)
        await group.member.patch(f"/bots/{bot.id}", {"disabled": True})
        answer = await sends(group.owner, group, bot, status=409)
        assert "disabled" in answer["detail"]
        await group.member.patch(f"/bots/{bot.id}", {"disabled": False})
        await sends(group.owner, group, bot)
        await group.owner.delete(group.path(f"/members/{bot.id}"))
        await sends(group.owner, group, bot, status=404)


@on_one_database
async def test_programs_send_no_commands(group: Group) -> None:
    """Or bots could go on asking each other."""
    async with bot_of(group.member) as bot, bot_of(group.owner, "Other") as other:
        for one in (bot, other):
            await let_in(group, one)
            await declares(one, DEPLOY)
        body = {"key": new_key(), "bot": bot.id, "command": "deploy", "text": ""}
        answer = await other.http.post(group.path("/commands"), json=body)
        assert answer.status_code == 403


@on_one_database
async def test_who_may_not_post_sends_no_command(group: Group) -> None:
    async with bot_of(group.member) as bot:
        await let_in(group, bot)
        await declares(bot, DEPLOY)
        await group.owner.patch(group.path(), {"slow_seconds": 60})
        await sends(group.member, group, bot)
        answer = await sends(group.member, group, bot, status=429)
        assert "Slow mode" in answer["detail"]
        await group.member.post(group.path("/messages"), {"key": new_key(), "body": "hi"}, 429)
        await sends(group.owner, group, bot)
        await group.owner.patch(group.path(), {"slow_seconds": 0, "posting": "admins"})
        answer = await sends(group.member, group, bot, status=403)
        assert "Only the owner and admins can write" in answer["detail"]
        await sends(group.admin, group, bot)


@on_one_database
@pytest.mark.own_product
async def test_a_suspended_person_sends_no_command(group: Group) -> None:
    async with bot_of(group.admin) as bot:
        await let_in(group, bot)
        await declares(bot, DEPLOY)
        path = f"/administration/people/{group.member.id}/suspension"
        answer = await group.owner.http.put(path, json={"until": None, "reason": "a test"})
        assert answer.status_code < 300, answer.text
        await sends(group.member, group, bot, status=401)


@on_one_database
@pytest.mark.own_product
async def test_the_commands_of_a_suspended_persons_bot_are_not_listed(group: Group) -> None:
    async with bot_of(group.member) as bot, bot_of(group.admin, "Other") as other:
        for each, command in ((bot, DEPLOY), (other, PING)):
            await let_in(group, each)
            await declares(each, command)
        path = f"/administration/people/{group.member.id}/suspension"
        await group.owner.put(path, {"until": None, "reason": "a test"})
        listed = (await group.owner.get(group.path("/commands")))["commands"]
        assert [one["name"] for one in listed] == ["ping"]
        await sends(group.owner, group, bot, status=409)
        await group.owner.delete(path)
        listed = (await group.owner.get(group.path("/commands")))["commands"]
        assert [one["name"] for one in listed] == ["deploy", "ping"]


@on_one_database
async def test_what_nobody_waits_for_is_not_heard_and_deleted(
    running: Running, group: Group
) -> None:
    database = running.application.database
    async with bot_of(group.member) as bot:
        await let_in(group, bot)
        await declares(bot, DEPLOY)
        await bot.begins(group.id)
        await sends(group.owner, group, bot, "a secret text")
        cursor = bot.cursor
        assert len(await bot.hears(wait=5)) == 1

        def age(transaction: Transaction) -> None:
            transaction.execute(update(bot_interactions).values(at=transaction.now - OPEN_FOR - 1))

        def stored(snapshot: Snapshot) -> str:
            return str(snapshot.execute(select(bot_interactions)).all())

        assert "a secret text" in await database.read(stored)
        await database.write(age)
        bot.cursor = cursor
        assert await bot.hears() == []
        assert await database.write(DeleteOldInteractions()) is False
        assert await database.read(stored) == "[]"
        await bot.hears()


async def test_a_command_waits_for_a_bot_that_is_away(group: Group) -> None:
    async with bot_of(group.member) as bot:
        await let_in(group, bot)
        await declares(bot, DEPLOY)
        await bot.begins(group.id)
        before = bot.cursor
        await sends(group.owner, group, bot, "first")
        await group.owner.say(group.id, "@Echo and a message")
        await sends(group.owner, group, bot, "second")
        found = await bot.hears_up_to(3)
        assert [one["type"] for one in found] == ["command", "message.posted", "command"]
        only = (await bot.get("/events", after=before, types="command"))["events"]
        assert [one["data"]["command"]["text"] for one in only] == ["first", "second"]
