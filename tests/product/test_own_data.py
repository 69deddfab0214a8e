"""A person downloads everything they can see, and nothing else; no one else gets it."""

import asyncio
import os
import random
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from echosphere.accounts.store import sessions, users
from echosphere.api import Operation
from echosphere.app import create_app
from echosphere.core.clock import DAY
from echosphere.data_export import DOCUMENTS, LEFT_OUT, OF_CONVERSATION
from echosphere.data_export.ask import DeleteExpiredExports
from echosphere.data_export.cleanup import ExportCleanup
from echosphere.data_export.contents import CONVERSATION, HIDDEN, HISTORY, MESSAGE, SAVED, VERSIONS
from echosphere.data_export.export import FOLDER
from echosphere.data_export.store import data_exports
from echosphere.database import Transaction
from echosphere.settings import load_settings
from tests.processes import in_all
from tests.product.conftest import Running
from tests.product.exported import (
    Download,
    download_of,
    exported_by,
    prove,
    ready,
    require_equal_to_rest,
)
from tests.product.groups import found, group_on
from tests.product.once import on_one_database
from tests.product.people import PASSWORD, Person, new_key, people_on
from tests.product.test_quota import MIB
from tests.product.test_sessions_live import another_device

ELSEWHERE = {SAVED, HIDDEN, CONVERSATION, HISTORY, MESSAGE, VERSIONS}
SECRETS = ("draft of Ben", "only Ben saved", "secret of Oscar")


def test_all_that_is_read_is_in_the_download_or_left_out_for_a_reason(tmp_path: Path) -> None:
    application = create_app(load_settings({"ECHOSPHERE_DATA": str(tmp_path)}))
    reading = {
        endpoint.path
        for operation in application.operations.served
        if isinstance(operation, Operation)
        for endpoint in operation.http
        if endpoint.method == "GET" and not endpoint.path.startswith("/administration")
    }
    named = {*DOCUMENTS.values(), *OF_CONVERSATION.values(), *LEFT_OUT, *ELSEWHERE}
    assert reading == named


async def test_a_download_holds_what_rest_shows(server: str) -> None:
    async with group_on(server) as group:
        ada, ben, carl, oscar = group.owner, group.admin, group.member, group.outsider
        await ada.say(group.id, "**Hello** <b>you</b> https://example.org/?a=1&b=2")
        posted = await carl.say(group.id, "first words")
        await carl.patch(group.path(f"/messages/{posted['seq']}"), {"body": "other words"})
        file = await ada.upload("con.html", b"<script>alert(1)</script>")
        await ada.say(group.id, "", attachments=[file["id"]])
        direct = await ada.talk_to(ben)
        await ben.say(direct, "between us")
        download = await download_of(carl)
        download.check_hashes()
        await require_equal_to_rest(carl, download)
        assert "between us" not in download.text()
        assert "&lt;b&gt;you&lt;/b&gt;" in download.text()
        assert next(name for name in download.names if "con.html" in name).endswith(".txt")
        download = await download_of(ada)
        await require_equal_to_rest(ada, download)
        assert "between us" in download.text()
        assert oscar.id not in download.text()


