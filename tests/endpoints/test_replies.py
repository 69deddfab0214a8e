"""What a program answers to an event: a reply becomes a message of the bot, once."""

import asyncio
import gzip
import json
import random
import zlib
from dataclasses import replace
from typing import Any, cast

import pytest

from echosphere.bots.event import MAX_CHAIN
from echosphere.core.clock import MINUTE
from echosphere.core.errors import Unavailable
from echosphere.database import Database
from echosphere.endpoints.answers import (
    ANSWERS,
    FAILED,
    NO_OBJECT,
    NOT_HERE,
    AnsweredEvent,
    Taken,
)
from echosphere.endpoints.deliver import TOO_LONG, UNREADABLE
from tests.bots.programs import Bot, bot_of, let_in
from tests.bots.test_buttons import card, presses
from tests.bots.test_commands import DEPLOY, declares, sends
from tests.endpoints.conftest import Passed, jobs_run
from tests.endpoints.receiver import SOON, Answer, Receiver, endpoint_of
from tests.product.conftest import Running
from tests.product.groups import Group
from tests.product.once import on_one_database


async def test_a_reply_is_posted_as_the_bots_answer_to_the_message(
    group: Group, bot: Bot, receiver: Receiver
) -> None:
    endpoint = await endpoint_of(bot, receiver.address)
    receiver.answers = [Answer.of({"reply": {"text": "At **your** service."}})]
    asked = await group.owner.say(group.id, "@Echo hello")
    delivery = await endpoint.delivery(state="delivered")
    path = group.path(f"/messages/{delivery['reply']}")
    message = (await group.owner.get(path))["message"]
    assert (message["author"], message["automated"]) == (bot.id, True)
    assert (message["body"], message["reply_to"]) == ("At **your** service.", asked["seq"])
    assert (delivery["error"], delivery["answer"]) == ("", "")
    await group.owner.say(group.id, "thanks")
    assert [one.text for one in await receiver.gets(2)] == ["@Echo hello", "thanks"]


async def test_a_reply_is_posted_once_though_the_event_is_answered_again(
    group: Group, bot: Bot, receiver: Receiver
) -> None:
    endpoint = await endpoint_of(bot, receiver.address)
    receiver.default = Answer.of({"reply": {"text": "Once."}})
    await group.owner.say(group.id, "hello")
    first = await endpoint.delivery(state="delivered")
    again = f"{endpoint.path}/deliveries/{first['id']}/redeliver"
    await bot.owner.post(again, {}, 200)
    second = await endpoint.delivery(attempts=2, state="delivered")
    came = await receiver.gets(2)
    assert came[0].id == came[1].id == second["event"]
    assert second["reply"] == first["reply"]
    assert (await group.said(group.owner)).count("Once.") == 1


@on_one_database
@pytest.mark.parametrize("end", ["bot disabled", "endpoint disabled", "endpoint deleted"])
async def test_nothing_is_posted_for_an_answer_that_comes_after_the_end(
    running: Running, group: Group, bot: Bot, receiver: Receiver, end: str
) -> None:
    endpoint = await endpoint_of(bot, receiver.address)
    over = asyncio.Event()

    async def ends() -> None:
        if end == "bot disabled":
            await bot.owner.patch(f"/bots/{bot.id}", {"disabled": True})
        elif end == "endpoint disabled":
            await bot.owner.patch(endpoint.path, {"disabled": True})
        else:
            await bot.owner.delete(endpoint.path)
        over.set()

    reply = Answer.of({"reply": {"text": "Too late."}})
    receiver.answers = [replace(reply, before=ends)]
    await group.owner.say(group.id, "hello")
    async with asyncio.timeout(SOON):
        await over.wait()
    await jobs_run(running.application.database, 0)
    assert "Too late." not in await group.said(group.owner)


@on_one_database
async def test_two_endpoints_of_a_bot_answer_once(
    group: Group, bot: Bot, receiver: Receiver
) -> None:
    async with Receiver() as other:
        receiver.default = other.default = Answer.of({"reply": {"text": "One of us."}})
        one, two = [await endpoint_of(bot, each.address) for each in (receiver, other)]
        await group.owner.say(group.id, "hello")
        seqs = [(await each.delivery(state="delivered"))["reply"] for each in (one, two)]
        assert seqs[0] == seqs[1] is not None
        assert (await group.said(group.owner)).count("One of us.") == 1


