"""E-mails announcements in jobs of bounded batches, each e-mail exactly once.

After each mail it is stored how far the sending has come, and a batch leaves the job of the next
one in the transaction in which it ends. A job that runs again goes on where it was; only the mail
that was sent when a process died may come twice.
"""

from typing import Any, NamedTuple

from echosphere.accounts import MailRecipient, mail_recipients_after, tell_staff
from echosphere.announcements import store
from echosphere.announcements.announcement import Announcement
from echosphere.announcements.emails import announcement_email
from echosphere.database import Command, Database, Snapshot, Transaction
from echosphere.jobs import JobRunner
from echosphere.mail import Mailer, deliver
from echosphere.settings import LiveSettings

MAIL = "announcements.mail"
BATCH = 50
"""Mails of one job."""


class Batch(NamedTuple):
    """An announcement and those to whom it goes next; none are left if they are fewer than `BATCH`."""

    announcement: Announcement
    recipients: list[MailRecipient]


class AnnouncementMails:
    """Mails announcements to everyone whose account is open.

    Args:
        database: Holds the announcements.
        mailer: Sends mails.
        live: Where people read them in the app, and whether unconfirmed addresses get none.
    """

    def __init__(self, database: Database, mailer: Mailer, live: LiveSettings) -> None:
        self._database = database
        self._mailer = mailer
        self._base_url = live.start.base_url
        self._live = live

    def register(self, jobs: JobRunner) -> None:
        """Register the job."""
        jobs.register(MAIL, self.send)

    async def send(self, payload: dict[str, Any]) -> None:
        """Send one batch."""
        announcement, number = payload["announcement"], payload["batch"]
        found = await self._database.read(
            _find_batch, announcement, number, confirmed_only=self._live.current.confirm_email
        )
        if found is None or not self._mailer.is_configured:
            return
        for recipient in found.recipients:
            await self._send_one(found.announcement, recipient)
        more = len(found.recipients) == BATCH
        await self._database.write(FinishMailBatch(announcement, number, more))

    async def _send_one(self, announcement: Announcement, recipient: MailRecipient) -> None:
        email = announcement_email(announcement, recipient, self._base_url)
        await deliver(self._mailer, email, "an announcement")
        await self._database.write(RecordMail(announcement.id, recipient.user_id))


class RecordMail(Command[None]):
    """Store how far the mails of an announcement have come."""

    announcement: str
    user_id: str

    def run(self, transaction: Transaction) -> None:
        """Store it."""
        store.record_mail(transaction, self.announcement, self.user_id)


class FinishMailBatch(Command[None]):
    """End a batch and leave the job of the next one, unless that was done already."""

    announcement: str
    batch: int
    more: bool

    def run(self, transaction: Transaction) -> None:
        """End it."""
        following = self.batch + 1 if self.more else None
        if not store.finish_batch(transaction, self.announcement, self.batch, following):
            return
        tell_staff(transaction, "announcements")
        if following is not None:
            payload = {"announcement": self.announcement, "batch": following}
            transaction.enqueue(MAIL, payload)


def _find_batch(
    snapshot: Snapshot, announcement: str, batch: int, *, confirmed_only: bool
) -> Batch | None:
    """Return the next who get it; None if it is over, or if another job has come further."""
    found = store.find_announcement(snapshot, announcement)
    if found is None or found.mail_batch != batch or not found.is_current(snapshot.now):
        return None
    recipients = mail_recipients_after(
        snapshot, found.mailed_to, BATCH, confirmed_only=confirmed_only
    )
    return Batch(found, recipients)
