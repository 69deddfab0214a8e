"""Attacks through what bots are asked and answer: guessed or reused addresses, buttons, labels."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing

import pytest

from tests.attacks.servers import Target
from tests.bots.programs import Bot, bot_of, let_in
from tests.bots.test_buttons import GO, card, presses
from tests.bots.test_commands import DEPLOY, declares, sends
from tests.bots.test_responses import answers, asked, path_of
from tests.product.groups import Group
from tests.product.people import client_of, new_key

AT_ONCE = 50


@pytest.fixture
async def bot(group: Group) -> AsyncIterator[Bot]:
    """A bot of Carl in the group."""
    async with bot_of(group.member) as bot:
        await let_in(group, bot)
        yield bot


async def test_an_address_is_worth_five_answers(group: Group, bot: Bot) -> None:
    path = await asked(bot, group)
    async with client_of(bot.owner.base) as http:
        bodies = [{"key": new_key(), "text": f"Flood {at}"} for at in range(AT_ONCE)]
        given = await asyncio.gather(*[http.post(path, json=body) for body in bodies])
    assert sum(answer.status_code == 201 for answer in given) == 5
    assert sum(one.startswith("Flood") for one in await group.said(group.owner)) == 5


async def test_an_address_ends(target: Target, group: Group, bot: Bot) -> None:
    path = await asked(bot, group)
    with closing(sqlite3.connect(target.data / "app.db", timeout=30)) as connection, connection:
        connection.execute("UPDATE bot_interactions SET at = at - 1800001")
    await answers(bot, path, 410, text="Long after")
    assert "Long after" not in await group.said(group.owner)


async def test_a_bot_that_was_switched_off_answers_nothing(group: Group, bot: Bot) -> None:
    path = await asked(bot, group)
    await group.member.patch(f"/bots/{bot.id}", {"disabled": True})
    await answers(bot, path, 410, text="Still here")
    assert "Still here" not in await group.said(group.owner)


async def test_a_bot_that_left_answers_nothing(group: Group, bot: Bot) -> None:
    path = await asked(bot, group)
    await group.owner.delete(group.path(f"/members/{bot.id}"))
    for body in ({"text": "Still here"}, {"text": "Psst", "only": "user"}, {"notice": "Psst"}):
        await answers(bot, path, 410, **body)
    assert "Still here" not in await group.said(group.owner)


async def test_no_one_presses_or_asks_where_they_are_no_member(group: Group, bot: Bot) -> None:
    await declares(bot, DEPLOY)
    await bot.begins(group.id)
    seq = await card(bot, group)
    await presses(group.outsider, group, seq, status=404)
    await sends(group.outsider, group, bot, status=404)
    await group.owner.say(group.id, "@Echo end")
    assert await bot.heard(wait=5) == ["@Echo end"]


async def test_who_was_removed_presses_and_asks_nothing(group: Group, bot: Bot) -> None:
    await declares(bot, DEPLOY)
    await bot.begins(group.id)
    seq = await card(bot, group)
    await group.owner.delete(group.of(group.admin))
    await presses(group.admin, group, seq, status=404)
    await sends(group.admin, group, bot, status=404)
    await group.owner.say(group.id, "@Echo end")
    assert await bot.heard(wait=5) == ["@Echo end"]


async def test_nothing_is_pressed_that_is_not_there(group: Group, bot: Bot) -> None:
    seq = await card(bot, group)
    said = await group.member.say(group.id, "No buttons here")
    for action, at in (("evil", seq), ("go", said["seq"]), ("go", 999)):
        await presses(group.owner, group, at, action, status=404)
    await presses(group.owner, group, seq, "look", status=400)


async def test_an_answer_for_one_reaches_no_one_else(group: Group, bot: Bot) -> None:
    path = await asked(bot, group)  # by the admin
    mine, others = await group.admin.connect(), await group.owner.connect()
    await answers(bot, path, 201, text="The code is 4711", only="user")
    await answers(bot, path, 201, notice="Also 4712")
    assert "4711" in str(await mine.next("answer"))
    await group.member.say(group.id, "That is all")
    await others.next("message")
    assert "471" not in str(others.events)
    for person in (group.owner, group.member, group.admin):
        assert not [one for one in await group.said(person) if "471" in one]
    assert (await group.owner.get("/search", q="4711"))["results"] == []


async def test_an_answer_changes_no_message_but_the_one_that_was_pressed(
    group: Group, bot: Bot
) -> None:
    said = await bot.say(group.id, "Another card", actions=[[GO]])
    seq = await card(bot, group)
    await bot.begins(group.id)
    await presses(group.owner, group, seq)
    (heard,) = await bot.hears_up_to(1)
    await answers(bot, path_of(heard), 201, update={"text": "Done"})
    assert [one for one in await group.said(group.owner) if one in ("Done", said["body"])] == [
        "Another card",
        "Done",
    ]


async def test_bots_do_not_ask_bots(group: Group, bot: Bot) -> None:
    seq = await card(bot, group)
    body = {"key": new_key(), "action": "go"}
    answer = await bot.http.post(group.path(f"/messages/{seq}/actions"), json=body)
    assert answer.status_code == 403


async def test_no_one_but_a_bot_has_buttons_under_a_message(group: Group) -> None:
    body = {"key": new_key(), "body": "Sign in again", "actions": [[GO]]}
    await group.member.post(group.path("/messages"), body, 403)


LEADING = [
    "javascript:alert(document.cookie)", "JAVASCRIPT:alert(1)", " javascript:alert(1)", "java\nscript:alert(1)",
    "data:text/html,<script>alert(1)</script>", "vbscript:x", "//evil.example", "/settings", "http://evil.example/",
    "https://bank.example@evil.example/", "https:\\\\evil.example", "https://evil.example/\u202egnp.exe",
]  # fmt: skip


@pytest.mark.parametrize("url", LEADING)
async def test_no_button_leads_to_a_script_or_in_disguise(group: Group, bot: Bot, url: str) -> None:
    await bot.say(group.id, "Look", 400, actions=[[{"id": "a", "label": "Look", "url": url}]])


async def test_no_label_turns_what_one_reads(group: Group, bot: Bot) -> None:
    label = "safe\u202etxe.exe"
    said = await bot.say(group.id, "Look", actions=[[{"id": "a", "label": label}]])
    assert said["actions"][0][0]["label"] == "safetxe.exe"
