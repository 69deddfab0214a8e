"""Events are posted to endpoints: signed, in their order, again until they are taken, and only once noted."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from echosphere.core.clock import DAY, HOUR, MINUTE, SECOND
from echosphere.endpoints.schedule import (
    GIVE_UP,
    GRACE,
    HOLDS,
    LATE,
    WAITS,
    failing_since_after,
)
from tests.bots.programs import Bot
from tests.endpoints.conftest import Passed, jobs_run
from tests.endpoints.receiver import Answer, Receiver, endpoint_of
from tests.product.conftest import Running
from tests.product.exported import prove
from tests.product.groups import Group
from tests.product.once import on_one_database
from tests.product.people import PASSWORD
from tests.waiting import until

Change = Callable[[Group, Bot], Awaitable[None]]


async def test_an_event_is_posted_with_a_signature_that_others_verify(
    group: Group, bot: Bot, receiver: Receiver
) -> None:
    endpoint = await endpoint_of(bot, receiver.address)
    said = await group.owner.say(group.id, "Hello, *Echo*")
    (came,) = await receiver.gets(1)
    event = came.verified_by(endpoint.secret)
    assert event["type"] == "message.posted"
    assert event["conversation"] == group.id
    assert event["data"]["message"]["seq"] == said["seq"]
    assert event["data"]["message"]["body"] == "Hello, *Echo*"
    assert event["id"] == came.id
    assert came.headers["content-type"] == "application/json"
    with pytest.raises(WebhookVerificationError):
        Webhook("whsec_" + "A" * 44).verify(came.body, came.headers)
    delivery = await endpoint.delivery(state="delivered")
    assert (delivery["event"], delivery["attempts"], delivery["status"]) == (came.id, 1, 204)
    assert delivery["duration"] >= 0
    assert (delivery["error"], delivery["answer"], delivery["next_at"]) == ("", "", None)
    assert (await endpoint.shown())["state"] == "working"


@on_one_database
async def test_the_same_event_has_the_same_id_by_poll_and_endpoint(
    group: Group, bot: Bot, receiver: Receiver
) -> None:
    await endpoint_of(bot, receiver.address)
    await bot.begins(group.id)
    await group.owner.say(group.id, "twice")
    heard = [one["id"] for one in await bot.hears_up_to(1)]
    assert heard[-1] == (await receiver.gets(2))[-1].id


async def test_events_come_in_their_order_and_none_is_missed(
    group: Group, bot: Bot, receiver: Receiver
) -> None:
    await endpoint_of(bot, receiver.address)
    for number in range(12):
        await group.owner.say(group.id, f"number {number}")
    await asyncio.gather(*(group.admin.say(group.id, f"at once {one}") for one in range(8)))
    came = await receiver.gets(20)
    assert [one.text for one in came[:12]] == [f"number {number}" for number in range(12)]
    assert {one.text for one in came[12:]} == {f"at once {one}" for one in range(8)}
    assert len({one.id for one in came}) == 20


async def test_only_wanted_types_and_conversations_are_posted(
    group: Group, bot: Bot, receiver: Receiver
) -> None:
    wish = {"kind": "group", "title": "Other", "members": [group.member.id]}
    other = (await group.owner.post("/conversations", wish))["conversation"]["id"]
    await group.owner.post(f"/conversations/{other}/members", {"user": bot.id})
    await endpoint_of(bot, receiver.address, types=["message.deleted"], conversations=[group.id])
    elsewhere = await group.owner.say(other, "@Echo elsewhere")
    await group.owner.delete(f"/conversations/{other}/messages/{elsewhere['seq']}", 200)
    here = await group.owner.say(group.id, "here")
    await group.owner.delete(group.path(f"/messages/{here['seq']}"), 200)
    (came,) = await receiver.gets(1)
    assert came.event["type"] == "message.deleted"
    assert came.event["data"] == {"seq": here["seq"], "user": group.owner.id}


async def test_a_failed_event_comes_again_with_the_same_id_and_holds_up_those_behind_it(
    group: Group, bot: Bot, receiver: Receiver, passed: Passed
) -> None:
    endpoint = await endpoint_of(bot, receiver.address)
    receiver.answers = [Answer(500, b"Out of <order>"), Answer(503)]
    await group.owner.say(group.id, "first")
    delivery = await endpoint.delivery(state="waiting")
    assert (delivery["status"], delivery["error"]) == (500, "refused")
    assert delivery["answer"] == "Out of <order>"
    wait = delivery["next_at"] - delivery["tried_at"]
    assert WAITS[0] <= wait <= WAITS[0] * 1.1
    assert (await endpoint.until(state="failing"))["failing_since"] == delivery["tried_at"]
    await group.owner.say(group.id, "second")
    await passed.by(6 * SECOND)
    await endpoint.delivery(attempts=2)
    await passed.by(40 * SECOND)
    came = await receiver.gets(4)
    assert [one.text for one in came] == ["first", "first", "first", "second"]
    assert len({one.id for one in came[:3]}) == 1
    assert (await endpoint.delivery(1, state="delivered"))["attempts"] == 3
    assert (await endpoint.until(state="working"))["failing_since"] is None


@on_one_database
async def test_an_event_that_fails_by_itself_is_overtaken_and_comes_later(
    group: Group, bot: Bot, receiver: Receiver, passed: Passed
) -> None:
    endpoint = await endpoint_of(bot, receiver.address)
    receiver.answers = [Answer(500)] * HOLDS
    await group.owner.say(group.id, "poison")
    await group.owner.say(group.id, "behind")
    for attempt in range(1, HOLDS):
        await endpoint.delivery(attempts=attempt)
        await passed.by(int(WAITS[attempt - 1] * 1.1) + SECOND)
    came = await receiver.gets(HOLDS + 1)
    assert [one.text for one in came] == [*["poison"] * HOLDS, "behind"]
    assert (await endpoint.delivery(1))["state"] == "waiting"
    await endpoint.until(state="working")
    await passed.by(12 * MINUTE)
    assert (await receiver.gets(HOLDS + 2))[-1].id == came[0].id


@on_one_database
async def test_what_waits_comes_at_once_when_an_endpoint_works_again(
    group: Group, bot: Bot, receiver: Receiver, passed: Passed
) -> None:
    endpoint = await endpoint_of(bot, receiver.address)
    receiver.default = Answer(500)
    await group.owner.say(group.id, "while it is down")
    for attempt in range(1, HOLDS + 2):
        await endpoint.delivery(attempts=attempt)
        await passed.by(int(WAITS[attempt - 1] * 1.1) + SECOND)
    last = await endpoint.delivery(attempts=HOLDS + 2)
    assert last["next_at"] - last["tried_at"] >= HOUR
    receiver.default = Answer()
    await group.owner.say(group.id, "it is up")
    came = await receiver.gets(HOLDS + 4)
    assert [one.text for one in came[-2:]] == ["it is up", "while it is down"]
    assert {one["state"] for one in await endpoint.deliveries()} <= {"delivered", "waiting"}
    await endpoint.delivery(1, state="delivered")


@on_one_database
async def test_retry_after_is_respected(
    group: Group, bot: Bot, receiver: Receiver, passed: Passed
) -> None:
    endpoint = await endpoint_of(bot, receiver.address)
    receiver.answers = [Answer(429, headers="Retry-After: 3000\r\n")]
    await group.owner.say(group.id, "slowly")
    delivery = await endpoint.delivery(state="waiting")
    assert delivery["next_at"] - delivery["tried_at"] >= 3000 * SECOND
    shown = await endpoint.until(state="failing")
    assert shown["paused_until"] is not None
    await group.owner.say(group.id, "meanwhile")
    await passed.by(HOUR)
    assert [one.text for one in await receiver.gets(3)] == ["slowly", "slowly", "meanwhile"]


@on_one_database
async def test_what_a_person_asks_for_goes_at_once_though_the_endpoint_wants_a_pause(
    group: Group, bot: Bot, receiver: Receiver, passed: Passed
) -> None:
    endpoint = await endpoint_of(bot, receiver.address, types=["message.posted"])
    receiver.answers = [Answer(), Answer(429, headers="Retry-After: 3000\r\n")]
    await group.owner.say(group.id, "taken")
    taken = await endpoint.delivery(state="delivered")
    await group.owner.say(group.id, "too much")
    paused_until = (await endpoint.until(state="failing"))["paused_until"]
    await group.owner.say(group.id, "new")
    again = f"{endpoint.path}/deliveries/{taken['id']}/redeliver"
    await bot.owner.post(again, {}, 200)
    await endpoint.delivery(1, state="delivered", attempts=2)
    made = await endpoint.tests()
    tested = await endpoint.delivery(state="delivered")
    assert tested["id"] == made["id"]
    assert (await endpoint.shown())["paused_until"] == paused_until
    receiver.answers = [Answer(500)]
    await bot.owner.post(again, {}, 200)
    failed = await endpoint.delivery(2, state="waiting", attempts=3)
    assert failed["next_at"] >= paused_until
    await passed.by(2 * MINUTE)
    came = await receiver.gets(5)
    assert [one.event["type"] for one in came].count("test") == 1
    texts = [one.text for one in came if one.event["type"] != "test"]
    assert texts == ["taken", "too much", "taken", "taken"]
    await passed.by(HOUR)
    assert "new" in [one.text for one in await receiver.gets(8) if one.event["type"] != "test"]


@on_one_database
async def test_a_pause_holds_for_all_that_waits_also_when_a_test_gets_through(
    group: Group, bot: Bot, receiver: Receiver, passed: Passed
) -> None:
    endpoint = await endpoint_of(bot, receiver.address, types=["message.posted"])
    receiver.answers = [Answer(500)] * HOLDS
    receiver.answers += [Answer(429, headers="Retry-After: 30000\r\n")]
    await group.owner.say(group.id, "poison")
    await group.owner.say(group.id, "behind")
    for attempt in range(1, HOLDS):
        await endpoint.delivery(attempts=attempt)
        await passed.by(int(WAITS[attempt - 1] * 1.1) + SECOND)
    behind = await endpoint.delivery(0, status=429)
    poison = await endpoint.delivery(1, attempts=HOLDS)
    paused_until = (await endpoint.shown())["paused_until"]
    assert min(behind["next_at"], poison["next_at"]) >= paused_until
    await passed.by(HOUR)
    await endpoint.tests()
    await endpoint.delivery(state="delivered")
    assert len(await receiver.gets(HOLDS + 2)) == HOLDS + 2
    assert all(
        one["next_at"] is None or one["next_at"] >= paused_until
        for one in await endpoint.deliveries()
    )


@on_one_database
@pytest.mark.parametrize(
    "asked",
    [
        "soon",
        "-1",
        "Mon, 01 Jan 99999999999999999999 00:00:00 GMT",
        "Mon, 01 Jan 2030 00:00:00 +99999999999999",
    ],
)
async def test_a_retry_after_that_is_no_time_is_as_none(
    group: Group, bot: Bot, receiver: Receiver, asked: str
) -> None:
    endpoint = await endpoint_of(bot, receiver.address)
    receiver.answers = [Answer(503, headers=f"Retry-After: {asked}\r\n")]
    await group.owner.say(group.id, "hello")
    delivery = await endpoint.delivery(state="waiting", attempts=1)
    assert delivery["next_at"] - delivery["tried_at"] <= WAITS[0] * 1.1
    assert (await endpoint.shown())["paused_until"] is None


@on_one_database
async def test_one_that_hangs_is_given_ten_seconds(
    group: Group, bot: Bot, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("echosphere.endpoints.targets.TIMEOUT", 0.3)
    endpoint = await endpoint_of(bot, receiver.address)
    hangs = asyncio.Event()
    receiver.answers = [Answer(before=hangs.wait)]
    await group.owner.say(group.id, "is anybody there?")
    delivery = await endpoint.delivery(state="waiting")
    assert (delivery["status"], delivery["error"]) == (None, "timed_out")
    hangs.set()


@pytest.fixture
def one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only one of an owner's endpoints is sent something at a time."""
    monkeypatch.setattr("echosphere.endpoints.deliver.MAX_PER_OWNER", 1)