@on_one_database
@pytest.mark.parametrize(
    ("answer", "problem", "is_posted"),
    [
        ({"reply": {"text": "Seen by all."}, "ok": True}, "", True),
        ({"reply": {"text": "Seen by all.", "color": "red"}}, "'color'", True),
        ({"reply": {"text": "For one.", "only": "user"}}, "'only'", False),
        ({"reply": {"text": ""}}, "empty", False),
        ({"reply": {"text": "\0"}}, "NUL", False),
        ({"reply": {}}, "missing", False),
        ({"reply": "Just text"}, "Expected `object`", False),
        ({"reply": {"text": "a" * 10_001}}, "10000", False),
        ({"reply": {"text": "Seen by all."}, "more": "a" * 70_000}, "64 KiB", False),
        ({"update": {"text": "Not a button."}}, "'update'", False),
        ({"notice": "Nobody pressed."}, "'notice'", False),
        (["reply"], "", False),
        ("ok", "", False),
    ],
)
async def test_what_is_not_understood_is_left_out_and_noted(
    group: Group, bot: Bot, receiver: Receiver, answer: object, problem: str, is_posted: bool
) -> None:
    endpoint = await endpoint_of(bot, receiver.address)
    receiver.answers = [Answer.of(answer)]
    await group.owner.say(group.id, "hello")
    delivery = await endpoint.delivery(state="delivered")
    assert problem in delivery["answer"] if problem else delivery["answer"] == ""
    assert delivery["error"] == ("answer" if problem else "")
    assert (delivery["reply"] is not None) is is_posted
    assert len(await group.said(group.owner)) == 1 + is_posted


@pytest.mark.parametrize(
    "reply",
    [
        {"text": "Seen by all.", "\0": 1},
        {"text": "Seen by all.", "actions": [[{"id": "a", "label": "A", "\0" * 300: 1}]]},
        {"text": "Seen by all.", "actions": [[{"id": "a", "label": "A", "style": "\0" * 300}]]},
    ],
)
async def test_what_is_noted_of_a_wrong_reply_can_be_stored(
    group: Group, bot: Bot, receiver: Receiver, reply: object
) -> None:
    endpoint = await endpoint_of(bot, receiver.address)
    receiver.answers = [Answer.of({"reply": reply})]
    await group.owner.say(group.id, "hello")
    delivery = await endpoint.delivery(state="delivered")
    assert (delivery["attempts"], delivery["error"]) == (1, "answer")
    assert "\0" not in delivery["answer"] != ""
    assert len(await receiver.gets(1)) == 1


def packed(body: bytes) -> bytes:
    """Compress with gzip, always to the same bytes: they are part of the names of tests."""
    return gzip.compress(body, mtime=0)


PACKED_REPLY = packed(json.dumps({"reply": {"text": "Unpacked."}}).encode())
BOMB = packed(b" " * 50_000_000)
TOO_MANY = packed(random.Random(1).randbytes(70_000))


@on_one_database
@pytest.mark.parametrize(
    ("coding", "body", "problem", "is_posted"),
    [
        ("gzip", PACKED_REPLY, "", True),
        ("x-gzip", PACKED_REPLY, "", True),
        ("deflate", zlib.compress(b'{"reply": {"text": "Unpacked."}}'), "", True),
        ("identity", b'\xef\xbb\xbf{"reply": {"text": "Behind a mark."}}', "", True),
        ("gzip", packed(b'\xef\xbb\xbf{"reply": {"text": "Both."}}'), "", True),
        ("gzip", b"", "", False),
        ("gzip", packed(b"ok"), "", False),
        ("gzip", b"ok", UNREADABLE, False),
        ("gzip", PACKED_REPLY[:-8], UNREADABLE, False),
        ("br", b"\x8b\x00\x80ok\x03", UNREADABLE, False),
        ("gzip, gzip", packed(PACKED_REPLY), UNREADABLE, False),
        ("gzip", BOMB, TOO_LONG, False),
        ("gzip", TOO_MANY, TOO_LONG, False),
    ],
)
async def test_a_success_is_one_however_its_answer_is_packed(
    group: Group,
    bot: Bot,
    receiver: Receiver,
    coding: str,
    body: bytes,
    problem: str,
    is_posted: bool,
) -> None:
    endpoint = await endpoint_of(bot, receiver.address)
    receiver.answers = [Answer(200, body, f"Content-Encoding: {coding}\r\n")]
    await group.owner.say(group.id, "hello")
    delivery = await endpoint.delivery(state="delivered", attempts=1)
    assert (delivery["status"], delivery["answer"]) == (200, problem)
    assert (delivery["reply"] is not None) is is_posted
    assert (await endpoint.shown())["state"] == "working"


