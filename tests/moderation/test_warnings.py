"""What a decision tells the reported person: in the app until they dismiss it, and by e-mail."""

import pytest
from sqlalchemy import select, update

from echosphere.announcements.store import DeleteOldDismissals, announcements
from echosphere.database import Snapshot, Transaction
from tests.mail_server import MailServer, text_of
from tests.moderation.test_reports import Cast, report
from tests.product.conftest import Running
from tests.product.once import on_one_database
from tests.product.people import PASSWORD, Person
from tests.product.test_announcements import MANAGED, next_one
from tests.product.test_password_reset import letters

REASON = "Be kind to each other."
WARNED = f"You were warned after a report. The reason: {REASON}"


@pytest.fixture
def more_settings(post: MailServer) -> dict[str, str]:
    """For a server that sends mail."""
    return {"ECHOSPHERE_SMTP_URL": f"smtp://127.0.0.1:{post.port}"}


async def decide(ada: Person, decision: str) -> None:
    """Decide the only open report."""
    [one] = (await ada.get("/administration/reports"))["reports"]
    given = {"decision": decision, "reason": REASON}
    await ada.post(f"/administration/reports/{one['id']}/decision", given, 204)


async def test_a_warned_user_is_told_in_the_app_and_by_mail_and_no_one_else(
    cast: Cast, post: MailServer
) -> None:
    ada, ben, oscar = cast
    await oscar.talk_to(ben)
    phone, others = await ben.connect(), await oscar.connect()
    await report(oscar, ben)
    await decide(ada, "warn")
    told = (await next_one(phone))["announcement"]
    assert (told["severity"], told["text"]) == ("warning", WARNED)
    [shown] = (await ben.get("/announcements"))["announcements"]
    assert shown == told
    await letters(post, 1)
    assert post.recipients == [ben.email]
    assert "A warning from the people who run this server" in text_of(post.letters[0])
    assert REASON in text_of(post.letters[0])

    for person in (ada, oscar):
        assert (await person.get("/announcements"))["announcements"] == []
        await person.put(f"/announcements/{told['id']}/dismissed", status=404)
    assert others.of("announcement") == []
    assert (await ada.get(MANAGED))["announcements"] == []
    await ada.delete(f"{MANAGED}/{told['id']}", 404)
    await ada.patch(f"{MANAGED}/{told['id']}", {"text": "Something else"}, 404)

    await ben.put(f"/announcements/{told['id']}/dismissed")
    assert await next_one(phone) == {"gone": told["id"]}
    assert (await ben.get("/announcements"))["announcements"] == []


@on_one_database
async def test_whose_message_is_removed_reads_why_in_their_language(cast: Cast) -> None:
    ada, ben, oscar = cast
    conversation = await oscar.talk_to(ben)
    await ben.patch("/me", {"settings": {"language": "de"}})
    said = await ben.say(conversation, "go away")
    await report(oscar, ben, conversation=conversation, seq=said["seq"])
    await decide(ada, "remove")
    [shown] = (await ben.get("/announcements"))["announcements"]
    assert shown["text"] == (
        f"Eine Nachricht von dir wurde nach einer Meldung entfernt. Der Grund: {REASON}"
    )


@on_one_database
async def test_a_warning_goes_with_the_account_and_after_its_time(
    running: Running, cast: Cast
) -> None:
    ada, ben, oscar = cast
    await oscar.talk_to(ben)
    await ben.talk_to(ada)
    for reporter, reported in ((oscar, ben), (ben, oscar)):
        await report(reporter, reported)
        await decide(ada, "warn")
    assert await told_alone(running) == {ben.id, oscar.id}
    answer = await ben.http.request("DELETE", "/me", json={"password": PASSWORD})
    assert answer.status_code == 204
    assert await told_alone(running) == {oscar.id}
    database = running.application.database
    await database.write(DeleteOldDismissals())
    assert await told_alone(running) == {oscar.id}
    await database.write(_end)
    await database.write(DeleteOldDismissals())
    assert await told_alone(running) == set()


async def told_alone(running: Running) -> set[str]:
    """Return those to whom alone something is said."""
    return await running.application.database.read(_told_alone)


def _end(transaction: Transaction) -> None:
    transaction.execute(update(announcements).values(ends_at=1))


def _told_alone(snapshot: Snapshot) -> set[str]:
    return set(snapshot.execute(select(announcements.c.for_user)).scalars())