class World:
    """People who do at random what changes what each may see.

    Args:
        seed: What they do depends on it alone.
        people: Who.
        places: Conversations.
    """

    def __init__(self, seed: int, people: list[Person], places: list[str]) -> None:
        self.random = random.Random(seed)
        self.people = people
        self.places = places

    async def act(self) -> None:
        """Have someone do something; what is refused did not happen."""
        acts = (
            self.say, self.say, self.say, self.send_file, self.edit, self.delete, self.hide,
            self.save, self.clear, self.react, self.draft, self.leave, self.join, self.block,
            self.hold, self.expire,
        )  # fmt: skip
        person, place = self.random.choice(self.people), self.random.choice(self.places)
        with suppress(AssertionError):  # refused
            await self.random.choice(acts)(person, place)

    async def say(self, person: Person, place: str) -> None:
        await person.say(place, f"*words* {self.random.randrange(10**6)} <i>of</i> @Ada")

    async def send_file(self, person: Person, place: str) -> None:
        names = ("a.txt", "A.TXT", "aux", "ü#?.pdf", "../../x", "x.svg", "…" * 90, "a\\b:c")
        content = self.random.randbytes(self.random.randrange(1, 3000))
        file = await person.upload(self.random.choice(names), content)
        await person.say(place, "", attachments=[file["id"]])

    async def _seq(self, person: Person, place: str) -> int:
        page = await person.get(f"/conversations/{place}/messages", limit=30)
        return int(self.random.choice(page["messages"] or [{"seq": 1}])["seq"])

    async def _message(self, person: Person, place: str) -> str:
        return f"/conversations/{place}/messages/{await self._seq(person, place)}"

    async def edit(self, person: Person, place: str) -> None:
        await person.patch(await self._message(person, place), {"body": "said better"})

    async def delete(self, person: Person, place: str) -> None:
        await person.delete(await self._message(person, place), 200)

    async def hide(self, person: Person, place: str) -> None:
        seqs = {"seqs": [await self._seq(person, place)]}
        await person.post(f"/conversations/{place}/hidden", seqs, 200)

    async def save(self, person: Person, place: str) -> None:
        await person.put(f"{await self._message(person, place)}/saved")

    async def clear(self, person: Person, place: str) -> None:
        seq = {"seq": await self._seq(person, place)}
        await person.put(f"/conversations/{place}/cleared", seq, 200)

    async def react(self, person: Person, place: str) -> None:
        await person.put(f"{await self._message(person, place)}/reactions/👍", status=200)

    async def draft(self, person: Person, place: str) -> None:
        await person.patch(f"/conversations/{place}", {"draft": f"draft of {person.user['name']}"})

    async def leave(self, person: Person, place: str) -> None:
        await person.delete(f"/conversations/{place}/members/{person.id}")

    async def join(self, person: Person, place: str) -> None:
        owner = self.people[0]
        await owner.post(f"/conversations/{place}/members", {"user": person.id})

    async def block(self, person: Person, _: str) -> None:
        other = self.random.choice(self.people)
        await person.put(f"/blocks/{other.id}")
        if self.random.random() < 0.5:
            await person.delete(f"/blocks/{other.id}")

    async def hold(self, person: Person, place: str) -> None:
        given = {"key": new_key(), "body": "buy my boat"}
        await person.post(f"/conversations/{place}/messages", given, 200)

    async def expire(self, person: Person, place: str) -> None:
        seconds = self.random.choice([0, 3600])
        await person.patch(f"/conversations/{place}", {"expire_seconds": seconds})


@pytest.mark.parametrize("seed", range(3))
async def test_in_any_world_it_equals_rest_and_holds_nothing_of_others(
    server: str, seed: int
) -> None:
    async with people_on(server, "Ada", "Ben", "Carl", "Oscar") as people:
        ada, ben, carl, oscar = people
        groups = [await found(ada, ben, carl), await found(ada, ben, carl, title="CON: a/b\\c. ")]
        await ada.put(f"/conversations/{groups[0]}/filter", {"words": ["boat"]}, 200)
        direct = await ada.talk_to(ben)
        await oscar.talk_to(ben)
        world = World(seed, [ada, ben, carl], [*groups, direct])
        for _ in range(70):
            await world.act()
        secret = await found(oscar, ben, title="secret of Oscar")
        await ben.patch(f"/conversations/{direct}", {"draft": SECRETS[0]})
        await ben.say(secret, SECRETS[1])
        for person in (ada, carl):
            download = await download_of(person)
            download.check_hashes()
            await require_equal_to_rest(person, download)
            text = download.text()
            assert not [one for one in (*SECRETS, oscar.email) if one in text]
            require_portable(download)


def require_portable(download: Download) -> None:
    """No name says something else on another system, or leaves its folder."""
    assert len({name.casefold() for name in download.names}) == len(download.names)
    for name in download.names:
        parts = name.split("/")
        assert not set(name) & set('<>:"\\|?*\0\n')
        assert not [part for part in parts if part in ("", ".", "..") or part[-1] in " ."]
        assert all(len(part.encode()) <= 120 for part in parts)


@on_one_database
async def test_no_one_else_gets_it_whatever_their_role(running: Running, server: str) -> None:
    async with people_on(server, "Ada", "Ben", "Oscar") as (ada, ben, oscar):
        await make_owner(running, ada)
        export = await exported_by(ben)
        for other in (ada, oscar):
            assert (await other.http.get(f"/me/export/{export}")).status_code == 404
            await other.delete("/me/export")
        async with httpx.AsyncClient(base_url=f"{server}/api/v1") as nobody:
            assert (await nobody.get(f"/me/export/{export}")).status_code == 401
        assert (await ben.http.get(f"/me/export/{export}")).status_code == 200


