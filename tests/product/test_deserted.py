"""Data that no one can see any more is deleted: notes of closed accounts, groups that everyone left."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, true

from echosphere.conversations.store import members
from echosphere.database import Snapshot, jobs
from echosphere.messages import purge
from echosphere.messages.purge import PURGE, PURGE_CLEARED
from echosphere.messages.store import messages
from tests.media.made import picture
from tests.product.conftest import Running
from tests.product.groups import found
from tests.product.jobs import files_are_removed
from tests.product.people import PASSWORD, Person
from tests.product.previewed import previewed
from tests.product.test_deleting_leaves_nothing import in_database, on_disk

pytestmark = pytest.mark.usefixtures("another_owner")

Cast = tuple[Person, Person, Person]
MARK = "zxqvmark"


@pytest.fixture
def left(database_url: str, running: Running, tmp_path: Path) -> Callable[[], Any]:
    """Return what is left of the marked words and files once all work is done."""

    async def look() -> tuple[bool, bool]:
        async with asyncio.timeout(20):
            while await running.application.database.read(waiting):
                await asyncio.sleep(0.02)
        await files_are_removed(running)
        inside = in_database(database_url) + on_disk(tmp_path / "data" / "files")
        return MARK.encode() in inside, b"RIFF" in inside

    return look


def waiting(snapshot: Snapshot) -> int:
    """Count the jobs of removal that are not done."""
    kinds = (PURGE, PURGE_CLEARED, "avatars.remove", "previews.remove")
    statement = select(func.count()).select_from(jobs).where(jobs.c.kind.in_(kinds))
    return int(snapshot.execute(statement).scalar_one())


async def close(person: Person) -> None:
    answer = await person.http.request("DELETE", "/me", json={"password": PASSWORD})
    assert answer.status_code == 204


async def say_much(person: Person, here: str, running: Running) -> None:
    """Say words, send a file and a picture, and have a link with a picture."""
    await person.say(here, f"{MARK} words")
    for name, content in ((f"{MARK}.txt", MARK.encode()), ("x.png", picture())):
        file = await person.upload(name, content)
        said = await person.say(here, "", attachments=[file["id"]])
    await previewed(running, here, said["seq"])


async def test_notes_to_oneself_go_with_the_account(
    cast: Cast, running: Running, left: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(purge, "BATCH_SIZE", 2)
    ada, _, _ = cast
    notes = await ada.post("/conversations", {"kind": "direct", "user": ada.id})
    await say_much(ada, notes["conversation"]["id"], running)
    assert await left() == (True, True)
    await close(ada)
    assert await left() == (False, False)


async def test_what_two_said_to_each_other_goes_when_the_second_is_gone(
    cast: Cast, running: Running, left: Callable[[], Any]
) -> None:
    ada, ben, _ = cast
    here = await ada.talk_to(ben)
    await say_much(ada, here, running)
    await close(ada)
    assert await left() == (True, True)
    page = await ben.get(f"/conversations/{here}/messages")
    assert page["messages"][0]["body"] == f"{MARK} words"
    await close(ben)
    assert await left() == (False, False)


@pytest.mark.parametrize("how", ["leaves", "closes the account"])
async def test_a_group_that_everyone_left_is_empty(
    cast: Cast, running: Running, left: Callable[[], Any], how: str
) -> None:
    ada, ben, _ = cast
    here = await found(ada, ben)
    await say_much(ada, here, running)
    await ada.http.put(f"/conversations/{here}/avatar", files={"file": ("x.png", picture())})
    await ben.delete(f"/conversations/{here}/members/{ben.id}")
    assert await left() == (True, True)
    await ada.get(f"/conversations/{here}/messages")
    if how == "leaves":
        await ada.delete(f"/conversations/{here}/members/{ada.id}")
    else:
        await close(ada)
    assert await left() == (False, False)
    kept = await running.application.database.read(_what_lives)
    assert kept == 0


def _what_lives(snapshot: Snapshot) -> int:
    living = (messages.c.system.is_(None), messages.c.deleted.is_(False))
    return int(snapshot.execute(select(func.count()).where(*living)).scalar_one())


async def test_what_someone_began_to_write_goes_with_them(cast: Cast, running: Running) -> None:
    ada, ben, oscar = cast
    direct = await ada.talk_to(ben)
    group = await found(ada, ben, oscar)
    for place in (direct, group):
        await ben.patch(f"/conversations/{place}", {"draft": "half a thought"})
        await ada.patch(f"/conversations/{place}", {"draft": "another"})

    def drafts(snapshot: Snapshot) -> list[str]:
        found = select(members.c.draft).where(members.c.draft.is_not(None))
        return sorted(snapshot.execute(found).scalars())

    database = running.application.database
    await ben.delete(f"/conversations/{group}/members/{ben.id}")
    assert await database.read(drafts) == ["another", "another", "half a thought"]
    await close(ben)
    assert await database.read(drafts) == ["another", "another"]

    def longer(snapshot: Snapshot) -> list[str]:
        found = select(members.c.user_id).where(members.c.longer_draft == true())
        return list(snapshot.execute(found).scalars())

    await oscar.patch(f"/conversations/{group}", {"longer_draft": True})
    assert await database.read(longer) == [oscar.id]
    await close(oscar)
    assert await database.read(longer) == []
