"""People mentioned by an edit are notified once, with the correct text."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import func, select, update

from echosphere.database import Snapshot, Transaction
from echosphere.database.job_table import jobs
from echosphere.notifications.notify import NOTIFY_MENTIONED, RETRY
from tests.bots.programs import bot_of
from tests.product.changing import Rest, group_of
from tests.product.conftest import Running
from tests.product.people import TIMEOUT, Person
from tests.product.push_service import PushService, why

Cast = tuple[Person, Person, Person]


@pytest.fixture
def more_settings() -> dict[str, str]:
    """For a server that may reach the test's push service on this machine."""
    return {"ECHOSPHERE_ALLOW_PRIVATE_ADDRESSES": "on"}


def waiting(snapshot: Snapshot) -> int:
    of_mentions = jobs.c.kind.in_([NOTIFY_MENTIONED, RETRY])
    statement = select(func.count()).select_from(jobs).where(of_mentions)
    return int(snapshot.execute(statement).scalar_one())


async def all_told(running: Running) -> None:
    """Return when no one waits to be told of an edit."""
    async with asyncio.timeout(TIMEOUT):
        while await running.application.database.read(waiting):
            await asyncio.sleep(0.05)


async def edit(running: Running, author: Person, message: dict[str, Any], body: str) -> None:
    """Edit a message, and wait until those concerned were told."""
    await Rest(author).edit(message["conversation"], message["seq"], body)
    await all_told(running)


async def test_users_mentioned_by_an_edit_are_told_what_it_says_now_and_only_once(
    cast: Cast, service: PushService, running: Running
) -> None:
    ada, ben, oscar = cast
    group = await group_of(ada, ben, oscar)
    await ben.patch("/me", {"settings": {"notify": "mentions"}})
    await oscar.patch("/me", {"settings": {"notify": "mentions"}})
    to_ben, to_oscar = await service.subscribe(ben), await service.subscribe(oscar)
    sent = await ada.say(group, "Who has the key?")
    before = await why(ben, sent)
    assert before["reason"] == "not_mentioned"
    bodies = ("@Ben Example, who has the key?", "@Ben Example, and who has the key?")
    for body in (*bodies, "Who has it?", "Who has it, @Ben Example?"):
        await edit(running, ada, sent, body)
    (pushed,) = service.to(to_ben)
    notification = to_ben.read(pushed)
    assert notification["body"] == "Ada Example: @Ben Example, who has the key?"
    assert notification["url"] == f"/c/{group}?m={sent['seq']}"
    told = await why(ben, sent)
    assert (told["notified"], told["reason"]) == (True, "mention")
    assert told["at"] > before["at"]
    assert (await why(oscar, sent))["reason"] == "not_mentioned"
    assert service.to(to_oscar) == []


async def test_who_had_read_the_earlier_words_or_was_told_of_them_is_told_of_the_mention(
    cast: Cast, service: PushService, running: Running
) -> None:
    ada, ben, oscar = cast
    group = await group_of(ada, ben, oscar)
    to_ben, to_oscar = await service.subscribe(ben), await service.subscribe(oscar)
    sent = await ada.say(group, "Tea?")
    assert (await why(ben, sent))["reason"] == "message"
    await ben.put(f"/conversations/{group}/read", {"seq": sent["seq"]})
    await edit(running, ada, sent, "Tea, @Ben Example?")
    assert (await why(ben, sent))["reason"] == "mention"
    assert to_ben.read(service.to(to_ben)[1])["body"] == "Ada Example: Tea, @Ben Example?"
    assert len(service.to(to_oscar)) == 1
    # Ben was told before; of everyone only Oscar is new.
    await edit(running, ada, sent, "Tea, @all?")
    assert (await why(oscar, sent))["reason"] == "mention"
    assert [len(service.to(keys)) for keys in (to_ben, to_oscar)] == [2, 2]
    await edit(running, ada, sent, "Tea, @all and @Oscar Outsider?")
    assert [len(service.to(keys)) for keys in (to_ben, to_oscar)] == [2, 2]


async def test_an_edit_tells_no_one_who_does_not_want_it_and_says_why_not(
    cast: Cast, service: PushService, running: Running
) -> None:
    ada, ben, oscar = cast
    group = await group_of(ada, ben, oscar)
    to_ben, to_oscar = await service.subscribe(ben), await service.subscribe(oscar)
    await oscar.patch("/me", {"settings": {"notify": "mentions"}})
    sent = await ada.say(group, "hello")
    assert (await why(ben, sent))["reason"] == "message"
    assert (await why(oscar, sent))["reason"] == "not_mentioned"
    await ben.patch(f"/conversations/{group}", {"muted": True})
    await oscar.put(f"/blocks/{ada.id}")
    await edit(running, ada, sent, "hello @Ben Example and @Oscar Outsider")
    # Ben was told of the message, and that stays true.
    assert (await why(ben, sent))["reason"] == "message"
    assert (await why(oscar, sent))["reason"] == "blocked"
    assert [len(service.to(keys)) for keys in (to_ben, to_oscar)] == [1, 0]