async def make_owner(running: Running, person: Person) -> None:
    """Give someone all rights on the server."""

    def change(transaction: Transaction) -> None:
        transaction.execute(update(users).where(users.c.id == person.id).values(role="owner"))

    await running.application.database.write(change)
    running.forget_callers()


@on_one_database
async def test_asking_needs_a_fresh_proof_and_is_told(running: Running, server: str) -> None:
    async with people_on(server, "Ada", "Ben") as (_, ben):
        device = await another_device(ben)
        socket = await ben.connect()

        def age(transaction: Transaction) -> None:
            transaction.execute(update(sessions).values(proved_at=0))

        await running.application.database.write(age)
        assert (await device.http.put("/me/export")).json()["code"] == "proof_needed"
        await prove(device, PASSWORD)
        export = (await device.put("/me/export", status=200))["export"]
        assert export["state"] == "waiting"
        asked = await socket.next("security")
        assert asked["event"]["kind"] == "export_requested"
        await ready(ben)
        kinds = [one["kind"] for one in (await ben.get("/me/security-events"))["events"]]
        assert kinds[:2] == ["export_ready", "export_requested"]
        await device.close()


@on_one_database
async def test_each_person_has_one_and_repeats_get_it(server: str) -> None:
    async with people_on(server, "Ada") as (ada,):
        answers = await asyncio.gather(*(ada.put("/me/export", status=200) for _ in range(10)))
        assert len({one["export"]["id"] for one in answers}) == 1
        export = await ready(ada)
        again = (await ada.put("/me/export", status=200))["export"]
        assert again == export
        await ada.delete("/me/export")
        await ada.delete("/me/export")
        assert (await ada.get("/me/export"))["export"] is None
        assert (await ada.http.get(f"/me/export/{export['id']}")).status_code == 404
        assert (await ada.put("/me/export", status=200))["export"]["id"] != export["id"]
        await ready(ada)


@on_one_database
async def test_it_is_sent_in_ranges_and_goes_on(server: str) -> None:
    async with people_on(server, "Ada") as (ada,):
        export = await exported_by(ada)
        whole = await ada.http.get(f"/me/export/{export}")
        assert whole.headers["content-type"] == "application/zip"
        assert whole.headers["cache-control"] == "private, no-store"
        assert whole.headers["content-disposition"].startswith("attachment")
        ranged = {"Range": "bytes=100-", "If-Range": whole.headers["etag"]}
        rest = await ada.http.get(f"/me/export/{export}", headers=ranged)
        assert (rest.status_code, rest.content) == (206, whole.content[100:])


@on_one_database
async def test_after_a_day_it_is_gone_with_its_file(running: Running, server: str) -> None:
    async with people_on(server, "Ada") as (ada,):
        export = await exported_by(ada)
        until = (await ada.get("/me/export"))["export"]["expires_at"]
        now = running.application.clock()
        assert 0 <= until - now - DAY + 60_000 <= 60_000

        def expire(transaction: Transaction) -> None:
            transaction.execute(update(data_exports).values(expires_at=transaction.now))

        application = running.application
        await application.database.write(expire)
        assert (await ada.http.get(f"/me/export/{export}")).status_code == 404
        assert (await ada.get("/me/export"))["export"] is None
        assert await application.database.write(DeleteExpiredExports()) == [export]
        await gone(application.storage.incoming.parent / FOLDER, export)


async def gone(folder: Path, export: str) -> None:
    """Wait until a file is deleted."""
    async with asyncio.timeout(30):
        while list(folder.rglob(export)):
            await asyncio.sleep(0.05)


@on_one_database
async def test_leftovers_of_a_crash_are_swept(running: Running, server: str) -> None:
    application = running.application
    storage = application.storage.subfolder(FOLDER)
    left = storage.incoming / "left.export"
    left.write_bytes(b"half of it")
    await storage.put(left, "leftover")
    cleanup = ExportCleanup(application.database, application.storage)
    await cleanup.clean_up()
    assert await storage.size("leftover") == len(b"half of it")  # its row may be on its way
    for path in Path(application.settings.data).rglob("leftover*"):
        os.utime(path, (time.time() - 10**6,) * 2)
    await cleanup.clean_up()
    with pytest.raises(FileNotFoundError):
        await storage.size("leftover")