@on_one_database
@pytest.mark.usefixtures("one_at_a_time")
async def test_what_is_deleted_while_an_event_waits_its_turn_is_not_sent(
    group: Group, bot: Bot, receiver: Receiver, running: Running
) -> None:
    hangs = asyncio.Event()
    async with Receiver() as other:
        for one in (receiver, other):
            await endpoint_of(bot, one.address)
            one.default = Answer(before=hangs.wait)
        said = await group.owner.say(group.id, "a secret")
        await until(lambda: receiver.received or other.received)
        await jobs_run(running.application.database, 2)
        await group.owner.delete(group.path(f"/messages/{said['seq']}"), 200)
        hangs.set()
        told = [
            str(one.event) for to in (receiver, other) for one in await to.gets_until("deleted")
        ]
    assert sum("a secret" in one for one in told) == 1


@on_one_database
async def test_redirects_are_not_followed(group: Group, bot: Bot, receiver: Receiver) -> None:
    endpoint = await endpoint_of(bot, receiver.address)
    receiver.answers = [Answer(302, headers=f"Location: {receiver.address}/elsewhere\r\n")]
    await group.owner.say(group.id, "this way")
    delivery = await endpoint.delivery(state="waiting")
    assert (delivery["status"], delivery["error"]) == (302, "redirect")
    assert {one.path for one in receiver.received} == {"/events"}


