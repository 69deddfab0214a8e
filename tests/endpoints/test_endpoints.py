"""Endpoints are their bots' owners' alone: making, changing, testing and deleting them, and their secrets."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from echosphere.administration import examine
from echosphere.core.clock import DAY, HOUR, MINUTE
from echosphere.database import Snapshot, Transaction
from echosphere.endpoints.endpoint import MAX_ENDPOINTS
from echosphere.endpoints.ends import KeepSecrets
from echosphere.endpoints.store import (
    DeleteOldDeliveries,
    deliveries,
    endpoints,
    lock_endpoints_of,
    update_endpoint,
)
from echosphere.endpoints.store.deliveries import KEPT
from echosphere.web import CLIENT_MANIFEST
from tests.bots.programs import Bot, bot_of, let_in
from tests.cluster.processes import at_base
from tests.endpoints.conftest import Passed
from tests.endpoints.receiver import ALL_TYPES, Answer, Receiver, endpoint_of
from tests.endpoints.test_processes import ALLOWED, bot_with_receiver
from tests.product.conftest import Running, settings_for
from tests.product.exported import prove
from tests.product.groups import Group
from tests.product.once import on_one_database
from tests.product.people import PASSWORD, Person, new_key

URL = "https://bots.example.org/events"


def wish(**more: Any) -> dict[str, Any]:
    """Return what makes an endpoint."""
    return {"url": URL, "types": ["message.posted"], **more}


async def rows(running: Running, table: Any) -> list[Any]:
    """Return all rows of a table."""

    def read(snapshot: Snapshot) -> list[Any]:
        return list(snapshot.execute(select(table)).all())

    return await running.application.database.read(read)


async def test_an_endpoint_is_made_and_its_secret_told_once(
    running: Running, group: Group, bot: Bot
) -> None:
    here = f"/bots/{bot.id}/endpoints"
    body = wish(conversations=[group.id], key=new_key())
    made = await bot.owner.post(here, body)
    endpoint, secret = made["endpoint"], made["secret"]
    assert re.fullmatch(r"whsec_[A-Za-z0-9+/]{43}=", secret)
    assert (endpoint["url"], endpoint["types"]) == (URL, ["message.posted"])
    assert (endpoint["conversations"], endpoint["state"]) == ([group.id], "working")
    assert await bot.owner.post(here, body, 200) == made
    assert (await bot.owner.get(here))["endpoints"] == [endpoint]
    assert secret[6:] not in str(await rows(running, endpoints))
    events = (await bot.owner.get("/me/security-events"))["events"]
    assert events[0]["kind"] == "endpoint_created"


async def test_another_secret_signs_beside_the_old_one_for_a_day(
    group: Group, bot: Bot, receiver: Receiver, passed: Passed
) -> None:
    endpoint = await endpoint_of(bot, receiver.address)
    key = new_key()
    made = await bot.owner.post(f"{endpoint.path}/rotate", {"key": key})
    assert made["secret"] != endpoint.secret
    assert made["endpoint"]["previous_until"] is not None
    again = await bot.owner.post(f"{endpoint.path}/rotate", {"key": key}, 200)
    assert again["secret"] == made["secret"]
    await group.owner.say(group.id, "signed twice")
    (came,) = await receiver.gets(1)
    for secret in (endpoint.secret, made["secret"]):
        assert came.verified_by(secret)["id"] == came.id
    assert len(came.headers["webhook-signature"].split(" ")) == 2
    await passed.by(DAY + MINUTE)
    await group.owner.say(group.id, "signed once")
    came = (await receiver.gets(2))[1]
    assert len(came.headers["webhook-signature"].split(" ")) == 1
    assert (await endpoint.shown())["previous_until"] is None


async def test_another_address_is_told_to_the_owner_and_gets_at_once_what_waits(
    group: Group, bot: Bot, receiver: Receiver
) -> None:
    endpoint = await endpoint_of(bot, receiver.address)
    receiver.answers = [Answer(503, headers="Retry-After: 3000\r\n")]
    await group.owner.say(group.id, "hello")
    await endpoint.delivery(state="waiting")
    assert (await endpoint.until(state="failing"))["paused_until"] is not None
    await bot.owner.patch(endpoint.path, {"types": ALL_TYPES, "url": receiver.address})
    assert (await endpoint.shown())["paused_until"] is not None
    assert await kinds_of_notices(bot.owner) == ["endpoint_created"]
    async with Receiver() as other:
        await bot.owner.patch(endpoint.path, {"url": other.address})
        (came,) = await other.gets(1)
        assert came.verified_by(endpoint.secret)["data"]["message"]["body"] == "hello"
        await endpoint.delivery(state="delivered", attempts=2)
    shown = await endpoint.shown()
    assert (shown["state"], shown["paused_until"]) == ("working", None)
    assert await kinds_of_notices(bot.owner) == ["endpoint_changed", "endpoint_created"]
    assert len(receiver.received) == 1


@on_one_database
@pytest.mark.parametrize("status", [410, 503, 204])
async def test_what_the_address_before_answers_says_nothing_about_the_new_one(
    group: Group, bot: Bot, receiver: Receiver, status: int
) -> None:
    endpoint = await endpoint_of(bot, receiver.address)
    async with Receiver() as other:

        async def move() -> None:
            await bot.owner.patch(endpoint.path, {"url": other.address})

        receiver.answers = [Answer(status, before=move)]
        await group.owner.say(group.id, "hello")
        (came,) = await other.gets(1)
        assert came.text == "hello"
        await endpoint.delivery(state="delivered", attempts=1)
        await group.owner.say(group.id, "again")
        assert [one.text for one in await other.gets(2)] == ["hello", "again"]
    assert (await endpoint.shown())["state"] == "working"
    assert len(receiver.received) == 1


async def kinds_of_notices(person: Person) -> list[str]:
    """Return what a person was told of the endpoints of their bots, the newest first."""
    kinds = [one["kind"] for one in (await person.get("/me/security-events"))["events"]]
    return [one for one in kinds if one.startswith("endpoint_")]


@on_one_database
async def test_a_secret_before_is_forgotten_once_it_signs_no_more(
    running: Running, bot: Bot, receiver: Receiver, passed: Passed
) -> None:
    endpoint = await endpoint_of(bot, receiver.address)
    await bot.owner.post(f"{endpoint.path}/rotate", {})
    assert (await rows(running, endpoints))[0].previous_secret is not None
    await passed.by(DAY + HOUR)
    while (await rows(running, endpoints))[0].previous_secret is not None:
        await passed.by(MINUTE)


async def test_a_test_is_sent_and_not_again(group: Group, bot: Bot, receiver: Receiver) -> None:
    endpoint = await endpoint_of(bot, receiver.address)
    key = {"key": new_key()}
    made = await bot.owner.post(f"{endpoint.path}/test", key)
    assert made["delivery"]["type"] == "test"
    (came,) = await receiver.gets(1)
    event = came.verified_by(endpoint.secret)
    assert (event["type"], event["data"]) == ("test", {})
    await endpoint.delivery(state="delivered")
    same = await bot.owner.post(f"{endpoint.path}/test", key, 200)
    assert same["delivery"]["id"] == made["delivery"]["id"]
    receiver.answers = [Answer(500, b"no")]
    await endpoint.tests()
    failed = await endpoint.delivery(state="failed")
    assert (failed["attempts"], failed["next_at"], failed["answer"]) == (1, None, "no")
    assert (await endpoint.shown())["state"] == "working"
    assert len(receiver.received) == 2


async def test_what_was_delivered_is_sent_again_with_what_it_says_now(
    group: Group, bot: Bot, receiver: Receiver
) -> None:
    endpoint = await endpoint_of(bot, receiver.address, types=["message.posted"])
    said = await group.owner.say(group.id, "a tpyo")
    delivery = await endpoint.delivery(state="delivered")
    path = group.path(f"/messages/{said['seq']}")
    await group.owner.patch(path, {"body": "a typo"})
    again = f"{endpoint.path}/deliveries/{delivery['id']}/redeliver"
    await bot.owner.post(again, {}, 200)
    first, second = await receiver.gets(2)
    assert (first.id, second.id) == (delivery["event"], delivery["event"])
    assert [first.text, second.text] == ["a tpyo", "a typo"]
    await endpoint.delivery(attempts=2, state="delivered")
    await group.owner.delete(path, 200)
    await bot.owner.post(again, {}, 200)
    gone = await endpoint.delivery(attempts=3, state="failed")
    assert (gone["error"], gone["status"]) == ("event_gone", None)
    assert len(receiver.received) == 2


@on_one_database
async def test_deliveries_are_shown_in_pages_without_what_was_said(
    running: Running, group: Group, bot: Bot, receiver: Receiver
) -> None:
    endpoint = await endpoint_of(bot, receiver.address)
    receiver.answers = [Answer(200, b"I heard: a secret word")]
    for number in range(25):
        await group.owner.say(group.id, f"a secret word {number}")
    await receiver.gets(25)
    first = await bot.owner.get(f"{endpoint.path}/deliveries")
    assert (len(first["deliveries"]), first["more"]) == (20, True)
    last = first["deliveries"][-1]["id"]
    rest = await bot.owner.get(f"{endpoint.path}/deliveries", before=last)
    assert rest["more"] is False
    assert 4 <= len(rest["deliveries"]) <= 5  # the last one may not be noted yet
    both = [one["created_at"] for one in first["deliveries"] + rest["deliveries"]]
    assert both == sorted(both, reverse=True)
    assert "secret word" not in str(await rows(running, deliveries))
    await bot.owner.get(f"{endpoint.path}/deliveries", 404, before="nothing")


@on_one_database
async def test_old_deliveries_and_those_of_deleted_endpoints_are_deleted(
    running: Running, group: Group, bot: Bot, receiver: Receiver, passed: Passed
) -> None:
    kept, deleted = [await endpoint_of(bot, receiver.address) for _ in range(2)]
    for one in (kept, deleted):
        await one.tests()
        await one.delivery(state="delivered")
    database = running.application.database
    assert await database.write(DeleteOldDeliveries()) is False
    assert len(await rows(running, deliveries)) == 2
    await bot.owner.delete(deleted.path)
    await database.write(DeleteOldDeliveries())
    assert [one.endpoint_id for one in await rows(running, deliveries)] == [kept.id]
    await passed.by(KEPT + HOUR)
    await database.write(DeleteOldDeliveries())
    assert await rows(running, deliveries) == []


@on_one_database
async def test_what_is_not_an_endpoint_is_refused(group: Group, bot: Bot) -> None:
    here = f"/bots/{bot.id}/endpoints"
    cases: list[tuple[dict[str, Any], str]] = [
        ({"url": "bots.example.org"}, "https://"),
        ({"url": "ftp://bots.example.org/"}, "https://"),
        ({"url": "https://user:word@bots.example.org/"}, "password"),
        ({"url": "https://10.1.2.3/"}, "ECHOSPHERE_ENDPOINT_NETWORKS"),
        ({"url": "http://8.8.8.8/"}, "https://"),
        ({"url": "https://bots.example.org/" + "a" * 2_000}, "2000"),
        ({"types": []}, "at least one"),
        ({"types": ["message.read"]}, "does not exist"),
        ({"conversations": [group.id, "elsewhere"]}, "not a member"),
        ({"conversations": ["c"] * 101}, "100"),
    ]
    for wrong, about in cases:
        refused = await bot.owner.post(here, wish(**wrong), 400)
        assert about in refused["detail"], wrong
        assert list(refused["fields"]) == [next(iter(wrong))]
    for _ in range(MAX_ENDPOINTS):
        made = await bot.owner.post(here, wish())
    refused = await bot.owner.post(here, wish(), 409)
    assert "5 endpoints" in refused["detail"]
    path = f"{here}/{made['endpoint']['id']}"
    await bot.owner.patch(path, {"url": "https://10.1.2.3/"}, 400)
    await bot.owner.patch(path, {"types": ["nothing"]}, 400)
    await bot.owner.patch(path, {"conversations": ["elsewhere"]}, 400)
    await bot.owner.delete(path)
    await bot.owner.post(here, wish())


async def test_nobody_but_the_owner_learns_of_an_endpoint(
    group: Group, bot: Bot, receiver: Receiver
) -> None:
    endpoint = await endpoint_of(bot, receiver.address)
    delivery = (await endpoint.tests())["id"]
    for person in (group.owner, group.outsider):
        await refused_at_all(person, endpoint.path, delivery, 404)
    answers = [
        await bot.http.get(f"/bots/{bot.id}/endpoints"),
        await bot.http.post(f"/bots/{bot.id}/endpoints", json=wish()),
        await bot.http.patch(endpoint.path, json={"url": URL}),
    ]
    assert {one.status_code for one in answers} == {403}
    own = (await group.outsider.post("/bots", {"name": "Own"}))["bot"]["id"]
    mixed = f"/bots/{own}/endpoints/{endpoint.id}"
    await refused_at_all(group.outsider, mixed, delivery, 404)
    assert (await endpoint.shown())["url"] == receiver.address


@on_one_database
async def test_nobody_learns_by_an_endpoint_in_which_conversations_a_bot_is(
    group: Group, bot: Bot, receiver: Receiver
) -> None:
    endpoint = await endpoint_of(bot, receiver.address)
    for conversation in (group.id, "elsewhere"):
        await group.outsider.patch(endpoint.path, {"conversations": [conversation]}, 404)


async def refused_at_all(person: Person, path: str, delivery: str, status: int) -> None:
    """Try everything that can be done with an endpoint."""
    await person.get(f"{path}/deliveries", status)
    await person.patch(path, {"url": URL}, status)
    await person.patch(path, {"disabled": True}, status)
    await person.patch(path, {"conversations": ["elsewhere"]}, status)
    await person.post(f"{path}/rotate", {}, status)
    await person.post(f"{path}/test", {}, status)
    await person.post(f"{path}/deliveries/{delivery}/redeliver", {}, status)
    await person.delete(path, status)


@on_one_database
async def test_setting_one_up_and_enabling_it_ask_for_a_fresh_proof(
    bot: Bot, receiver: Receiver, passed: Passed
) -> None:
    endpoint = await endpoint_of(bot, receiver.address)
    await passed.by(11 * MINUTE)
    refusals = [
        await bot.owner.post(f"/bots/{bot.id}/endpoints", wish(), 403),
        await bot.owner.post(f"{endpoint.path}/rotate", {}, 403),
        await bot.owner.patch(endpoint.path, {"url": URL}, 403),
        await bot.owner.patch(endpoint.path, {"types": ALL_TYPES}, 403),
    ]
    assert {one["code"] for one in refusals} == {"proof_needed"}
    await bot.owner.patch(endpoint.path, {"disabled": True})
    await bot.owner.patch(endpoint.path, {"disabled": False}, 403)
    await prove(bot.owner, PASSWORD)
    await bot.owner.patch(endpoint.path, {"disabled": False})


async def test_nothing_is_sent_for_bots_that_may_not_see_it(
    running: Running, group: Group, bot: Bot, receiver: Receiver
) -> None:
    endpoint = await endpoint_of(bot, receiver.address, types=["message.posted"])
    await bot.owner.patch(f"/bots/{bot.id}", {"disabled": True})
    await group.owner.say(group.id, "while the bot is disabled")
    await bot.owner.patch(f"/bots/{bot.id}", {"disabled": False})
    await bot.owner.patch(endpoint.path, {"disabled": True})
    await group.owner.say(group.id, "while the endpoint is disabled")
    assert (await endpoint.shown())["disabled"] == "owner"
    await bot.owner.patch(endpoint.path, {"disabled": False})
    await group.owner.put(group.path(f"/bots/{bot.id}"), {"sees": "addressed"}, 200)
    await group.owner.say(group.id, "not for bots")
    await group.owner.say(group.id, "@Echo seen")
    await receiver.gets_until("@Echo seen")
    assert "while the bot" not in str(receiver.received)
    assert "not for bots" not in str(receiver.received)
    await group.owner.delete(group.path(f"/members/{bot.id}"))
    await group.owner.say(group.id, "@Echo gone")
    await let_in(group, bot)
    await group.owner.say(group.id, "@Echo back")
    await receiver.gets_until("@Echo back")
    assert "@Echo gone" not in str(receiver.received)
    await bot.owner.delete(f"/bots/{bot.id}")
    assert await rows(running, endpoints) == []


@on_one_database
async def test_a_new_password_disables_endpoints_as_it_ends_keys(
    bot: Bot, receiver: Receiver
) -> None:
    endpoint = await endpoint_of(bot, receiver.address)
    changed = {"current": PASSWORD, "new": "otters-by-the-lake"}
    await bot.owner.put("/me/password", changed, 204)
    assert (await endpoint.shown())["disabled"] == "password"


async def test_the_endpoints_of_several_bots_are_locked_in_one_order(
    running: Running, group: Group, bot: Bot
) -> None:
    async with bot_of(group.member, "Other") as other:
        each = (bot, other, bot, other)
        made = [(await endpoint_of(one, URL)).id for one in each]

        def lock(transaction: Transaction) -> list[str]:
            found = lock_endpoints_of(transaction, [other.id, bot.id])
            return [endpoint.id for endpoint in found]

        assert await running.application.database.write(lock) == sorted(made)
        changed = {"current": PASSWORD, "new": "otters-by-the-lake"}
        await bot.owner.put("/me/password", changed, 204)
        assert {one.disabled_why for one in await rows(running, endpoints)} == {"password"}


async def numbers(running: Running) -> dict[str, float]:
    """Return what is measured of endpoints."""
    measurements = running.application.measurements
    await measurements.measure()
    found = measurements.numbers()
    return {name: value for name, value in found.items() if name.startswith("endpoints_")}


@on_one_database
async def test_failing_and_disabled_endpoints_are_counted(
    running: Running, group: Group, bot: Bot, receiver: Receiver, passed: Passed
) -> None:
    endpoint = await endpoint_of(bot, receiver.address)
    receiver.answers = [Answer(500, headers="Retry-After: 3600\r\n"), Answer(410)]
    nothing = {"endpoints_failing": 0, "endpoints_failing_seconds": 0, "endpoints_disabled": 0}
    assert await numbers(running) == nothing
    await group.owner.say(group.id, "hello")
    await endpoint.until(state="failing")
    await passed.by(59 * MINUTE)
    found = await numbers(running)
    assert (found["endpoints_failing"], found["endpoints_disabled"]) == (1, 0)
    assert 3540 <= found["endpoints_failing_seconds"] <= 3600
    await bot.owner.patch(f"/bots/{bot.id}", {"disabled": True})
    assert await numbers(running) == nothing
    await bot.owner.patch(f"/bots/{bot.id}", {"disabled": False})
    await endpoint.tests()
    await endpoint.until(state="disabled", disabled="gone")
    assert await numbers(running) == nothing | {"endpoints_disabled": 1}


async def doctor_says(running: Running) -> tuple[str, str]:
    """Return what `echosphere doctor` finds of endpoints."""
    settings = running.application.settings
    found = await asyncio.to_thread(examine, settings, CLIENT_MANIFEST, thorough=False)
    (said,) = [one for one in found if one.name == "endpoints"]
    return said.state, said.text


async def test_doctor_names_endpoints_that_take_no_events(
    running: Running, group: Group, bot: Bot, receiver: Receiver
) -> None:
    well = ("ok", "none has failed for a day or longer")
    assert await doctor_says(running) == well
    endpoint = await endpoint_of(bot, f"{receiver.address}?token=secret")
    receiver.default = Answer(500)
    await group.owner.say(group.id, "hello")
    await endpoint.until(state="failing")
    assert await doctor_says(running) == well

    def fails_for(transaction: Transaction, milliseconds: int) -> None:
        since = transaction.now - milliseconds
        update_endpoint(transaction, endpoint.id, failing_since=since)

    await running.application.database.write(fails_for, DAY + MINUTE)
    state, text = await doctor_says(running)
    host = receiver.address.split("/")[2]
    assert state == "warning"
    assert f"the endpoint of the bot 'Echo' ({bot.id}) at {host} has been failing since 20" in text
    assert "secret" not in text
    assert text.startswith("1 is not accepting events; its owner can see the reason in ")
    other = await endpoint_of(bot, f"{receiver.address}?token=secret")

    def both_fail(transaction: Transaction) -> None:
        for one in (endpoint, other):
            update_endpoint(transaction, one.id, failing_since=transaction.now - DAY - MINUTE)

    await running.application.database.write(both_fail)
    text = (await doctor_says(running))[1]
    assert text.startswith("2 are not accepting events; their owners can see the reason in ")
    await bot.owner.delete(other.path)
    await bot.owner.patch(endpoint.path, {"disabled": True})
    assert await doctor_says(running) == well
    await bot.owner.patch(endpoint.path, {"disabled": False})
    receiver.default = Answer(410)
    await endpoint.tests()
    await endpoint.until(state="disabled", disabled="gone")
    assert "is disabled: it answered that it no longer exists" in (await doctor_says(running))[1]
    await bot.owner.patch(f"/bots/{bot.id}", {"disabled": True})
    assert await doctor_says(running) == well


BEFORE = "kestrel-over-the-fjord-with-otters-below"
AFTER = "otters-below-the-fjord-with-a-kestrel-over"


@asynccontextmanager
async def started(data: Path, **keys: str) -> AsyncIterator[Running]:
    """Return a running server with these keys."""
    running = Running(settings_for(data, "", **ALLOWED, **keys))
    await running.start()
    try:
        yield running
    finally:
        await running.stop()


async def test_secrets_survive_a_change_of_the_servers_key_if_the_one_before_is_named(
    tmp_path: Path,
) -> None:
    async with AsyncExitStack() as stack:
        async with started(tmp_path, SECRET_KEY=BEFORE) as running:
            with_bot = bot_with_receiver(running.addresses[0])
            group, bot, receiver = await stack.enter_async_context(with_bot)
            endpoint = await endpoint_of(bot, receiver.address)
        async with started(tmp_path, SECRET_KEY=AFTER, SECRET_KEY_PREVIOUS=BEFORE) as running:
            await says(running, group.owner, group, "while it is changed")
            (came,) = await receiver.gets(1)
            assert came.verified_by(endpoint.secret)["id"] == came.id
            await running.application.database.write(KeepSecrets((endpoint.id,)))
        async with started(tmp_path, SECRET_KEY=AFTER) as running:
            await says(running, group.owner, group, "after the change")
            await receiver.gets_until("after the change")
            assert receiver.received[-1].verified_by(endpoint.secret)


async def test_an_endpoint_whose_secret_was_lost_with_the_servers_key_gets_another(
    tmp_path: Path,
) -> None:
    async with AsyncExitStack() as stack:
        async with started(tmp_path, SECRET_KEY=BEFORE) as running:
            with_bot = bot_with_receiver(running.addresses[0])
            group, bot, receiver = await stack.enter_async_context(with_bot)
            endpoint = await endpoint_of(bot, receiver.address)
        async with started(tmp_path, SECRET_KEY=AFTER) as running:
            owner = at_base(running.addresses[0], endpoint.owner)
            stack.push_async_callback(owner.http.aclose)
            endpoint.owner = owner
            await says(running, group.owner, group, "hello")
            await endpoint.until(state="disabled", disabled="secret")
            assert receiver.received == []
            made = await owner.post(f"{endpoint.path}/rotate", {})
            await owner.patch(endpoint.path, {"disabled": False})
            await says(running, group.owner, group, "again")
            await receiver.gets_until("again")
            assert receiver.received[-1].verified_by(made["secret"])


async def says(running: Running, person: Person, group: Group, text: str) -> None:
    """Say something in the group by a server that was started after the person signed in."""
    there = at_base(running.addresses[0], person)
    await there.say(group.id, text)
    await there.http.aclose()
