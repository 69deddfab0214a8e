"""Announcements from the people who run the server: in the app, by e-mail, until they end."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import update

from echosphere.accounts.store.tables import sessions
from echosphere.announcements import mail_batch
from echosphere.announcements.mail_batch import MAIL, RecordMail
from echosphere.audit import entries_before
from echosphere.commands.answering import answer
from echosphere.control import Call
from echosphere.core.errors import Refusal
from echosphere.database import Transaction
from tests.mail_server import MailServer, text_of
from tests.product.conftest import Running
from tests.product.once import on_one_database
from tests.product.people import Person, Socket, people_on
from tests.product.test_password_reset import letters

pytestmark = pytest.mark.own_product

Cast = tuple[Person, Person, Person]

MANAGED = "/administration/announcements"
FAR = 4_102_444_800_000


async def announce(person: Person, text: str = "Maintenance at eight", **more: Any) -> Any:
    return (await person.post(MANAGED, {"text": text, **more}))["announcement"]


async def shown_to(person: Person) -> list[str]:
    return [one["text"] for one in (await person.get("/announcements"))["announcements"]]


async def next_one(socket: Socket) -> Any:
    """Return the next event about announcements, and not again."""
    event = await socket.next("announcement")
    socket.events.remove(("announcement", event))
    return event


async def test_everyone_is_shown_it_at_once_and_who_comes_later_until_it_ends(
    cast: Cast, server: str
) -> None:
    ada, ben, oscar = cast
    phone = await ben.connect(transports=["polling"])
    desk = await oscar.connect()
    made = await announce(ada, "Maintenance\nat eight", severity="warning", ends_at=FAR)
    shape = {name: made[name] for name in ("id", "severity", "text", "created_at", "ends_at")}
    for socket in (phone, desk):
        assert await next_one(socket) == {"announcement": shape, "again": True}
    async with people_on(server, "Cleo Late") as [cleo]:
        assert (await cleo.get("/announcements"))["announcements"] == [shape]
        told = await (await cleo.connect()).call("announcements", {})
        assert told["announcements"] == [shape]
    assert (made["author_name"], made["current"], made["mails"]) == ("Ada Example", True, False)


async def test_one_that_has_ended_is_shown_to_no_one_and_cannot_be_changed(
    cast: Cast, running: Running
) -> None:
    ada, ben, _ = cast
    clock = running.application.database.clock
    made = await announce(ada, ends_at=clock() + 300)
    while await shown_to(ben):
        await asyncio.sleep(0.05)
    path = f"{MANAGED}/{made['id']}"
    assert (await ada.patch(path, {"text": "Again"}, 409))["detail"].startswith("This announce")
    await ada.delete(path, 409)
    [past] = (await ada.get(MANAGED))["announcements"]
    assert past["current"] is False


async def test_what_is_put_away_stays_away_on_all_devices_of_that_person(cast: Cast) -> None:
    ada, ben, oscar = cast
    made = await announce(ada)
    phone, desk, other = await ben.connect(), await ben.connect(), await oscar.connect()
    await phone.call("dismiss_announcement", {"announcement": made["id"]})
    for socket in (phone, desk):
        assert await next_one(socket) == {"gone": made["id"]}
    await ben.put(f"/announcements/{made['id']}/dismissed")
    assert await shown_to(ben) == []
    assert await shown_to(oscar) == ["Maintenance at eight"]
    [managed] = (await ada.get(MANAGED))["announcements"]
    assert managed["dismissed"] == 1
    await ada.patch(f"{MANAGED}/{made['id']}", {"text": "At nine"})
    changed = await next_one(other)
    assert (changed["announcement"]["text"], changed["again"]) == ("At nine", False)
    assert await shown_to(ben) == []
    await ada.patch(f"{MANAGED}/{made['id']}", {"severity": "urgent", "again": True})
    assert await shown_to(ben) == ["At nine"]
    await ben.put("/announcements/nothing/dismissed", None, 404)


async def test_one_that_is_withdrawn_disappears(cast: Cast) -> None:
    ada, ben, _ = cast
    made = await announce(ada)
    socket = await ben.connect()
    await ada.delete(f"{MANAGED}/{made['id']}")
    assert await next_one(socket) == {"gone": made["id"]}
    assert await shown_to(ben) == []
    [managed] = (await ada.get(MANAGED))["announcements"]
    assert (managed["current"], managed["withdrawn_at"] is not None) == (False, True)
    await ada.delete(f"{MANAGED}/nothing", 404)


async def test_each_act_is_in_the_audit_log_without_a_word_of_it(
    cast: Cast, running: Running
) -> None:
    ada, _, _ = cast
    made = await announce(ada, "The lantern is lit")
    await ada.patch(f"{MANAGED}/{made['id']}", {"text": "The lantern is out"})
    await ada.delete(f"{MANAGED}/{made['id']}")
    entries = await running.application.database.read(entries_before, 2**53 - 1, 3)
    assert [one.action for one in entries] == [
        "announcement.withdrawn",
        "announcement.changed",
        "announcement.created",
    ]
    assert {(one.actor, one.target) for one in entries} == {(ada.id, made["id"])}
    assert "lantern" not in repr(entries)


async def test_it_asks_for_a_fresh_proof(cast: Cast, running: Running) -> None:
    ada, _, _ = cast
    made = await announce(ada)
    await running.application.database.write(_forget_proofs)
    path = f"{MANAGED}/{made['id']}"
    for method, where, body in (
        ("POST", MANAGED, {"text": "Hello"}),
        ("PATCH", path, {"text": "Hello"}),
        ("DELETE", path, None),
    ):
        refused = await ada.http.request(method, where, json=body)
        assert (refused.status_code, refused.json()["code"]) == (403, "proof_needed"), method
    assert await shown_to(ada) == ["Maintenance at eight"]


async def test_what_makes_no_sense_is_refused(cast: Cast) -> None:
    ada, _, _ = cast
    for body, field in (
        ({"text": " \u2800\n"}, "text"),
        ({"text": "x" * 2_001}, "text"),
        ({"text": "Hello", "ends_at": 1}, "ends_at"),
        ({"text": "Hello", "severity": "loud"}, "severity"),
    ):
        assert field in (await ada.post(MANAGED, body, 400))["fields"]
    for number in range(10):
        await announce(ada, f"Number {number}")
    await ada.post(MANAGED, {"text": "Hello"}, 409)
    german = {"Accept-Language": "de"}
    told = await ada.http.post(MANAGED, json={"text": "Hello"}, headers=german)
    assert told.json()["detail"].startswith("Es gibt schon 10 Ankündigungen.")
    assert len(await shown_to(ada)) == 10


@on_one_database
async def test_the_command_line_announces_changes_and_withdraws(
    cast: Cast, running: Running
) -> None:
    _, ben, _ = cast
    socket = await ben.connect()

    async def run(words: str, **given: Any) -> Any:
        async for shape in answer(running.application, Call(words, given, "root")):
            return shape
        return None

    made = (await run("announce create", text="Hello", severity="urgent", until=FAR)).announcement
    assert (await next_one(socket))["announcement"]["severity"] == "urgent"
    assert (made.author, made.author_name) == ("command-line", None)
    await run("announce edit", announcement=made.id, text="Hello again", again=True)
    assert (await next_one(socket))["announcement"]["text"] == "Hello again"
    await run("announce withdraw", announcement=made.id)
    assert await next_one(socket) == {"gone": made.id}
    [listed] = (await run("announce list")).announcements
    assert (listed.current, listed.severity, listed.ends_at) == (False, "urgent", FAR)
    with pytest.raises(Refusal, match="No mail server is set"):
        await run("announce create", text="Hello", mail=True)


async def test_where_there_is_no_mail_server_it_is_shown_and_not_mailed(cast: Cast) -> None:
    ada, ben, _ = cast
    made = await announce(ada, mail=True)
    assert (made["mails"], made["mailing"]) == (False, False)
    assert await shown_to(ben) == ["Maintenance at eight"]
    assert (await ada.get(MANAGED))["mail"] is False


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail_batch, "BATCH", 2)


@pytest.mark.usefixtures("small_batches")
class TestByMail:
    """With a mail server, in batches of two."""

    @pytest.fixture
    def more_settings(self, post: MailServer) -> dict[str, str]:
        return {"ECHOSPHERE_SMTP_URL": f"smtp://127.0.0.1:{post.port}"}

    async def test_everyone_gets_it_once_in_their_language(
        self, cast: Cast, server: str, post: MailServer
    ) -> None:
        ada, ben, oscar = cast
        async with people_on(server, "Cleo Example", "Dora Example") as [cleo, dora]:
            await ben.patch("/me", {"settings": {"language": "de"}})
            await ada.put(f"/administration/people/{dora.id}/suspension", {"reason": "None."})
            made = await announce(ada, "Maintenance <at> eight", severity="urgent", mail=True)
            assert made["mailing"] is True
            await letters(post, 4)
            everybody = {one.email: one for one in (ada, ben, oscar, cleo)}
            assert sorted(post.recipients) == sorted(everybody)
            german = post.letters[post.recipients.index(ben.email)]
            assert "Dringende Ankündigung" in german["Subject"]
            assert "Eine dringende Ankündigung der Betreiber" in text_of(german)
            english = post.letters[post.recipients.index(ada.email)]
            assert "An urgent announcement" in text_of(english)
            assert "Maintenance &lt;at&gt; eight" in text_of(english, "html")
            assert len({letter["Message-ID"] for letter in post.letters}) == 4
            assert await _until_mailed(ada) == 4

    async def test_a_batch_that_is_run_again_sends_nothing_twice(
        self, cast: Cast, running: Running, post: MailServer
    ) -> None:
        ada, _, _ = cast
        made = await announce(ada, mail=True)
        await _until_mailed(ada)
        for batch in (0, 1):
            await running.application.database.write(_enqueue, made["id"], batch)
        await announce(ada, "Another one", mail=True)
        await letters(post, 6)
        said = [text_of(letter).split("\n\n")[2] for letter in post.letters]
        assert (said.count("Maintenance at eight"), said.count("Another one")) == (3, 3)

    async def test_the_rest_is_mailed_when_the_mail_server_is_back(
        self, cast: Cast, running: Running, post: MailServer
    ) -> None:
        ada, _, _ = cast
        post.refusal = "451 Later"
        made = await announce(ada, mail=True)
        while not (await ada.get("/administration/health"))["failed_jobs"]:
            await asyncio.sleep(0.05)
        [failed] = (await ada.get("/administration/health"))["failed_jobs"]
        assert failed["kind"] == "announcements.mail"
        first = min(cast, key=lambda person: person.id)  # was sent before the server went away
        await running.application.database.write(RecordMail(made["id"], first.id))
        post.refusal = None
        await ada.post("/administration/jobs", {"job": failed["id"]}, 204)
        assert await _until_mailed(ada) == 3
        assert sorted(post.recipients) == sorted(one.email for one in cast if one != first)

    async def test_one_that_was_withdrawn_is_mailed_no_further(
        self, cast: Cast, post: MailServer
    ) -> None:
        ada, _, _ = cast
        post.refusal = "451 Later"
        made = await announce(ada, mail=True)
        while not (await ada.get("/administration/health"))["failed_jobs"]:
            await asyncio.sleep(0.05)
        await ada.delete(f"{MANAGED}/{made['id']}")
        post.refusal = None
        [failed] = (await ada.get("/administration/health"))["failed_jobs"]
        await ada.post("/administration/jobs", {"job": failed["id"]}, 204)
        await announce(ada, "Another one", mail=True)
        await letters(post, 3)
        assert all("Another one" in text_of(letter) for letter in post.letters)


async def _until_mailed(ada: Person) -> int:
    while (one := (await ada.get(MANAGED))["announcements"][0])["mailing"]:
        await asyncio.sleep(0.05)
    return int(one["mailed"])


def _forget_proofs(transaction: Transaction) -> None:
    transaction.execute(update(sessions).values(proved_at=0))


def _enqueue(transaction: Transaction, announcement: str, batch: int) -> None:
    transaction.enqueue(MAIL, {"announcement": announcement, "batch": batch})
