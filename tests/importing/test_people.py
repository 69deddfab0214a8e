"""Who wrote elsewhere: accounts with confirmed addresses, placeholders, and their claims."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from echosphere.accounts import OPERATOR
from echosphere.importing import Importer, LinkPlaceholder, placeholders
from echosphere.importing.claim import ClaimInConversation, Claims
from echosphere.importing.conversations import BeginConversation, FinishConversation
from echosphere.importing.format import ConversationRecord
from echosphere.messages.reattribute import BATCH
from tests.importing.claiming import (
    Cast,
    GiveAddress,
    author_ids,
    claimed,
    nothing_of,
    placeholder_of,
    present_in,
)
from tests.importing.conftest import Import
from tests.importing.imported import imported_conversations, messages_of
from tests.importing.samples.echosphere import EchoSphereSample
from tests.importing.story import Story
from tests.importing.written import ADA, BEN, message, write_import
from tests.product.conftest import Running
from tests.product.people import PASSWORD
from tests.waiting import until


async def import_story(do_import: Import, tmp_path: Path, count: int = 90) -> None:
    """Import the story."""
    await do_import(EchoSphereSample().write(Story(count), tmp_path))


async def test_only_a_confirmed_address_makes_somebody_the_author(
    tmp_path: Path, running: Running, cast: Cast, do_import: Import
) -> None:
    ada, ben, outsider = cast
    database = running.application.database
    await database.write(GiveAddress(ada.id, "ada@example.org", confirmed=True))
    await database.write(GiveAddress(ben.id, "ben@example.org", confirmed=False))
    await import_story(do_import, tmp_path)

    here = (await imported_conversations(database))["C0GENERAL"]
    authors = await database.read(author_ids, here)
    assert ada.id in authors
    assert ben.id not in authors
    listed = await ada.get("/conversations")
    mine = {one["id"]: one for one in listed["conversations"]}
    assert mine[here]["unread"] == 0
    members = (await ada.get(f"/conversations/{here}/members"))["members"]
    assert [one["role"] for one in members if not one["left"]] == ["owner"]
    page = await ada.get(f"/conversations/{here}/messages")
    assert len(page["messages"]) == 30
    assert here not in {one["id"] for one in (await ben.get("/conversations"))["conversations"]}
    await outsider.get(f"/conversations/{here}/messages", 404)


async def test_who_confirms_the_address_later_gets_the_messages(
    tmp_path: Path, running: Running, cast: Cast, do_import: Import
) -> None:
    ada, ben, _ = cast
    database = running.application.database
    await database.write(GiveAddress(ada.id, "ada@example.org", confirmed=True))
    await import_story(do_import, tmp_path)
    socket = await ada.connect()
    here = await imported_conversations(database)
    before = await database.read(messages_of, here["C0GENERAL"])

    await database.write(GiveAddress(ben.id, "ben@example.org", confirmed=True))
    mine: list[Any] = []

    async def joined() -> bool:
        mine[:] = (await ben.get("/conversations"))["conversations"]
        return {one["id"] for one in mine} >= set(here.values())

    async with asyncio.timeout(20):
        while not await joined():
            pass
    await until(
        lambda: [one for one in socket.of("message") if one["conversation"] == here["C0TEA"]]
    )
    after = await database.read(messages_of, here["C0GENERAL"])
    assert [one["text"] for one in after] == [one["text"] for one in before]
    assert {one["author"] for one in after} == {"Ada Example", "Ben Example", "Cléo Müller"}
    assert ("👍", ["Ada Example", "Ben Example"]) in [
        reaction for one in after for reaction in one["reactions"]
    ]
    assert ("Ben Beispiel", "Ben Example") in [
        mention for one in after for mention in one["mentions"]
    ]
    assert ben.id in await database.read(author_ids, here["C0GENERAL"])
    own = next(one for one in after if one["author"] == "Ben Example")
    rows = (await ben.get(f"/conversations/{here['C0GENERAL']}/messages"))["messages"]
    seq = next(row["seq"] for row in rows if row["body"] == own["text"])
    await ben.patch(f"/conversations/{here['C0GENERAL']}/messages/{seq}", {"body": "mine"})
    assert all(one["unread"] == 0 for one in mine)


async def test_an_administrator_may_say_who_somebody_was(
    tmp_path: Path, running: Running, cast: Cast, do_import: Import
) -> None:
    ada, *_ = cast
    database = running.application.database
    await import_story(do_import, tmp_path)
    waiting = await database.read(placeholders, 10)
    assert [one.person for one in waiting] == ["U0ADA", "U0BEN", "U0CLEO"]
    cleo = waiting[2].user_id
    await database.write(LinkPlaceholder(cleo, ada.id, OPERATOR))
    here = await imported_conversations(database)

    async def authors() -> set[str]:
        return await database.read(author_ids, here["C0GENERAL"])

    async with asyncio.timeout(20):
        while cleo in await authors():
            pass
    assert ada.id in await authors()


async def test_placeholders_are_found_by_nobody(
    tmp_path: Path, running: Running, cast: Cast, do_import: Import
) -> None:
    ada, *_ = cast
    database = running.application.database
    await database.write(GiveAddress(ada.id, "ada@example.org", confirmed=True))
    await import_story(do_import, tmp_path)
    here = (await imported_conversations(database))["C0GENERAL"]
    members = (await ada.get(f"/conversations/{here}/members"))["members"]
    present = [one["user"]["name"] for one in members if not one["left"]]
    assert present == ["Ada Example"]
    assert (await ada.get("/contacts"))["contacts"] == []
    cleo = next(one for one in await database.read(placeholders, 10) if one.person == "U0CLEO")
    await ada.post("/conversations", {"kind": "direct", "user": cleo.user_id}, 404)


async def test_two_people_who_are_one_react_once(
    tmp_path: Path, running: Running, cast: Cast, do_import: Import
) -> None:
    ada, *_ = cast
    both = [BEN, {"id": "ben2", "name": "Ben at home"}]
    reactions = [{"emoji": "👍", "people": ["ben", "ben2"]}, {"emoji": "🎉", "people": ["ben2"]}]
    path = write_import(tmp_path / "both", [message(1, "ben2", reactions=reactions)], both)
    await do_import(path)
    here = (await imported_conversations(running.application.database))["here"]
    for person in ("ben", "ben2"):
        await claimed(running, person, ada, here)
    [said] = [
        one
        for one in (await ada.get(f"/conversations/{here}/messages"))["messages"]
        if not one["system"]
    ]
    assert said["reactions"] == [
        {"emoji": "👍", "users": [ada.id]},
        {"emoji": "🎉", "users": [ada.id]},
    ]


async def test_who_left_stays_away_when_a_second_placeholder_is_claimed(
    tmp_path: Path, running: Running, cast: Cast, do_import: Import
) -> None:
    ada, ben, _ = cast
    database = running.application.database
    await database.write(GiveAddress(ada.id, "ada@example.org", confirmed=True))
    three = [ADA, BEN, {"id": "ben2", "name": "Ben at home"}]
    both = [message(1), message(2, "ben2")]
    await do_import(write_import(tmp_path / "both", both, three))
    here = (await imported_conversations(database))["here"]
    await claimed(running, "ben", ben, here)
    assert set(await database.read(present_in, here)) == {ada.id, ben.id}
    await ben.delete(f"/conversations/{here}/members/{ben.id}")
    await claimed(running, "ben2", ben, here)
    assert await database.read(author_ids, here) == {ben.id}
    assert await database.read(present_in, here) == [ada.id]


async def test_who_wrote_and_was_no_member_at_the_end_is_known_by_name_after_the_claim(
    tmp_path: Path, running: Running, cast: Cast, do_import: Import
) -> None:
    ada, ben, _ = cast
    database = running.application.database
    await database.write(GiveAddress(ada.id, "ada@example.org", confirmed=True))
    path = write_import(tmp_path / "left", [message(1)], members=[{"person": "ada"}])
    await do_import(path)
    here = (await imported_conversations(database))["here"]
    await claimed(running, "ben", ben, here)
    members = (await ada.get(f"/conversations/{here}/members"))["members"]
    found = {one["user"]["id"]: (one["user"]["name"], one["left"]) for one in members}
    assert found[ben.id] == ("Ben Example", True)
    assert await database.read(present_in, here) == [ada.id]


async def test_who_is_claimed_during_the_import_gets_what_comes_afterwards(
    tmp_path: Path,
    running: Running,
    cast: Cast,
    do_import: Import,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _, ben, _ = cast
    database = running.application.database
    given: list[str] = []
    store = Importer._store

    async def store_and_claim(self: Importer, conversation: str, messages: Any) -> bool:
        stored = await store(self, conversation, messages)
        if not given:
            given.append(await claimed(running, "ben", ben, conversation))
        return stored

    monkeypatch.setattr(Importer, "_store", store_and_claim)
    reacted: dict[str, Any] = {"reactions": [{"emoji": "👍", "people": ["ben"]}]}
    path = write_import(
        tmp_path / "meanwhile", [message(number, **reacted) for number in range(1, 200)]
    )
    await do_import(path)
    here = (await imported_conversations(database))["here"]
    await nothing_of(running, given[0], here)
    assert await database.read(author_ids, here) == {ben.id}
    said = await database.read(messages_of, here)
    assert [one["reactions"] for one in said] == [[("👍", ["Ben Example"])]] * 199
    assert here in {one["id"] for one in (await ben.get("/conversations"))["conversations"]}
    assert (await do_import(path)).messages == 0


async def test_who_is_claimed_behind_the_last_message_becomes_a_member(
    tmp_path: Path,
    running: Running,
    cast: Cast,
    do_import: Import,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _, ben, _ = cast
    given: list[str] = []
    finish = Importer._finish

    async def claim_and_finish(self: Importer, conversation: str, record: Any) -> None:
        given.append(await claimed(running, "ben", ben, conversation))
        await finish(self, conversation, record)

    monkeypatch.setattr(Importer, "_finish", claim_and_finish)
    await do_import(write_import(tmp_path / "last", [message(1)]))
    here = (await imported_conversations(running.application.database))["here"]
    await nothing_of(running, given[0], here)
    listed = (await ben.get("/conversations"))["conversations"]
    assert here in {one["id"] for one in listed}


async def test_a_claim_that_was_cut_off_goes_on(
    tmp_path: Path, running: Running, cast: Cast, do_import: Import
) -> None:
    _, ben, _ = cast
    database = running.application.database
    count = BATCH + 100
    await do_import(
        write_import(tmp_path / "many", [message(number) for number in range(1, count + 1)])
    )
    here = (await imported_conversations(database))["here"]
    placeholder = await database.read(placeholder_of, "test", "ben")
    # The process was killed behind the first transaction of the job, and behind the last one.
    assert await database.write(ClaimInConversation(here, placeholder, ben.id))
    assert await database.read(author_ids, here) == {placeholder, ben.id}
    for _ in range(2):
        await Claims(database).run({"placeholder": placeholder, "account": ben.id})
    await nothing_of(running, placeholder, here)
    said = await database.read(messages_of, here)
    assert [one["text"] for one in said] == [f"Text {number}" for number in range(1, count + 1)]
    assert {one["author"] for one in said} == {"Ben Example"}
    members = (await ben.get(f"/conversations/{here}/members"))["members"]
    assert [one["role"] for one in members if not one["left"]] == ["owner"]


async def test_who_closed_their_account_becomes_no_member_of_what_comes_later(
    tmp_path: Path, running: Running, cast: Cast, do_import: Import
) -> None:
    _, ben, _ = cast
    database = running.application.database
    await database.write(GiveAddress(ben.id, "ada@example.org", confirmed=True))
    await do_import(write_import(tmp_path / "first", [message(1, "ada")]))
    closed = await ben.http.request("DELETE", "/me", json={"password": PASSWORD})
    assert closed.status_code == 204
    report = await do_import(write_import(tmp_path / "later", [message(1, "ada")], id="there"))
    assert (report.matched, report.messages) == (0, 1)
    there = (await imported_conversations(database))["there"]
    assert await database.read(author_ids, there) == {ben.id}
    assert await database.read(present_in, there) == []


async def test_who_closed_their_account_before_the_claim_was_carried_out_becomes_no_member(
    tmp_path: Path, running: Running, cast: Cast, do_import: Import
) -> None:
    ada, ben, _ = cast
    database = running.application.database
    await do_import(write_import(tmp_path / "first", [message(1)]))
    here = (await imported_conversations(database))["here"]
    placeholder = await database.read(placeholder_of, "test", "ben")
    closed = await ben.http.request("DELETE", "/me", json={"password": PASSWORD})
    assert closed.status_code == 204
    assert not await database.write(ClaimInConversation(here, placeholder, ben.id))
    # The account was open when the import began.
    begun = await database.write(
        BeginConversation("test", ConversationRecord(id="2", messages="-"))
    )
    roles = {ben.id: "owner"}
    assert await database.write(FinishConversation(begun.conversation, roles, {}))
    for conversation in (here, begun.conversation):
        assert await database.read(present_in, conversation) == []
    direct = ConversationRecord(id="3", kind="direct", messages="-")
    begun = await database.write(BeginConversation("test", direct))
    roles = {ben.id: "member", ada.id: "member"}
    assert await database.write(FinishConversation(begun.conversation, roles, {}))
    [left] = (await ada.get("/conversations"))["conversations"]
    assert (left["id"], left["kind"]) == (begun.conversation, "group")
