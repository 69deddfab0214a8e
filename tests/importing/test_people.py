"""Who wrote elsewhere: accounts with confirmed addresses, placeholders, and their claims."""

import asyncio
from pathlib import Path
from typing import Any

from sqlalchemy import text

from echosphere.accounts import OPERATOR, confirm_email
from echosphere.database import Command, Snapshot, Transaction
from echosphere.importing import LinkPlaceholder, placeholders
from tests.importing.conftest import Import
from tests.importing.imported import imported_conversations, messages_of, rows_of
from tests.importing.samples.echosphere import EchoSphereSample
from tests.importing.story import Story
from tests.product.conftest import Running
from tests.product.people import Person
from tests.waiting import until

Cast = tuple[Person, Person, Person]


class GiveAddress(Command[None]):
    """Give a user an address without confirming it."""

    user: str
    email: str
    confirmed: bool

    def run(self, transaction: Transaction) -> None:
        """Give it."""
        values = {"user": self.user, "email": self.email}
        transaction.execute(
            text("UPDATE users SET email = :email, email_confirmed_at = NULL WHERE id = :user"),
            values,
        )
        if self.confirmed:
            confirm_email(transaction, self.user)


def author_ids(snapshot: Snapshot, conversation: str) -> set[str]:
    """Return the ids of all authors of a conversation."""
    found = rows_of(
        snapshot,
        "SELECT DISTINCT author_id FROM messages WHERE conversation_id = :here AND system IS NULL",
        here=conversation,
    )
    return {row[0] for row in found}


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
