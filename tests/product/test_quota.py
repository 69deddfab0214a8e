"""No one can fill the disk: files per person, in total, and uploads per minute are limited."""

from typing import Any

import httpx
import pytest
from sqlalchemy import update

from echosphere.attachments import find_quota
from echosphere.attachments.store import attachments
from echosphere.database import Transaction
from tests.processes import in_all
from tests.product.conftest import Running
from tests.product.once import on_one_database
from tests.product.people import PASSWORD, Person, new_key, people_on

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
        # The bytes stay as long as someone carries them, so they still count.
        await ada.delete(f"/conversations/{notes}/messages/{first}", 200)
        assert (await upload(ada, MIB)).status_code == 507


@on_one_database
@with_rate_limit({"ECHOSPHERE_STORAGE_PER_PERSON_MIB": "1024"})
async def test_a_large_quota_is_said_in_gibibytes(server: str, running: Running) -> None:
    async with people_on(server, "Ada", "Ben") as (ada, ben):
        await sent(ada, await ada.talk_to(ben), 1)
        await running.application.database.write(grow, 2**30)
        said = (await upload(ada, 1)).json()["detail"]
        assert said.startswith("Your files can use up to 1 GiB here.")


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
        statuses = [(await upload(ada, MIB - 1_024)).status_code for _ in range(in_all(5) + 1)]
        assert statuses == [201] * in_all(5) + [429]
        assert int((await upload(ada, MIB // 2)).headers["retry-after"]) > 0
        assert (await upload(ben, MIB // 2)).status_code == 201


@with_rate_limit(PER_PERSON)
async def test_administrators_give_one_person_another_limit(server: str) -> None:
    async with people_on(server, "Ada", "Ben") as (ada, ben):
        await sent(ben, await ada.talk_to(ben), MIB + MIB // 2)
        quota = f"/administration/people/{ben.id}/quota"
        assert (await upload(ben, MIB)).status_code == 507
        await ben.put(quota, {"quota": 0}, 404)
        await ada.put("/administration/people/nobody/quota", {"quota": 0}, 404)
        await ada.put(quota, {"quota": MIB + 1}, 400)
        await ada.put(quota, {"quota": 4 * MIB})
        own = (await ben.get("/me/storage"))["storage"]
        assert (own["quota"], own["own_quota"]) == (4 * MIB, True)
        assert (await upload(ben, MIB)).status_code == 201
        assert "4 MiB" in (await upload(ben, 2 * MIB)).json()["detail"]
        await ada.put(quota, {"quota": 0})
        own = (await ben.get("/me/storage"))["storage"]
        assert (own["quota"], own["own_quota"]) == (None, True)
        await ada.put(quota, {"quota": None})
        await ada.put(quota, {"quota": None})  # nothing changes, so nothing is noted
        own = (await ben.get("/me/storage"))["storage"]
        assert (own["quota"], own["own_quota"]) == (2 * MIB, False)
        log = (await ada.get("/administration/audit", person=ben.id))["entries"]
        assert [one["action"] for one in log] == ["user.quota_changed"] * 3
        assert [(one["details"]["bytes_before"], one["details"]["bytes"]) for one in log] == [
            (0, None),
            (4 * MIB, 0),
            (None, 4 * MIB),
        ]


@with_rate_limit(PER_PERSON)
async def test_administrators_see_who_uses_how_much_storage(server: str) -> None:
    async with people_on(server, "Ada", "Ben", "Cleo") as (ada, ben, cleo):
        here = await ada.talk_to(ben)
        await sent(ben, here, MIB)
        for _ in range(2):
            await sent(ada, here, MIB // 4)
        await ada.put(f"/administration/people/{cleo.id}/quota", {"quota": 4 * MIB})

        async def names(**wanted: Any) -> list[str | None]:
            found = await ada.get("/administration/storage", **wanted)
            return [one["name"] for one in found["people"]]

        shown = await ada.get("/administration/storage")
        assert (shown["quota"], shown["quota_per_person"]) == (None, 2 * MIB)
        assert (shown["used"], shown["more"]) == (MIB + MIB // 2, False)
        assert shown["free_bytes"] > 0
        assert shown["people"][0] == {
            "id": ben.id,
            "name": "Ben",
            "email": ben.email,
            "avatar_url": None,
            "files": 1,
            "used": MIB,
            "by_programs": 0,
            "quota": 2 * MIB,
            "own_quota": False,
            "manageable": True,
        }
        assert await names() == ["Ben", "Ada", "Cleo"]
        assert await names(sort="files") == ["Ada", "Ben", "Cleo"]
        assert await names(sort="name") == ["Ada", "Ben", "Cleo"]
        assert await names(offset="1") == ["Ada", "Cleo"]
        assert await names(query="CLE") == ["Cleo"]
        assert await names(query=ben.email) == ["Ben"]
        assert await names(own="true") == ["Cleo"]
        await ben.get("/administration/storage", 404)


@with_rate_limit(PER_PERSON)
async def test_a_closed_account_loses_its_limit_and_its_files_still_count(
    server: str, running: Running
) -> None:
    async with people_on(server, "Ada", "Ben") as (ada, ben):
        await sent(ben, await ada.talk_to(ben), MIB)
        await ada.put(f"/administration/people/{ben.id}/quota", {"quota": 4 * MIB})
        await ben.http.request("DELETE", "/me", json={"password": PASSWORD})
        assert await running.application.database.read(find_quota, ben.id) is None
        shown = {one["id"]: one for one in (await ada.get("/administration/storage"))["people"]}
        assert shown[ben.id]["used"] == MIB
        assert not shown[ben.id]["manageable"]
        assert (shown[ben.id]["name"], shown[ben.id]["email"]) == (None, None)
        await ada.put(f"/administration/people/{ben.id}/quota", {"quota": MIB}, 404)
