"""Those who decide reports learn of a new one: at once in the app, by push and mail once in some minutes."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select, update

from echosphere.database import Snapshot, Transaction
from echosphere.database.job_table import jobs
from echosphere.moderation import SPAN, arrivals
from echosphere.moderation.arrivals import begins_span
from echosphere.moderation.store import reports
from echosphere.notifications import reports as notifications
from echosphere.notifications.reports import MAIL, PUSH, REPORTED
from tests.mail_server import MailServer, text_of
from tests.moderation.test_reports import Cast, report, sign_in
from tests.product.conftest import Running
from tests.product.once import on_one_database
from tests.product.people import TIMEOUT, Person, people_on
from tests.product.push_service import PushService


@pytest.fixture
def more_settings(post: MailServer) -> dict[str, str]:
    """For a server that sends mail, and reaches the test's push service."""
    return {
        "ECHOSPHERE_SMTP_URL": f"smtp://127.0.0.1:{post.port}",
        "ECHOSPHERE_ALLOW_PRIVATE_ADDRESSES": "on",
    }


@pytest.fixture
def long_span(monkeypatch: pytest.MonkeyPatch) -> None:
    """All that is reported is reported within one span."""
    for module in (arrivals, notifications):
        monkeypatch.setattr(module, "SPAN", 10**14)


@pytest.fixture
async def cleo(server: str) -> AsyncIterator[Person]:
    """A fourth account, which is to be a moderator."""
    async with people_on(server, "Cleo Example") as [cleo]:
        yield cleo


async def waiting(running: Running) -> int:
    """Return how many jobs wait for the end of a span."""
    return len(await running.application.database.read(_waiting))


def _waiting(snapshot: Snapshot) -> list[object]:
    return list(snapshot.execute(select(jobs.c.id).where(jobs.c.kind == REPORTED)))


def _end_span(transaction: Transaction) -> None:
    transaction.execute(update(jobs).where(jobs.c.kind == REPORTED).values(run_at=0))


async def end_span(running: Running) -> None:
    """Let the minutes be over after which those who decide are told."""
    await running.application.database.write(_end_span)
    running.application.push_jobs.wake()
    async with asyncio.timeout(TIMEOUT):
        while await running.application.database.read(_telling):
            await asyncio.sleep(0.02)


def _telling(snapshot: Snapshot) -> bool:
    kinds = jobs.c.kind.in_([REPORTED, PUSH, MAIL])
    return snapshot.execute(select(jobs.c.id).where(kinds)).first() is not None


def told_by_mail(post: MailServer) -> list[tuple[str, str]]:
    """Return who was mailed of reports, and what."""
    said = zip(post.recipients, map(text_of, post.letters), strict=True)
    return [one for one in said if "There are reports to review." in one[1]]


@pytest.mark.usefixtures("long_span")
async def test_who_decides_reports_is_told_once_as_their_settings_have_it(
    cast: Cast, cleo: Person, running: Running, post: MailServer, service: PushService
) -> None:
    ada, ben, oscar = cast
    await oscar.talk_to(ben)
    await ada.put(f"/administration/people/{cleo.id}/role", {"role": "moderator"})
    await sign_in(cleo)
    await cleo.patch("/me", {"settings": {"digest": False, "language": "de"}})
    keys = await service.subscribe(cleo)
    room, others = await ada.connect(), await ben.connect()
    await report(oscar, ben)
    told = await room.next("administration", topic="reports")
    assert told == {"topic": "reports", "user": None, "arrived": True}
    await report(ben, oscar)
    assert await waiting(running) == 1
    await end_span(running)
    (pushed,) = await service.next_to(keys)
    assert keys.read(pushed)["body"] == "Meldungen warten auf eine Entscheidung."
    assert keys.read(pushed)["url"] == "/admin/reports"
    [(recipient, said)] = told_by_mail(post)
    assert recipient == ada.email
    assert "/admin/reports" in said
    assert "Ben" not in said
    assert others.of("administration") == []


@on_one_database
@pytest.mark.usefixtures("long_span")
async def test_no_one_is_told_of_reports_about_themselves_or_by_themselves(
    cast: Cast, cleo: Person, running: Running, post: MailServer
) -> None:
    ada, ben, _ = cast
    await cleo.talk_to(ben)
    await ada.put(f"/administration/people/{cleo.id}/role", {"role": "moderator"})
    await sign_in(cleo)
    await report(ben, cleo)
    await report(cleo, ben)
    await end_span(running)
    assert [recipient for recipient, _ in told_by_mail(post)] == [ada.email]


@on_one_database
async def test_the_first_report_of_each_span_begins_it(cast: Cast, running: Running) -> None:
    _, ben, oscar = cast
    await oscar.talk_to(ben)
    await report(oscar, ben)

    def at(transaction: Transaction, moment: int) -> int | None:
        transaction.execute(update(reports).values(created_at=moment))
        return begins_span(transaction)

    now = running.application.database.clock()
    database = running.application.database
    assert await database.write(at, now) == now - now % SPAN
    assert await database.write(at, now - 2 * SPAN) is None