async def test_gone_disables_at_once_and_the_owner_is_told(
    group: Group, bot: Bot, receiver: Receiver
) -> None:
    endpoint = await endpoint_of(bot, receiver.address)
    receiver.answers = [Answer(410)]
    await group.owner.say(group.id, "are you there?")
    await endpoint.until(state="disabled", disabled="gone")
    assert (await endpoint.delivery())["state"] == "failed"
    shown = (await bot.owner.get("/announcements"))["announcements"]
    assert "'Echo'" in shown[0]["text"]
    assert receiver.address in shown[0]["text"]
    await group.owner.say(group.id, "still there?")
    await bot.owner.post(f"{endpoint.path}/test", {}, 409)
    await bot.owner.patch(endpoint.path, {"disabled": False})
    await group.owner.say(group.id, "welcome back")
    # PostgreSQL begins before all transactions that are running, so one more may come.
    await receiver.gets_until("welcome back")
    assert "are you there?" not in [one.text for one in receiver.received[1:]]


@on_one_database
async def test_a_day_of_failure_disables_and_the_owner_is_told(
    group: Group, bot: Bot, receiver: Receiver, passed: Passed
) -> None:
    endpoint = await endpoint_of(bot, receiver.address)
    receiver.default = Answer(500)
    await group.owner.say(group.id, "hello?")
    for attempt in range(1, len(WAITS) + 1):
        delivery = await endpoint.delivery(attempts=attempt)
        await passed.by(delivery["next_at"] - delivery["tried_at"])
    await endpoint.until(state="disabled", disabled="failing")
    last = await endpoint.delivery(attempts=len(WAITS) + 1)
    assert (last["state"], last["next_at"]) == ("failed", None)
    assert sum(WAITS) >= DAY
    shown = (await bot.owner.get("/announcements"))["announcements"]
    assert "for a day" in shown[0]["text"]