@on_one_database
async def test_a_refusal_is_read_however_it_is_packed(
    group: Group, bot: Bot, receiver: Receiver
) -> None:
    endpoint = await endpoint_of(bot, receiver.address)
    header = "Content-Encoding: gzip\r\n"
    receiver.answers = [Answer(410, packed(b"Moved away."), header)]
    await group.owner.say(group.id, "hello")
    await endpoint.until(state="disabled", disabled="gone")
    delivery = await endpoint.delivery(state="failed")
    assert (delivery["status"], delivery["answer"]) == (410, "Moved away.")


@on_one_database
async def test_an_answer_with_which_the_server_fails_is_noted_and_not_asked_for_again(
    group: Group,
    bot: Bot,
    receiver: Receiver,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def fail(*_: object) -> Taken:
        raise LookupError("nobody thought of this")

    monkeypatch.setitem(cast(Any, ANSWERS), "message.posted", {"reply": fail})
    endpoint = await endpoint_of(bot, receiver.address, types=["message.posted"])
    receiver.answers = [Answer.of({"reply": {"text": "Odd."}})]
    await group.owner.say(group.id, "hello")
    delivery = await endpoint.delivery(state="delivered")
    assert (delivery["attempts"], delivery["error"], delivery["answer"]) == (1, "answer", FAILED)
    assert "nobody thought of this" in caplog.text
    await group.owner.say(group.id, "and on")
    assert [one.text for one in await receiver.gets(2)] == ["hello", "and on"]


@on_one_database
async def test_an_answer_that_cannot_be_stored_now_is_asked_for_again(
    group: Group, bot: Bot, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, passed: Passed
) -> None:
    does = ANSWERS["message.posted"]["reply"]
    fails = [Unavailable("The server is busy.")]

    async def fail_once(database: Database, event: AnsweredEvent, value: object) -> Taken:
        if fails:
            raise fails.pop()
        return await does(database, event, value)

    monkeypatch.setitem(cast(Any, ANSWERS), "message.posted", {"reply": fail_once})
    endpoint = await endpoint_of(bot, receiver.address, types=["message.posted"])
    receiver.default = Answer.of({"reply": {"text": "At last."}})
    await group.owner.say(group.id, "hello")
    await receiver.gets(1)
    await passed.by(5 * MINUTE)
    delivery = await endpoint.delivery(state="delivered", error="")
    assert delivery["reply"] is not None
    assert len({one.id for one in await receiver.gets(2)}) == 1


@on_one_database
async def test_a_reply_obeys_the_rules_of_the_group(
    group: Group, bot: Bot, receiver: Receiver
) -> None:
    endpoint = await endpoint_of(bot, receiver.address)
    may_answer = asyncio.Event()
    receiver.answers = [Answer.of({"reply": {"text": "Too late."}})]
    receiver.answers[0].before = may_answer.wait
    await group.owner.say(group.id, "hello")
    await receiver.gets(1)
    await group.owner.delete(group.path(f"/members/{bot.id}"))
    may_answer.set()
    delivery = await endpoint.delivery(1, state="delivered")
    assert (delivery["type"], delivery["error"]) == ("message.posted", "answer")
    assert "Too late." not in await group.said(group.owner)


@on_one_database
async def test_bots_that_answer_each_other_by_endpoints_stop(group: Group, bot: Bot) -> None:
    async with bot_of(group.member, "Other") as other, Receiver() as one, Receiver() as two:
        await let_in(group, other, sees="all")
        for each, receiver in ((bot, one), (other, two)):
            await group.member.patch(f"/bots/{each.id}", {"hear_bots": True})
            await endpoint_of(each, receiver.address, types=["message.posted"])
            receiver.default = Answer.of({"reply": {"text": f"{each.id} answers"}})
        await group.owner.say(group.id, "Go!")
        await one.gets(MAX_CHAIN - 1)
        await two.gets(MAX_CHAIN - 1)
        await group.owner.say(group.id, "Stop!")
        await one.gets_until("Stop!")
        await two.gets_until("Stop!")
        before = (await group.said(group.owner)).index("Stop!")
        assert before <= 1 + 2 * MAX_CHAIN


async def test_a_command_is_answered_for_all_or_for_who_asked(
    group: Group, bot: Bot, receiver: Receiver
) -> None:
    endpoint = await endpoint_of(bot, receiver.address, types=["command"])
    receiver.answers = [
        Answer.of({"reply": {"text": "Which branch?", "only": "user"}}),
        Answer.of({"reply": {"text": "Deployed."}}),
    ]
    await declares(bot, DEPLOY)
    page = await group.admin.connect()
    await sends(group.admin, group, bot)
    told = await page.next("answer", text="Which branch?")
    assert told["bot"] == bot.id
    await sends(group.admin, group, bot)
    assert (await endpoint.delivery(1, state="delivered", error=""))["reply"] is None
    delivery = await endpoint.delivery(0, state="delivered", error="")
    message = (await group.owner.get(group.path(f"/messages/{delivery['reply']}")))["message"]
    assert (message["body"], message["author"]) == ("Deployed.", bot.id)
    assert "Which branch?" not in await group.said(group.owner)


@on_one_database
@pytest.mark.parametrize(
    ("reply", "problem", "posted"),
    [
        ({"text": "Deployed.", "color": "red"}, NOT_HERE.format("color"), "Deployed."),
        ({"text": "Deployed.", "key": "one-of-its-own"}, NOT_HERE.format("key"), "Deployed."),
        ({"text": "Deployed.", "notice": "Done"}, NOT_HERE.format("notice"), "Deployed."),
        ({"text": "Deployed.", "update": {"text": "x"}}, NOT_HERE.format("update"), "Deployed."),
        ({"notice": "Done"}, NO_OBJECT, None),
        ({"update": {"text": "x"}}, NO_OBJECT, None),
        ({"text": "Deployed.", "only": "all"}, "The field 'only'", None),
        ("Deployed.", NO_OBJECT, None),
    ],
)
async def test_a_reply_to_a_command_has_a_text_buttons_and_for_whom_alone(
    group: Group, bot: Bot, receiver: Receiver, reply: object, problem: str, posted: str | None
) -> None:
    endpoint = await endpoint_of(bot, receiver.address, types=["command"])
    receiver.answers = [Answer.of({"reply": reply})]
    await declares(bot, DEPLOY)
    before = await group.said(group.owner)
    await sends(group.admin, group, bot)
    delivery = await endpoint.delivery(state="delivered", error="answer")
    assert delivery["answer"].startswith(problem)
    assert (delivery["reply"] is not None) is (posted is not None)
    said = await group.said(group.owner)
    assert said[len(before) :] == ([] if posted is None else [posted])


async def test_a_press_is_answered_by_another_card_and_a_notice_once(
    group: Group, bot: Bot, receiver: Receiver
) -> None:
    endpoint = await endpoint_of(bot, receiver.address, types=["action"])
    receiver.default = Answer.of({"update": {"text": "Started", "actions": []}, "notice": "Done"})
    seq = await card(bot, group)
    page = await group.admin.connect()
    await presses(group.admin, group, seq)
    assert await page.next("answer", notice="Done")
    first = await endpoint.delivery(state="delivered", error="")
    again = f"{endpoint.path}/deliveries/{first['id']}/redeliver"
    await bot.owner.post(again, {}, 200)
    await endpoint.delivery(attempts=2, state="delivered", error="")
    changed = (await group.owner.get(group.path(f"/messages/{seq}")))["message"]
    assert (changed["body"], changed.get("actions", [])) == ("Started", [])
    assert len(page.of("answer")) == 2  # of the card, and the notice