async def test_who_has_no_device_hears_no_old_reason_after_an_edit_mentions_them(
    cast: Cast, service: PushService, running: Running
) -> None:
    ada, ben, oscar = cast
    group = await group_of(ada, ben, oscar)
    await ben.patch("/me", {"settings": {"notify": "mentions"}})
    keys = await service.subscribe(ben)
    sent = await ada.say(group, "hello")
    assert (await why(ben, sent))["reason"] == "not_mentioned"
    await ben.delete(f"/notifications/subscriptions/{keys.id}")
    await edit(running, ada, sent, "hello @Ben Example")
    path = f"/conversations/{group}/messages/{sent['seq']}/notification"
    said = (await ben.get(path))["notification"]
    assert said == {"notified": False, "reason": "no_device", "at": None}


async def test_whom_the_next_edit_does_not_mention_any_more_is_not_told(
    cast: Cast, service: PushService, running: Running
) -> None:
    ada, ben, oscar = cast
    group = await group_of(ada, ben, oscar)
    await ben.patch("/me", {"settings": {"notify": "mentions"}})
    keys = await service.subscribe(ben)
    sent = await ada.say(group, "hello")
    await why(ben, sent)
    left = {"conversation": group, "seq": sent["seq"], "had_read": {ben.id: False}}
    await running.application.notifications.notify_mentioned(left)
    assert service.to(keys) == []
    assert (await why(ben, sent))["reason"] == "not_mentioned"
    await Rest(ada).delete(group, sent["seq"])
    await running.application.notifications.notify_mentioned(left)
    assert service.to(keys) == []


async def test_an_edit_of_a_direct_message_tells_no_one_again(
    cast: Cast, service: PushService, running: Running
) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    keys = await service.subscribe(ben)
    sent = await ada.say(conversation, "hello")
    assert (await why(ben, sent))["reason"] == "direct"
    await edit(running, ada, sent, "hello @Ben Example")
    assert len(service.to(keys)) == 1


async def test_a_busy_push_service_is_asked_again_for_who_had_read_the_earlier_words(
    cast: Cast, service: PushService, running: Running
) -> None:
    ada, ben, oscar = cast
    group = await group_of(ada, ben, oscar)
    keys = await service.subscribe(ben)
    sent = await ada.say(group, "hello")
    await why(ben, sent)
    await ben.put(f"/conversations/{group}/read", {"seq": sent["seq"]})
    service.statuses = {keys.path: [503]}
    await Rest(ada).edit(group, sent["seq"], "hello @Ben Example")
    await service.next_to(keys, 2)
    await until_left(running)
    await running.application.database.write(make_due)
    running.application.push_jobs.wake()
    again = await service.next_to(keys, 3)
    assert keys.read(again[2])["body"] == "Ada Example: hello @Ben Example"
    await all_told(running)
    assert (await why(ben, sent))["reason"] == "mention"


async def until_left(running: Running) -> None:
    """Return when the job of another try is there."""
    async with asyncio.timeout(TIMEOUT):
        while not await running.application.database.read(retries):
            await asyncio.sleep(0.05)


def retries(snapshot: Snapshot) -> list[int]:
    return list(snapshot.execute(select(jobs.c.id).where(jobs.c.kind == RETRY)).scalars())


def make_due(transaction: Transaction) -> None:
    transaction.execute(update(jobs).where(jobs.c.kind == RETRY).values(run_at=0))


async def test_what_a_bot_changes_rings_for_no_one(
    cast: Cast, service: PushService, running: Running
) -> None:
    """A card changes with each press of its buttons, and may name whoever pressed."""
    ada, ben, oscar = cast
    group = await group_of(ada, ben, oscar)
    await ben.patch("/me", {"settings": {"notify": "mentions"}})
    to_ben = await service.subscribe(ben)
    async with bot_of(ada) as bot:
        await ada.post(f"/conversations/{group}/members", {"user": bot.id})
        said = await bot.say(group, "Who is on duty?", actions=[[{"id": "me", "label": "I am"}]])
        assert (await why(ben, said))["reason"] == "not_mentioned"
        path = f"/conversations/{group}/messages/{said['seq']}"
        changed = await bot.http.patch(path, json={"body": "@Ben Example is on duty"})
        assert changed.json()["message"]["mentions"][0]["user"] == ben.id
        await all_told(running)
        assert service.to(to_ben) == []
        await bot.say(group, "@Ben Example, you are on duty")
        async with asyncio.timeout(TIMEOUT):
            while not service.to(to_ben):
                await asyncio.sleep(0.05)