async def suspended(group: Group, bot: Bot) -> None:
    path = f"/administration/people/{bot.owner.id}/suspension"
    await group.owner.put(path, {"until": None, "reason": "a test"})


async def back_again(group: Group, bot: Bot) -> None:
    await prove(group.owner, PASSWORD)
    await group.owner.delete(f"/administration/people/{bot.owner.id}/suspension")
    proof = {"email": bot.owner.email, "password": PASSWORD, "bearer": True}
    token = (await bot.owner.http.post("/sessions", json=proof)).json()["token"]
    bot.owner.http.headers["Authorization"] = f"Bearer {token}"


async def switched_off(_group: Group, bot: Bot) -> None:
    await bot.owner.patch(f"/bots/{bot.id}", {"disabled": True})


async def switched_on(_group: Group, bot: Bot) -> None:
    await bot.owner.patch(f"/bots/{bot.id}", {"disabled": False})


async def nothing(_group: Group, _bot: Bot) -> None:
    """The server stands still for a while by itself."""


@on_one_database
@pytest.mark.parametrize(
    ("begins", "ends"),
    [(nothing, nothing), (suspended, back_again), (switched_off, switched_on)],
    ids=["the server is off", "the owner is suspended", "the bot is disabled"],
)
async def test_days_in_which_nothing_could_be_tried_are_no_days_of_failure(
    group: Group, bot: Bot, receiver: Receiver, passed: Passed, begins: Change, ends: Change
) -> None:
    endpoint = await endpoint_of(bot, receiver.address, types=["message.posted"])
    receiver.default = Answer(502)
    await group.owner.say(group.id, "fails")
    await endpoint.delivery(state="waiting", attempts=1)
    await group.owner.say(group.id, "was not tried yet")
    await begins(group, bot)
    await passed.by(3 * DAY)
    await ends(group, bot)
    for attempts in range(2, HOLDS):
        await endpoint.delivery(attempts=attempts, state="waiting")
        await passed.by(int(WAITS[attempts - 1] * 1.1) + SECOND)
    # A job that was due so long ago counts as dead, so one attempt may be made twice.
    came = await receiver.gets_until("was not tried yet")
    assert {one.text for one in came[:-1]} == {"fails"}
    shown = await endpoint.until(state="failing")
    assert shown["disabled"] is None
    receiver.default = Answer()
    await passed.by(12 * MINUTE)
    await endpoint.delivery(0, state="delivered")
    await endpoint.delivery(1, state="delivered")


