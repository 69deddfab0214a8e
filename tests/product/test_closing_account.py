"""Closing an account: no personal data stays, and messages stay or go, as chosen."""

import asyncio
from typing import Any

from sqlalchemy import String, cast, or_, select

from echosphere.database import Snapshot, metadata
from echosphere.messages.purge import RemoveAuthored
from tests.product.conftest import Running
from tests.product.exported import exported_by
from tests.product.groups import found, group_on
from tests.product.once import on_one_database
from tests.product.people import PASSWORD, Person, new_key, people_on
from tests.product.push_service import subscribed
from tests.product.test_own_data import gone

STAYS = {
    "users": "the row without name and address, since messages name it",
    "members": "a member who has left",
    "messages": "what was said stays where that was chosen, and system lines",
    "conversations": "which two people a direct one is of",
    "mentions": "who was mentioned, by id",
    "reports": "kept for those who run the server",
    "jobs": "what is under way and ends soon",
    "audit_entries": "a log that cannot be changed",
    "removals": "a ban outlasts the account",
}
"""Tables that may still name a closed account, and why."""


async def close(person: Person, **more: Any) -> None:
    answer = await person.http.request("DELETE", "/me", json={"password": PASSWORD, **more})
    assert answer.status_code == 204, answer.text


def naming(snapshot: Snapshot, user_id: str) -> dict[str, int]:
    """Return how many rows of each table name a user."""
    found = {}
    for table in metadata.sorted_tables:
        if table.name.startswith(("search_", "alembic")):  # made behind
            continue
        named = or_(*(cast(column, String).contains(user_id) for column in table.c))
        count = len(snapshot.execute(select(table).where(named)).all())
        if count:
            found[table.name] = count
    return found


async def undeleted(person: Person, conversation: str) -> list[str]:
    page = await person.get(f"/conversations/{conversation}/messages", limit=100)
    return [one["body"] for one in page["messages"] if not one["deleted"] and not one["system"]]


async def until(condition: Any) -> None:
    async with asyncio.timeout(30):
        while not await condition():
            await asyncio.sleep(0.05)


async def test_nothing_else_names_a_closed_account(running: Running, server: str) -> None:
    async with people_on(server, "Ada", "Ben", "Carl", "Dora") as (ada, ben, carl, dora):
        group = await found(ada, ben, carl)
        direct = await ben.talk_to(ada)
        await ada.put(f"/conversations/{group}/filter", {"words": ["boat"]}, 200)
        given = {"key": new_key(), "body": "buy my boat"}
        await ben.post(f"/conversations/{group}/messages", given, 200)
        said = await ada.say(group, "hello @Ben")
        path = f"/conversations/{group}/messages/{said['seq']}"
        await ben.put(f"{path}/saved")
        hidden = await ben.say(direct, "hidden")
        await ben.post(f"/conversations/{direct}/hidden", {"seqs": [hidden["seq"]]}, 200)
        await ben.patch(f"/conversations/{direct}", {"draft": "a draft"})
        await ben.upload("never-sent.txt", b"never sent")
        await ben.post("/me/invites", {})
        await ben.post("/contacts", {"email": "nobody.yet@example.org"}, 202)
        await dora.post("/contacts", {"email": ben.email}, 202)
        await ben.put(f"/blocks/{carl.id}")
        await subscribed(ben)
        await ben.connect()
        await exported_by(ben)
        await close(ben)
        left = await running.application.database.read(naming, ben.id)
        assert set(left) <= set(STAYS), left
        assert left["users"] == 1


async def test_what_was_said_stays_with_the_others(server: str, another_owner: str) -> None:
    async with people_on(server, "Ada", "Ben") as (ada, ben):
        direct = await ada.talk_to(ben)
        await ada.say(direct, "stays")
        await close(ada)
        assert await undeleted(ben, direct) == ["stays"]
        shown = (await ben.get(f"/conversations/{direct}"))["conversation"]["members"]
        assert {one["user"]["name"] for one in shown} == {"Ben", "Closed account"}


async def test_what_was_said_goes_if_that_is_chosen(
    running: Running, server: str, another_owner: str
) -> None:
    async with group_on(server) as group:
        ada, ben, carl = group.owner, group.admin, group.member
        direct, other = await ben.talk_to(ada), await found(ada, carl, title="Bees")
        file = await ben.upload("a.txt", b"a file of Ben")
        await ben.say(group.id, "goes", attachments=[file["id"]])
        edited = await ben.say(group.id, "first")
        await ben.patch(group.path(f"/messages/{edited['seq']}"), {"body": "second"})
        await ben.say(direct, "goes as well")
        await carl.say(group.id, "stays")
        await ada.say(other, "stays here")
        socket = await ada.connect()
        versions = {
            one: (await ada.get(f"/conversations/{one}"))["conversation"]["version"]
            for one in (group.id, direct)
        }
        await close(ben, delete_messages=True)

        async def is_gone() -> bool:
            return await undeleted(ada, group.id) == ["stays"] and not await undeleted(ada, direct)

        await until(is_gone)
        assert await undeleted(carl, other) == ["stays here"]
        event = await socket.next("message", conversation=direct)
        assert event["message"]["deleted"]
        caught_up = await ada.post("/sync", {"versions": versions}, 200)
        synced = [
            message["deleted"]
            for one in caught_up["conversations"]
            for message in one["messages"]
            if message["conversation"] == direct
        ]
        assert synced == [True]
        assert (await ada.http.get(f"/attachments/{file['id']}")).status_code == 404
        earlier = await ada.http.get(group.path(f"/messages/{edited['seq']}/versions"))
        assert "first" not in earlier.text
        await gone(running.application.storage.incoming.parent, file["id"])


@on_one_database
async def test_what_goes_is_gone_also_when_the_server_is_stopped_on_the_way(
    running: Running, server: str, another_owner: str
) -> None:
    async with people_on(server, "Ada", "Ben") as (ada, ben):
        places = [await ada.talk_to(ben), await found(ben, ada)]
        for place in places:
            for number in range(3):
                await ben.say(place, f"goes {number}")
        application = running.application
        runner = application.runners[-1]
        await runner.stop()
        await close(ben, delete_messages=True)
        # One batch was done before the crash, and the job was not marked as done.
        await application.database.write(RemoveAuthored(places[1], ben.id, 0, 2**53))
        assert await undeleted(ada, places[0]) != []
        await runner.start()

        async def is_gone() -> bool:
            return not [one for place in places for one in await undeleted(ada, place)]

        await until(is_gone)
