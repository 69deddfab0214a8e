"""Web Push from a message to the browser that decrypts it, against a push service of the test's own."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select, update

from echosphere.accounts.store import sessions
from echosphere.core.clock import DAY
from echosphere.database import Snapshot, Transaction
from echosphere.database.job_table import jobs
from echosphere.notifications.notify import RETRY
from echosphere.notifications.store import notices, push_subscriptions
from tests.product.conftest import Running, settings_for
from tests.product.once import on_one_database
from tests.product.people import PASSWORD, TIMEOUT, Person, people_on
from tests.product.push_service import BrowserKeys, PushService, signed_by, why

Cast = tuple[Person, Person, Person]
DECIDED = {"direct", "mention", "message"}


@pytest.fixture
def more_settings() -> dict[str, str]:
    """For a server that may reach the test's push service on this machine."""
    return {"ECHOSPHERE_ALLOW_PRIVATE_ADDRESSES": "on"}


def subscribed(snapshot: Snapshot) -> list[str]:
    return list(snapshot.execute(select(push_subscriptions.c.id)).scalars())


def minute_of_day(offset: int) -> int:
    now = datetime.now(UTC)
    return (now.hour * 60 + now.minute + offset) % (24 * 60)


async def test_a_message_reaches_the_closed_browser_which_alone_can_read_it(
    cast: Cast, service: PushService
) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    keys = await service.subscribe(ben)
    sent = await ada.say(conversation, "The kettle **is** on\nCome over")
    (pushed,) = await service.next_to(keys)
    assert keys.read(pushed) == {
        "conversation": conversation,
        "seq": sent["seq"],
        "title": "Ada Example",
        "body": "The kettle is on Come over",
        "icon": None,
        "url": f"/c/{conversation}?m={sent['seq']}",
        "tag": conversation,
        "expires_at": None,
    }
    assert b"kettle" not in pushed.body
    assert pushed.headers["content-encoding"] == "aes128gcm"
    assert int(pushed.headers["ttl"]) > 0
    key, claims = signed_by(pushed)
    assert key == (await ben.get("/notifications/key"))["key"]
    assert claims["aud"] == service.address
    assert claims["sub"].startswith("mailto:")
    assert await why(ben, sent) | {"at": 0} == {"notified": True, "reason": "direct", "at": 0}
    said = await ada.get(f"/conversations/{conversation}/messages/{sent['seq']}/notification")
    assert said["notification"] == {"notified": False, "reason": "own", "at": None}


async def test_all_devices_of_a_person_are_told_and_no_one_elses(
    cast: Cast, service: PushService
) -> None:
    ada, ben, oscar = cast
    conversation = await ada.talk_to(ben)
    phone, laptop = await service.subscribe(ben), await service.subscribe(ben)
    other, own = await service.subscribe(oscar), await service.subscribe(ada)
    await ada.say(conversation, "to Ben alone")
    for keys in (phone, laptop):
        assert keys.read((await service.next_to(keys))[0])["body"] == "to Ben alone"
    assert service.to(other) == service.to(own) == []


async def test_a_group_is_named_and_its_author_stands_before_the_words(
    cast: Cast, service: PushService
) -> None:
    ada, ben, _ = cast
    await ada.befriend(ben)
    group = {"kind": "group", "title": "Garden", "members": [ben.id]}
    conversation = (await ada.post("/conversations", group))["conversation"]["id"]
    keys = await service.subscribe(ben)
    sent = await ada.say(conversation, "Tomatoes!")
    notification = keys.read((await service.next_to(keys))[0])
    assert (notification["title"], notification["body"]) == ("Garden", "Ada Example: Tomatoes!")
    assert (await why(ben, sent))["reason"] == "message"


async def test_a_file_without_words_is_named_by_what_it_is(
    cast: Cast, service: PushService
) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    keys = await service.subscribe(ben)
    file = await ada.upload("plan.txt", b"dig here")
    await ada.say(conversation, "", attachments=[file["id"]])
    assert keys.read((await service.next_to(keys))[0])["body"] == "File: plan.txt"


