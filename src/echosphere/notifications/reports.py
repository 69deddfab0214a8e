"""Notifies those who decide reports of new ones, by push and by mail, once in some minutes."""

from functools import partial
from typing import Any

from echosphere.accounts import MailRecipient, UserMailer, ascii_email, settings_of
from echosphere.core.clock import SECOND
from echosphere.database import Command, Database, Snapshot, Transaction
from echosphere.i18n import translate
from echosphere.jobs import JobRunner
from echosphere.mail import Email, Link, greeting, written_email
from echosphere.moderation import SPAN, UserReported, begins_span, deciders_of
from echosphere.notifications.contacts import PushNotification, push_to_all, wants_none_now
from echosphere.notifications.push import PushSender
from echosphere.notifications.recipients import active_subscriptions

REPORTED = "notifications.reported"
"""The job that finds out who is told of the reports of a span of time: `{began}`."""

PUSH = "notifications.report-push"
MAIL = "notifications.report-mail"
"""The jobs that tell one of them: `{user}`."""

DELAY = SECOND
"""What was reported at the end of the span is stored by then."""

ROOM = "/admin/reports"
WHY = "You get this e-mail because you review reports and want e-mails about what you missed."


class ReportNotifications:
    """Notifies those who decide reports, as their settings have it.

    Args:
        database: Where reports and subscriptions are.
        push_sender: Sends push messages.
        mailer: Mails single users.
        base_url: Where Administration is.
    """

    def __init__(
        self, database: Database, push_sender: PushSender, mailer: UserMailer, base_url: str
    ) -> None:
        self._database = database
        self._push_sender = push_sender
        self._mailer = mailer
        self._base_url = base_url

    def register(self, runner: JobRunner) -> None:
        """Register the jobs and the work done in the transaction of a report."""
        self._database.in_same_transaction(UserReported, enqueue_report)
        runner.register(REPORTED, self.find_deciders)
        runner.register(PUSH, self.push)
        runner.register(MAIL, self.mail)

    async def find_deciders(self, payload: dict[str, Any]) -> None:
        """Leave the jobs for each who is to be told."""
        await self._database.write(EnqueueForDeciders(payload["began"]))

    async def push(self, payload: dict[str, Any]) -> None:
        """Notify the browsers of one of them."""
        found = await self._database.read(report_notification, payload["user"])
        await push_to_all(self._database, self._push_sender, found)

    async def mail(self, payload: dict[str, Any]) -> None:
        """Mail one of them."""
        write = partial(report_email, self._base_url)
        await self._mailer.send(payload["user"], write, "a notice of reports")


class EnqueueForDeciders(Command[None]):
    """Leave the jobs that tell those who decide the reports of a span of time."""

    began: int

    def run(self, transaction: Transaction) -> None:
        """Leave them."""
        for user in sorted(deciders_of(transaction, self.began)):
            transaction.enqueue(PUSH, {"user": user})
            transaction.enqueue(MAIL, {"user": user})


def enqueue_report(transaction: Transaction, _event: UserReported) -> None:
    """Enqueue one job for all reports of a span of time, at its end."""
    began = begins_span(transaction)
    if began is not None:
        left = began + SPAN - transaction.now
        transaction.enqueue(REPORTED, {"began": began}, after=left + DELAY)


def report_notification(snapshot: Snapshot, user: str) -> PushNotification | None:
    """Return the notification for one who decides reports; None if they want none now."""
    subscriptions, settings = active_subscriptions(snapshot, user)
    if wants_none_now(settings, snapshot.now):
        return None
    content = {
        "conversation": None,
        "seq": None,
        "title": "EchoSphere",
        "body": translate(settings.language, "There are reports to review."),
        "icon": None,
        "url": ROOM,
        "tag": "reports",
    }
    return PushNotification(content, subscriptions)


def report_email(base_url: str, snapshot: Snapshot, to: MailRecipient) -> Email | None:
    """Return the mail: what was reported is read in Administration alone.

    None if they want no mails.
    """
    if not settings_of(snapshot, to.user_id).digest:
        return None
    _ = partial(translate, to.language)
    waits, why = _("There are reports to review."), _(WHY)
    paragraphs = (greeting(to.name, to.language), waits, Link(f"{base_url}{ROOM}"))
    return written_email(ascii_email(to.email), waits.rstrip("."), paragraphs, why)
