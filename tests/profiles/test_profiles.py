"""Profiles of other people: who sees them, who is told of changes, statuses and reports."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from echosphere.moderation.store import reports
from tests.product.conftest import Running, settings_for
from tests.product.groups import found
from tests.product.once import on_one_database
from tests.product.people import PASSWORD, Person, people_on

Cast = tuple[Person, Person, Person]

TOMORROW = 2**50
"""Far enough for any test."""


async def all_reports(running: Running) -> list[dict[str, Any]]:
    """Return what was reported, as it is kept."""
    rows = await running.application.database.read(
        lambda snapshot: snapshot.execute(select(reports).order_by(reports.c.created_at)).all()
    )
    return [dict(row._mapping) for row in rows]


async def test_contacts_and_fellow_members_see_a_profile_and_others_do_not(server: str) -> None:
    async with people_on(server, "Ada", "Ben", "Carl", "Oscar") as (ada, ben, carl, oscar):
        await found(ada, ben, carl)
        await ada.patch("/me", {"about": "Grows beans"})
        own = (await ada.get(f"/users/{ada.id}"))["user"]
        assert own == {
            "id": ada.id,
            "name": "Ada",
            "about": "Grows beans",
            "avatar_url": None,
            "status": None,
            "kind": "person",
        }
        assert (await ben.get(f"/users/{ada.id}"))["user"] == own
        assert (await ben.get(f"/users/{carl.id}"))["user"]["name"] == "Carl"
        unknown = await oscar.get("/users/nobody", 404)
        for person in (ada, ben, carl):
            assert await oscar.get(f"/users/{person.id}", 404) == unknown
            assert await person.get(f"/users/{oscar.id}", 404) == unknown


async def test_a_status_is_seen_by_those_around_and_ends_by_itself(
    cast: Cast, running: Running
) -> None:
    ada, ben, oscar = cast
    conversation = await ada.talk_to(ben)
    phone, theirs, stranger = await ada.connect(), await ben.connect(), await oscar.connect()
    now = running.application.database.clock()
    status = {"emoji": "🏖️", "text": "On  holiday\u202e", "until": now + 2_000}
    shown = status | {"text": "On holiday"}
    changed = await ada.patch("/me", {"status": status})
    assert changed["user"]["status"] == shown
    assert (await phone.next("me"))["user"]["status"] == shown
    assert (await theirs.next("user"))["user"]["status"] == shown
    assert (await theirs.next("contact"))["contact"]["user"]["status"] == shown
    listed = (await ben.get("/conversations"))["conversations"][0]["members"]
    assert shown in [member["user"]["status"] for member in listed]
    ahead = running.application.database.clock
    running.application.database.clock = lambda: ahead() + 3_000
    places = [
        (await ben.get(f"/users/{ada.id}"))["user"],
        (await ada.get("/me"))["user"],
        (await ben.get("/contacts"))["contacts"][0]["user"],
        *(
            one["user"]
            for one in (await ben.get(f"/conversations/{conversation}/members"))["members"]
        ),
    ]
    assert [one["status"] for one in places] == [None] * len(places)
    assert stranger.of("user") == []


@on_one_database
async def test_a_status_stays_until_another_one_and_null_takes_it_away(cast: Cast) -> None:
    ada, _, _ = cast
    for status in (
        {"emoji": "🌧️"},
        {"text": "reading"},
        {"emoji": "👩🏽‍💻", "text": "x" * 100, "until": TOMORROW},
    ):
        whole = {"emoji": None, "text": None, "until": None} | status
        assert (await ada.patch("/me", {"status": status}))["user"]["status"] == whole
        assert (await ada.patch("/me", {"about": "Hm"}))["user"]["status"] == whole
    assert (await ada.patch("/me", {"status": None}))["user"]["status"] is None
    assert (await ada.get("/me"))["user"]["status"] is None


@on_one_database
@pytest.mark.parametrize(
    ("status", "field"),
    [
        ({"emoji": "x"}, "status.emoji"),
        ({"emoji": "🏖️🏖️"}, "status.emoji"),
        ({"emoji": "🏖️" * 40}, "status.emoji"),
        ({"emoji": 1}, "status.emoji"),
        ({"text": "x" * 101}, "status.text"),
        ({"text": "late", "until": 1}, "status.until"),
        ({"text": "for ever", "until": 2**53}, "status.until"),
        ({"text": "late", "until": "tomorrow"}, "status.until"),
        ({"text": " \u202e\u200b "}, "status"),
        ({"until": TOMORROW}, "status"),
        ({}, "status"),
        ("busy", "status"),
        ({"mood": "good"}, "status.mood"),
    ],
)
async def test_a_refused_status_is_named_and_changes_nothing(
    cast: Cast, status: Any, field: str
) -> None:
    ada, _, _ = cast
    await ada.patch("/me", {"status": {"text": "before"}})
    problem = await ada.patch("/me", {"status": status, "name": "Other"}, 400)
    assert list(problem["fields"]) == [field]
    user = (await ada.get("/me"))["user"]
    assert (user["name"], user["status"]["text"]) == ("Ada Example", "before")


async def test_a_new_name_reaches_fellow_members_who_are_no_contacts(server: str) -> None:
    async with people_on(server, "Ada", "Ben", "Carl", "Oscar") as (ada, ben, carl, oscar):
        await found(ada, ben, carl)
        by_polling = await carl.connect(transports=["polling"])
        contact, stranger = await ada.connect(), await oscar.connect()
        await ben.patch("/me", {"name": "Benjamin"})
        for device in (by_polling, contact):
            assert (await device.next("user"))["user"]["name"] == "Benjamin"
        assert by_polling.of("contact") == []
        assert (await contact.next("contact"))["contact"]["user"]["name"] == "Benjamin"
        await oscar.patch("/me", {"name": "Oscar Changed"})
        await stranger.next("me")
        assert stranger.of("user") == stranger.of("contact") == []
        assert len(by_polling.of("user")) == 1


async def test_whoever_left_is_not_told_any_more(server: str) -> None:
    async with people_on(server, "Ada", "Ben", "Carl") as (ada, ben, carl):
        group = await found(ada, ben, carl)
        gone, there = await carl.connect(), await ada.connect()
        await carl.delete(f"/conversations/{group}/members/{carl.id}")
        await ben.patch("/me", {"about": "News"})
        await there.next("user")
        await carl.patch("/me", {"about": "Alone"})
        await gone.next("me")
        assert gone.of("user") == []
        await carl.get(f"/users/{ben.id}", 404)
        assert (await carl.get(f"/users/{ada.id}"))["user"]["name"] == "Ada"


@pytest.mark.usefixtures("another_owner")
async def test_a_closed_account_is_shown_as_such_and_loses_its_status(cast: Cast) -> None:
    ada, ben, _ = cast
    await ada.talk_to(ben)
    await ada.patch("/me", {"status": {"text": "leaving"}})
    theirs = await ben.connect()
    closed = await ada.http.request("DELETE", "/me", json={"password": PASSWORD})
    assert closed.status_code == 204
    shown = (await theirs.next("user"))["user"]
    assert (shown["name"], shown["status"]) == ("Closed account", None)
    assert (await ben.get(f"/users/{ada.id}"))["user"] == shown


async def test_a_person_and_a_message_of_theirs_are_reported(running: Running, cast: Cast) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    said = await ben.say(conversation, "Buy my beans!")
    path = f"/users/{ben.id}/reports"
    assert await ada.post(path, {"reason": "other"}, 202) == {}
    whole = {"reason": "spam", "text": "  Again.  ", "conversation": conversation}
    await ada.post(path, whole | {"seq": said["seq"]}, 202)
    first, second = await all_reports(running)
    assert (first["reporter_id"], first["user_id"], first["reason"]) == (ada.id, ben.id, "other")
    assert (first["text"], first["conversation_id"], first["seq"]) == ("", None, None)
    assert (second["reason"], second["text"]) == ("spam", "Again.")
    assert (second["conversation_id"], second["seq"]) == (conversation, said["seq"])


async def test_a_refused_report_is_not_kept(running: Running, cast: Cast) -> None:
    ada, ben, oscar = cast
    conversation = await ada.talk_to(ben)
    mine, theirs = await ada.say(conversation, "Hello"), await ben.say(conversation, "Hi")
    path = f"/users/{ben.id}/reports"
    spam = {"reason": "spam"}
    for body in (
        {},
        {"reason": "boring"},
        {"reason": None},
        spam | {"text": "x" * 2_001},
        spam | {"conversation": conversation},
        spam | {"seq": theirs["seq"]},
        spam | {"mood": "bad"},
    ):
        assert (await ada.post(path, body, 400))["fields"]
    await ada.post(f"/users/{ada.id}/reports", spam, 400)
    of_mine = spam | {"conversation": conversation, "seq": mine["seq"]}
    await ada.post(path, of_mine, 404)
    await ada.post(path, spam | {"conversation": conversation, "seq": 999}, 404)
    unknown = await oscar.post("/users/nobody/reports", spam, 404)
    assert await oscar.post(path, spam, 404) == unknown
    elsewhere = spam | {"conversation": conversation, "seq": theirs["seq"]}
    assert await oscar.post(path, elsewhere, 404) == unknown
    assert await all_reports(running) == []


@on_one_database
async def test_whoever_shares_another_conversation_cannot_report_what_they_do_not_see(
    server: str, running: Running
) -> None:
    async with people_on(server, "Ada", "Ben", "Carl") as (ada, ben, carl):
        await found(ada, ben, carl)
        secret = await ada.talk_to(ben)
        said = await ben.say(secret, "Between us")
        given = {"reason": "abuse", "conversation": secret, "seq": said["seq"]}
        await carl.post(f"/users/{ben.id}/reports", given, 404)
        assert await all_reports(running) == []


@on_one_database
async def test_what_others_are_told_of_is_limited_and_settings_are_not(
    tmp_path: Path, database_url: str
) -> None:
    running = Running(settings_for(tmp_path / "strict", database_url, ECHOSPHERE_RATE_LIMITS="on"))
    base = await running.start()
    try:
        async with people_on(base, "Ada") as (ada,):
            for number in range(30):
                await ada.patch("/me", {"about": str(number)})
            refused = await ada.patch("/me", {"status": {"text": "one too many"}}, 429)
            assert refused["code"] == "too_many"
            await ada.patch("/me", {"settings": {"language": "de"}})
    finally:
        await running.stop()


@on_one_database
async def test_reports_are_limited(tmp_path: Path, database_url: str) -> None:
    running = Running(settings_for(tmp_path / "strict", database_url, ECHOSPHERE_RATE_LIMITS="on"))
    base = await running.start()
    try:
        async with people_on(base, "Ada", "Ben") as (ada, ben):
            await ada.befriend(ben)
            path = f"/users/{ben.id}/reports"
            for _ in range(10):
                await ada.post(path, {"reason": "other"}, 202)
            assert (await ada.post(path, {"reason": "other"}, 429))["code"] == "too_many"
    finally:
        await running.stop()