@pytest.mark.parametrize(
    ("since", "kept_from", "counts_from"),
    [
        (0, 0, 0),
        (0, LATE - 1, 0),
        (90 * HOUR, 9 * HOUR, 99 * HOUR),
        (70 * HOUR, 9 * HOUR, 79 * HOUR),
        (30 * HOUR, 9 * HOUR, 100 * HOUR - GIVE_UP + GRACE),
        (99 * HOUR, 99 * HOUR, 100 * HOUR),
    ],
)
def test_the_time_in_which_nothing_could_be_tried_is_left_out(
    since: int, kept_from: int, counts_from: int
) -> None:
    assert failing_since_after(since, kept_from, 100 * HOUR) == counts_from


@on_one_database
async def test_days_without_events_are_no_days_of_failure(
    group: Group, bot: Bot, receiver: Receiver, passed: Passed
) -> None:
    endpoint = await endpoint_of(bot, receiver.address, types=["message.posted"])
    receiver.answers = [Answer(502)]
    said = await group.owner.say(group.id, "deleted before it is tried again")
    await endpoint.delivery(state="waiting", attempts=1)
    await endpoint.until(state="failing")
    await group.owner.delete(group.path(f"/messages/{said['seq']}"), 200)
    await passed.by(6 * SECOND)
    await endpoint.delivery(state="failed", error="event_gone")
    assert (await endpoint.shown())["failing_since"] is None
    await passed.by(2 * DAY)
    receiver.answers = [Answer(502)]
    await group.owner.say(group.id, "two days later")
    await endpoint.delivery(state="waiting", attempts=1)
    await endpoint.until(state="failing")
    await passed.by(6 * SECOND)
    await endpoint.delivery(state="delivered", attempts=2)


@on_one_database
async def test_what_is_sent_again_and_fails_for_good_is_no_beginning_of_a_day_of_failure(
    group: Group, bot: Bot, receiver: Receiver
) -> None:
    endpoint = await endpoint_of(bot, receiver.address)
    await group.owner.say(group.id, "sent so often that it is not tried again by itself")
    delivery = await endpoint.delivery(state="delivered")
    for attempts in range(2, len(WAITS) + 2):
        receiver.default = Answer(500) if attempts > len(WAITS) else Answer()
        await bot.owner.post(f"{endpoint.path}/deliveries/{delivery['id']}/redeliver", {}, 200)
        last = await endpoint.delivery(attempts=attempts)
    assert (last["state"], last["status"]) == ("failed", 500)
    shown = await endpoint.shown()
    assert (shown["state"], shown["failing_since"]) == ("working", None)


@on_one_database
async def test_addresses_that_are_not_public_are_never_asked(
    group: Group, bot: Bot, receiver: Receiver
) -> None:
    # The name leads to this machine by IPv6 or IPv4; only 127.0.0.1 is allowed, and `localhost` may be both.
    port = receiver.address.split(":")[2].split("/")[0]
    refused = "http://[::1]", "http://10.0.0.1", "https://192.168.0.1", "http://169.254.169.254"
    for url in refused:
        body = {"url": f"{url}:{port}/", "types": ["message.posted"]}
        await bot.owner.post(f"/bots/{bot.id}/endpoints", body, 400)
    endpoint = await endpoint_of(bot, "http://0x7f000002:8/")
    await group.owner.say(group.id, "by another name")
    delivery = await endpoint.delivery(state="waiting")
    assert delivery["error"] == "forbidden_address"
