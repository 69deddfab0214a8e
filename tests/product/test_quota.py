"""Nobody fills the disk: files of one person, of all, and what is uploaded in a minute have an end."""

import httpx
import pytest
from sqlalchemy import update

from echosphere.attachments.store import attachments
from echosphere.database import Transaction
from tests.product.conftest import Running
from tests.product.once import on_one_database
from tests.product.people import Person, new_key, people_on

MIB = 1024 * 1024
PER_PERSON = {"ECHOSPHERE_STORAGE_PER_PERSON_MIB": "2"}
IN_ALL = {"ECHOSPHERE_STORAGE_IN_ALL_MIB": "2"}
A_MINUTE = {"ECHOSPHERE_UPLOAD_MIB_PER_MINUTE": "1", "ECHOSPHERE_RATE_LIMITS": "on"}


def with_rate_limit(settings: dict[str, str]) -> pytest.MarkDecorator:
    """Run a test on a server with these settings."""
    return pytest.mark.parametrize("more_settings", [settings], ids=["limited"])


async def upload(person: Person, size: int, **headers: str) -> httpx.Response:
    files = {"file": ("a.bin", bytes(size))}
    return await person.http.post("/attachments", files=files, headers=headers)


async def sent(person: Person, conversation: str, size: int) -> int:
    """Upload and post a file; return the message's number."""
    file = (await upload(person, size)).json()["attachment"]["id"]
    return int((await person.say(conversation, "", attachments=[file]))["seq"])


def grow(transaction: Transaction, size: int) -> None:
    """Make all files as large as no test would send them."""
    transaction.execute(update(attachments).values(size=size))


@with_rate_limit(PER_PERSON)
async def test_a_person_may_store_so_much_and_no_more(server: str, running: Running) -> None:
    async with people_on(server, "Ada", "Ben") as (ada, ben):
        notes = await ada.talk_to(ben)
        first = await sent(ada, notes, MIB + MIB // 2)
        refused = await upload(ada, MIB)
        assert (refused.status_code, refused.json()["code"]) == (507, "quota")
        assert "2 MiB" in refused.json()["detail"]
        deutsch = await upload(ada, MIB, **{"accept-language": "de"})
        assert deutsch.json()["detail"].startswith("Deine Dateien dürfen hier 2 MiB belegen.")
        # Others have room of their own, and what is deleted is free again.
        assert (await upload(ben, MIB)).status_code == 201
        await ada.delete(f"/conversations/{notes}/messages/{first}", 200)
        assert (await upload(ada, MIB)).status_code == 201


@with_rate_limit(PER_PERSON)
async def test_a_file_counts_once_however_often_it_is_forwarded(server: str) -> None:
    async with people_on(server, "Ada", "Ben") as (ada, ben):
        notes = await ada.talk_to(ben)
        first = await sent(ada, notes, MIB + MIB // 2)
        for _ in range(3):
            to = {"to": [{"conversation": notes, "key": new_key()}]}
            await ada.post(f"/conversations/{notes}/messages/{first}/forward", to)
        assert (await upload(ada, MIB // 4)).status_code == 201
        # The bytes stay as long as somebody carries them, so they still count.
        await ada.delete(f"/conversations/{notes}/messages/{first}", 200)
        assert (await upload(ada, MIB)).status_code == 507


@on_one_database
@with_rate_limit({"ECHOSPHERE_STORAGE_PER_PERSON_MIB": "1024"})
async def test_a_large_quota_is_said_in_gibibytes(server: str, running: Running) -> None:
    async with people_on(server, "Ada", "Ben") as (ada, ben):
        await sent(ada, await ada.talk_to(ben), 1)
        await running.application.database.write(grow, 2**30)
        said = (await upload(ada, 1)).json()["detail"]
        assert said.startswith("Your files may take up 1 GiB here.")


@with_rate_limit(IN_ALL)
async def test_all_together_may_store_so_much(server: str) -> None:
    async with people_on(server, "Ada", "Ben") as (ada, ben):
        await sent(ada, await ada.talk_to(ben), MIB + MIB // 2)
        assert (await upload(ben, MIB)).json()["code"] == "quota"
        assert (await upload(ben, MIB // 4)).status_code == 201


@on_one_database
@with_rate_limit(A_MINUTE)
async def test_who_uploads_too_much_at_once_has_to_wait(server: str) -> None:
    async with people_on(server, "Ada", "Ben") as (ada, ben):
        statuses = [(await upload(ada, MIB - 1_024)).status_code for _ in range(6)]
        assert statuses == [201] * 5 + [429]
        assert int((await upload(ada, MIB // 2)).headers["retry-after"]) > 0
        assert (await upload(ben, MIB // 2)).status_code == 201