async def test_who_wants_it_hidden_is_told_that_there_is_something_and_no_more(
    cast: Cast, service: PushService
) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    await ben.patch("/me", {"settings": {"notify_content": False}})
    keys = await service.subscribe(ben)
    await ada.say(conversation, "the diagnosis is in")
    assert keys.read((await service.next_to(keys))[0])["body"] == "New message"
    await ben.patch("/me", {"settings": {"language": "de"}})
    await ada.say(conversation, "and it is good")
    assert keys.read((await service.next_to(keys, 2))[1])["body"] == "Neue Nachricht"


async def test_what_a_person_does_not_want_is_not_sent_and_the_reason_is_told(
    cast: Cast, service: PushService
) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    keys = await service.subscribe(ben)
    place = f"/conversations/{conversation}"
    reasons = []

    async def say_and_ask(body: str) -> None:
        reasons.append((await why(ben, await ada.say(conversation, body)))["reason"])

    await ben.patch(place, {"muted": True})
    await say_and_ask("muted")
    await ben.patch(place, {"muted": False, "notify": "none"})
    await say_and_ask("nothing wanted here")
    await ben.patch(place, {"notify": "default"})
    await ben.patch("/me", {"settings": {"notify": "none"}})
    await say_and_ask("nothing wanted")
    quiet = {"quiet_from": minute_of_day(-60), "quiet_to": minute_of_day(60), "time_zone": "UTC"}
    await ben.patch("/me", {"settings": {"notify": None, **quiet}})
    await say_and_ask("asleep")
    await ben.patch("/me", {"settings": dict.fromkeys(quiet)})
    await say_and_ask("heard")
    assert reasons == ["muted", "none", "none", "quiet", "direct"]
    assert [keys.read(one)["body"] for one in service.to(keys)] == ["heard"]


async def test_mentions_are_told_to_those_who_want_nothing_else(
    cast: Cast, service: PushService
) -> None:
    ada, ben, _ = cast
    await ada.befriend(ben)
    group = {"kind": "group", "title": "Garden", "members": [ben.id]}
    conversation = (await ada.post("/conversations", group))["conversation"]["id"]
    await ben.patch("/me", {"settings": {"notify": "mentions"}})
    keys = await service.subscribe(ben)
    plain = await ada.say(conversation, "The weather is fine")
    named = await ada.say(conversation, "What does @Ben Example think?")
    everybody = await ada.say(conversation, "@all dinner")
    mine = await ben.say(conversation, "I cook")
    answer = await ada.say(conversation, "Thank you", reply_to=mine["seq"])
    to_herself = await ada.say(conversation, "At seven", reply_to=everybody["seq"])
    assert (await why(ben, plain))["reason"] == "not_mentioned"
    assert (await why(ben, named))["reason"] == "mention"
    assert (await why(ben, everybody))["reason"] == "mention"
    assert (await why(ben, answer))["reason"] == "reply"
    assert (await why(ben, to_herself))["reason"] == "not_mentioned"
    assert len(service.to(keys)) == 3


async def test_who_blocked_the_author_or_was_removed_is_told_nothing(
    cast: Cast, service: PushService
) -> None:
    ada, ben, oscar = cast
    for other in (ben, oscar):
        await ada.befriend(other)
    group = {"kind": "group", "title": "Garden", "members": [ben.id, oscar.id]}
    conversation = (await ada.post("/conversations", group))["conversation"]["id"]
    blocking, removed = await service.subscribe(ben), await service.subscribe(oscar)
    await ben.put(f"/blocks/{ada.id}")
    sent = await ada.say(conversation, "for those who stay")
    await ada.delete(f"/conversations/{conversation}/members/{oscar.id}")
    assert (await why(ben, sent))["reason"] == "blocked"
    assert service.to(blocking) == service.to(removed) == []


