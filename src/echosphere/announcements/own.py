"""Announces something to one user alone: in the app until they put it away, and by mail."""

import logging
from typing import Any

from echosphere.accounts import MailRecipient, mail_recipients
from echosphere.announcements import store
from echosphere.announcements.announcement import Announcement
from echosphere.announcements.emails import announcement_email
from echosphere.announcements.events import Announced
from echosphere.core.clock import DAY
from echosphere.core.ids import new_id
from echosphere.database import Database, Snapshot, Transaction
from echosphere.jobs import JobRunner
from echosphere.mail import Mailer, UndeliverableError
from echosphere.settings import LiveSettings

OWN_MAIL = "announcements.own-mail"
"""The job that mails it: `{user, announcement}`."""

SHOWN_FOR = 90 * DAY
"""Milliseconds after which it goes by itself."""

log = logging.getLogger(__name__)


def announce_to(transaction: Transaction, user_id: str, author: str, text: str) -> None:
    """Warn a user of something, in the transaction in which it happened.

    Args:
        transaction: The transaction of what happened.
        user_id: Who is shown it, and nobody else.
        author: The id of who says it, or that of the command line.
        text: What is said, in the language of the user.
    """
    made = Announcement(
        id=new_id(),
        author=author,
        severity="warning",
        text=text,
        created_at=transaction.now,
        changed_at=transaction.now,
        ends_at=transaction.now + SHOWN_FOR,
        withdrawn_at=None,
        mails=True,
        mailed=0,
        mailed_to="",
        mail_batch=None,
        for_user=user_id,
    )
    store.insert_announcement(transaction, made)
    transaction.announce(Announced(made, again=True))
    transaction.enqueue(OWN_MAIL, {"user": user_id, "announcement": made.id})


class OwnMails:
    """Mails what was announced to one user, if there is a mail server.

    Args:
        database: Holds the announcements.
        mailer: Sends mails.
        live: Where people read them in the app, and whether unconfirmed addresses get none.
    """

    def __init__(self, database: Database, mailer: Mailer, live: LiveSettings) -> None:
        self._database = database
        self._mailer = mailer
        self._live = live

    def register(self, jobs: JobRunner) -> None:
        """Register the job."""
        jobs.register(OWN_MAIL, self.send)

    async def send(self, payload: dict[str, Any]) -> None:
        """Send one e-mail."""
        if not self._mailer.is_configured:
            return
        user, announcement = payload["user"], payload["announcement"]
        confirmed_only = self._live.current.confirm_email
        found = await self._database.read(_find, user, announcement, confirmed_only=confirmed_only)
        if found is None:
            return
        try:
            await self._mailer.send(announcement_email(*found, self._live.start.base_url))
        except UndeliverableError as error:
            log.warning("The mail server refused what was announced to one user: %s", error)


def _find(
    snapshot: Snapshot, user: str, announcement: str, *, confirmed_only: bool
) -> tuple[Announcement, MailRecipient] | None:
    found = store.find_visible(snapshot, announcement, user)
    recipients = mail_recipients(snapshot, [user], confirmed_only=confirmed_only)
    return None if found is None or not recipients else (found, recipients[0])