@on_one_database
async def test_one_that_was_begun_before_is_made_from_the_beginning(
    running: Running, server: str
) -> None:
    async with people_on(server, "Ada") as (ada,):
        application = running.application
        runner = application.runners[0]
        await runner.stop()
        export = (await ada.put("/me/export", status=200))["export"]["id"]
        half = application.storage.incoming / f"{export}.export"
        half.write_bytes(b"half of it")
        await runner.start()
        assert (await ready(ada))["state"] == "ready"
        assert not half.exists()
        assert (await ada.http.get(f"/me/export/{export}")).content[:2] == b"PK"


@on_one_database
async def test_what_is_given_up_is_not_made(running: Running, server: str) -> None:
    async with people_on(server, "Ada") as (ada,):
        application = running.application
        runner = application.runners[0]
        await runner.stop()
        export = (await ada.put("/me/export", status=200))["export"]["id"]
        await ada.delete("/me/export")
        await runner.start()
        await asyncio.sleep(0.3)
        assert (await ada.get("/me/export"))["export"] is None
        assert not list((application.storage.incoming.parent / FOLDER).rglob(export))


@pytest.mark.parametrize(
    ("more_settings", "status", "said"),
    [
        ({"ECHOSPHERE_MAX_EXPORT_MIB": "1"}, 507, "too large to download"),
        ({"ECHOSPHERE_STORAGE_IN_ALL_MIB": "1"}, 507, "enough space"),
        ({"ECHOSPHERE_DISK_RESERVE_MIB": str(2**20)}, 503, "enough space"),
    ],
)
@on_one_database
async def test_without_room_it_is_refused_clearly(server: str, status: int, said: str) -> None:
    async with people_on(server, "Ada") as (ada,):
        refused = await ada.http.put("/me/export")
        assert refused.status_code == status
        assert said in refused.json()["detail"]
        german = await ada.http.put("/me/export", headers={"Accept-Language": "de"})
        assert "Deine Daten" in german.json()["detail"] or "Platz" in german.json()["detail"]
        assert (await ada.get("/me/export"))["export"] is None


async def send_random(person: Person, conversation: str, size: int) -> int:
    """Send a file that cannot be compressed; return the number of the message."""
    file = await person.upload("random.bin", random.Random(size).randbytes(size))
    return int((await person.say(conversation, "", attachments=[file["id"]]))["seq"])


@pytest.mark.parametrize("more_settings", [{"ECHOSPHERE_MAX_EXPORT_MIB": "20"}])
@on_one_database
async def test_what_becomes_too_large_while_it_is_made_fails_and_says_so(
    running: Running, server: str
) -> None:
    async with people_on(server, "Ada", "Ben") as (ada, ben):
        here = await ada.talk_to(ben)
        runner = running.application.runners[0]
        await runner.stop()
        await ada.put("/me/export", status=200)
        # All this is sent after it was asked for.
        seqs = [await send_random(ada, here, 6 * MIB) for _ in range(7)]
        await runner.start()
        failed = await ready(ada)
        assert (failed["state"], failed["problem"], failed["url"]) == ("failed", "too_large", None)
        told = await ada.http.put("/me/export")
        assert "too large to download" in told.json()["detail"]
        for seq in seqs:
            await ada.delete(f"/conversations/{here}/messages/{seq}", 200)
        await ada.put("/me/export", status=200)
        assert (await ready(ada))["state"] == "ready"


@on_one_database
async def test_it_ends_with_the_account(running: Running, server: str, another_owner: str) -> None:
    async with people_on(server, "Ada") as (ada,):
        export = await exported_by(ada)
        closed = await ada.http.request("DELETE", "/me", json={"password": PASSWORD})
        assert closed.status_code == 204
        await gone(running.application.storage.incoming.parent / FOLDER, export)


RATES: dict[str, Any] = {"ECHOSPHERE_RATE_LIMITS": "on"}


@pytest.mark.parametrize("more_settings", [RATES])
@on_one_database
async def test_it_has_a_rate(server: str) -> None:
    async with people_on(server, "Ada") as (ada,):
        answers = [await ada.http.put("/me/export") for _ in range(in_all(5) + 1)]
        assert [one.status_code for one in answers] == [200] * in_all(5) + [429]
        assert int(answers[-1].headers["retry-after"]) > 0