async def test_who_is_removed_while_others_are_told_is_told_nothing(
    cast: Cast, running: Running, service: PushService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("echosphere.notifications.notify.BATCH", 1)
    ada, *others = cast
    for other in others:
        await ada.befriend(other)
    group = {"kind": "group", "title": "Garden", "members": [other.id for other in others]}
    conversation = (await ada.post("/conversations", group))["conversation"]["id"]
    first, second = sorted(others, key=lambda other: other.id)
    told, removed = await service.subscribe(first), await service.subscribe(second)
    service.before[told.path] = lambda: ada.delete(
        f"/conversations/{conversation}/members/{second.id}"
    )
    sent = await ada.say(conversation, "for those who stay")
    assert (await why(first, sent))["notified"]
    payload = {"conversation": conversation, "seq": sent["seq"]}
    await running.application.notifications.notify(payload)
    assert len(service.to(told)) == 1
    assert service.to(removed) == []


async def test_what_is_open_on_a_device_or_read_is_not_sent(
    cast: Cast, service: PushService
) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    keys = await service.subscribe(ben)
    device = await ben.connect()
    await device.call("attention", {"conversation": conversation})
    seen = await ada.say(conversation, "on the screen")
    assert (await why(ben, seen))["reason"] == "open"
    await device.call("attention", {"conversation": None})
    away = await ada.say(conversation, "in the pocket")
    assert (await why(ben, away))["reason"] == "direct"
    await device.call("attention", {"conversation": conversation})
    await device.close()
    gone = await ada.say(conversation, "switched off")
    assert (await why(ben, gone))["reason"] == "direct"
    read = await ada.say(conversation, "read at once")
    await ben.put(f"/conversations/{conversation}/read", {"seq": read["seq"]})
    assert (await why(ben, read))["reason"] == "read"
    assert [keys.read(one)["body"] for one in service.to(keys)] == ["in the pocket", "switched off"]


async def test_a_message_that_was_deleted_meanwhile_is_not_sent_and_nothing_is_kept_of_it(
    cast: Cast, service: PushService, running: Running
) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    keys = await service.subscribe(ben)
    first = await ada.say(conversation, "kept for a while")
    await why(ben, first)
    second = await ada.say(conversation, "taken back at once")
    for message in (first, second):
        path = f"/conversations/{conversation}/messages/{message['seq']}"
        assert (await ada.http.delete(path)).status_code == 200
    third = await ada.say(conversation, "stays")
    await why(ben, third)

    def noted(snapshot: Snapshot) -> list[int]:
        return list(snapshot.execute(select(notices.c.seq)).scalars())

    assert await running.application.database.read(noted) == [third["seq"]]
    assert [keys.read(one)["body"] for one in service.to(keys)] == ["kept for a while", "stays"]


async def test_decisions_are_forgotten_after_thirty_days(
    cast: Cast, service: PushService, running: Running
) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    await service.subscribe(ben)
    old, new = [await ada.say(conversation, body) for body in ("old", "new")]
    for message in (old, new):
        await why(ben, message)

    def age(transaction: Transaction) -> None:
        statement = update(notices).where(notices.c.seq == old["seq"])
        transaction.execute(statement.values(created_at=notices.c.created_at - 31 * DAY))

    await running.application.database.write(age)
    await running.application.notifications.delete_old_notices()
    path = f"/conversations/{conversation}/messages/{{}}/notification"
    said = [(await ben.get(path.format(one["seq"])))["notification"] for one in (old, new)]
    assert [one["at"] is None for one in said] == [True, False]


async def test_a_subscription_that_is_over_is_removed(
    cast: Cast, service: PushService, running: Running
) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    over, gone, kept = [await service.subscribe(ben) for _ in range(3)]
    service.statuses = {over.path: [410], gone.path: [404]}
    await why(ben, await ada.say(conversation, "hello"))
    assert await running.application.database.read(subscribed) == [kept.id]


async def test_a_busy_push_service_is_asked_again(
    cast: Cast, service: PushService, running: Running
) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    keys = await service.subscribe(ben)
    service.statuses = {keys.path: [503, 429]}
    sent = await ada.say(conversation, "patience")
    assert (await why(ben, sent))["notified"] is True
    for count in (2, 3):
        await running.application.database.write(make_due)
        running.application.push_jobs.wake()
        await service.next_to(keys, count)
    read = [keys.read(one)["body"] for one in service.to(keys)]
    assert read == ["patience"] * 3
    await until_no_retry(running)


def make_due(transaction: Transaction) -> None:
    transaction.execute(update(jobs).where(jobs.c.kind == RETRY).values(run_at=0))


def retries(snapshot: Snapshot) -> list[str]:
    return list(snapshot.execute(select(jobs.c.payload).where(jobs.c.kind == RETRY)).scalars())


async def until_no_retry(running: Running) -> None:
    async with asyncio.timeout(TIMEOUT):
        while await running.application.database.read(retries):
            await asyncio.sleep(0.05)


async def test_what_was_read_while_the_service_was_busy_is_not_sent_late(
    cast: Cast, service: PushService, running: Running
) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    keys = await service.subscribe(ben)
    service.statuses = {keys.path: [503]}
    sent = await ada.say(conversation, "too late")
    await why(ben, sent)
    await ben.put(f"/conversations/{conversation}/read", {"seq": sent["seq"]})
    await running.application.database.write(make_due)
    running.application.push_jobs.wake()
    await until_no_retry(running)
    assert len(service.to(keys)) == 1
    assert (await why(ben, sent))["reason"] == "read"


async def test_what_was_cleared_while_the_service_was_busy_is_not_sent_late(
    cast: Cast, service: PushService, running: Running
) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    keys = await service.subscribe(ben)
    service.statuses = {keys.path: [503]}
    sent = await ada.say(conversation, "too late")
    await why(ben, sent)
    path = f"/conversations/{conversation}"
    await ben.put(f"{path}/cleared", {"seq": sent["seq"], "dropped": True}, 200)
    await running.application.database.write(make_due)
    running.application.push_jobs.wake()
    await until_no_retry(running)
    assert len(service.to(keys)) == 1
    await ben.get(f"{path}/messages/{sent['seq']}/notification", 404)


async def test_a_service_that_refuses_is_not_asked_again(
    cast: Cast, service: PushService, running: Running
) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    keys = await service.subscribe(ben)
    service.statuses = {keys.path: [400]}
    sent = await ada.say(conversation, "hello")
    said = await why(ben, sent)
    assert (said["notified"], said["reason"]) == (False, "failed")
    assert await running.application.database.read(retries) == []


async def test_subscriptions_end_with_their_session(
    cast: Cast, service: PushService, running: Running
) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    phone = await another_device(ben)
    on_phone, on_laptop = await service.subscribe(phone), await service.subscribe(ben)
    await ben.delete("/sessions")
    assert await running.application.database.read(subscribed) == [on_laptop.id]
    await why(ben, await ada.say(conversation, "for the laptop"))
    assert len(service.to(on_laptop)) == 1
    assert service.to(on_phone) == []
    await phone.close()


async def test_a_session_that_ended_by_age_is_not_told(
    cast: Cast, service: PushService, running: Running
) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    phone = await another_device(ben)
    keys = await service.subscribe(phone)
    kept = await service.subscribe(ben)
    session = await current_session(phone)

    def forget_it(transaction: Transaction) -> None:
        long_ago = transaction.now - 200 * DAY
        statement = update(sessions).where(sessions.c.id == session)
        transaction.execute(statement.values(used_at=long_ago, created_at=long_ago))

    await running.application.database.write(forget_it)
    await why(ben, await ada.say(conversation, "hello"))
    assert len(service.to(kept)) == 1
    assert service.to(keys) == []
    await phone.close()


async def another_device(person: Person) -> Person:
    """Sign in once more, with a session of its own."""
    async with httpx.AsyncClient(base_url=f"{person.base}/api/v1") as http:
        proof = {"email": person.email, "password": PASSWORD, "bearer": True}
        answer = (await http.post("/sessions", json=proof)).json()
    return Person(person.base, answer["user"], answer["token"])


async def current_session(person: Person) -> str:
    listed = (await person.get("/sessions"))["sessions"]
    return next(str(one["id"]) for one in listed if one["current"])


async def test_a_person_has_ten_subscriptions_and_a_browser_one(
    cast: Cast, service: PushService, running: Running
) -> None:
    _, ben, oscar = cast
    made = [await service.subscribe(ben) for _ in range(11)]
    kept = await running.application.database.read(subscribed)
    assert sorted(kept) == sorted(one.id for one in made[1:])
    # Someone else signs in with the same browser.
    again = await oscar.post("/notifications/subscriptions", made[-1].wish())
    kept = await running.application.database.read(subscribed)
    assert made[-1].id not in kept
    assert again["subscription"]["id"] in kept


async def test_a_test_notification_reaches_ones_own_devices_only(
    cast: Cast, service: PushService
) -> None:
    ada, ben, _ = cast
    mine, theirs = await service.subscribe(ada), await service.subscribe(ben)
    assert (await ada.http.post("/notifications/test")).status_code == 202
    notification = mine.read((await service.next_to(mine))[0])
    assert notification["body"] == "Notifications work on this device."
    assert service.to(theirs) == []


async def test_without_a_subscription_there_is_nothing_to_test(cast: Cast) -> None:
    answer = await cast[0].http.post("/notifications/test")
    assert answer.status_code == 409


async def test_one_may_unsubscribe_ones_own_devices_only(
    cast: Cast, service: PushService, running: Running
) -> None:
    ada, ben, _ = cast
    keys = await service.subscribe(ada)
    path = f"/notifications/subscriptions/{keys.id}"
    await ben.delete(path, 404)
    assert await running.application.database.read(subscribed) == [keys.id]
    await ada.delete(path)
    await ada.delete(path, 404)
    assert await running.application.database.read(subscribed) == []


@pytest.mark.parametrize(
    ("endpoint", "status"),
    [
        ("https://updates.push.example.net/wpush/v2/abc", 201),
        ("http://updates.push.example.net/abc", 400),
        ("https://127.0.0.1/push", 400),
        ("https://[::ffff:127.0.0.1]/push", 400),
        ("https://10.0.0.7/push", 400),
        ("https://localhost/push", 400),
        ("https://push.example.net:8443/push", 400),
        ("https://user:pass@push.example.net/push", 400),
        ("ftp://push.example.net/push", 400),
        ("not a url", 400),
        ("https://push.example.net/" + "a" * 1_000, 400),
    ],
)
@on_one_database
async def test_only_addresses_of_push_services_are_taken(
    tmp_path: Path, database_url: str, endpoint: str, status: int
) -> None:
    running = Running(settings_for(tmp_path / "data", database_url))
    base = await running.start()
    async with people_on(base, "Ada Example") as (ada,):
        wish = BrowserKeys(endpoint).wish()
        answer = await ada.http.post("/notifications/subscriptions", json=wish)
        assert answer.status_code == status, answer.text
        if status == 400:
            assert "endpoint" in answer.json()["fields"]
    await running.stop()


@on_one_database
async def test_keys_that_nothing_can_be_encrypted_with_are_refused(cast: Cast) -> None:
    good = BrowserKeys("https://push.example.net/a").wish()
    for name, bad in (("p256dh", "AAAA"), ("p256dh", "B" * 87), ("auth", "AAAA")):
        wish = good | {"keys": good["keys"] | {name: bad}}
        answer = await cast[0].http.post("/notifications/subscriptions", json=wish)
        assert answer.status_code == 400
        assert f"keys.{name}" in answer.json()["fields"]


@on_one_database
async def test_an_outsider_learns_nothing_about_a_notification(
    cast: Cast, service: PushService
) -> None:
    ada, ben, oscar = cast
    conversation = await ada.talk_to(ben)
    sent = await ada.say(conversation, "private")
    place = f"/conversations/{conversation}/messages"
    for path in (
        f"{place}/{sent['seq']}/notification",
        "/conversations/none/messages/1/notification",
    ):
        assert (await oscar.http.get(path)).status_code == 404
    for wrong in ("99", "x", "-1", "٣", "9" * 30):
        assert (await ben.http.get(f"{place}/{wrong}/notification")).status_code == 404


@on_one_database
async def test_nothing_is_queued_while_no_one_listens(
    cast: Cast, service: PushService, running: Running
) -> None:
    ada, ben, oscar = cast
    conversation = await ada.talk_to(ben)
    await service.subscribe(oscar)  # someone who is not there
    sent = await ada.say(conversation, "hello")

    def kinds(snapshot: Snapshot) -> set[str]:
        waiting = snapshot.execute(select(jobs.c.kind).where(jobs.c.id > 0)).scalars()
        return set(waiting)

    assert "notifications.message" not in await running.application.database.read(kinds)
    path = f"/conversations/{conversation}/messages/{sent['seq']}/notification"
    said = (await ben.get(path))["notification"]
    assert said == {"notified": False, "reason": "no_device", "at": None}


async def test_the_key_of_the_instance_is_made_once_and_readable_by_its_owner_alone(
    tmp_path: Path,
) -> None:
    first = settings_for(tmp_path, f"sqlite:///{tmp_path / 'app.db'}")
    file = tmp_path / "vapid.key"
    assert file.stat().st_mode & 0o777 == 0o600
    assert settings_for(tmp_path, first.database_url).vapid_key == first.vapid_key
    assert first.vapid_key not in repr(first)
    assert json.dumps(first.vapid_key)  # plain text that fits into one line
