"""Announces something to a single user: in the app until they dismiss it, and by e-mail."""

from functools import partial
from typing import Any

from echosphere.accounts import MailRecipient, UserMailer
from echosphere.announcements import store
from echosphere.announcements.announcement import Announcement
from echosphere.announcements.emails import announcement_email
from echosphere.announcements.events import Announced
from echosphere.core.clock import DAY
from echosphere.core.ids import new_id
from echosphere.database import Snapshot, Transaction
from echosphere.jobs import JobRunner
from echosphere.mail import Email

OWN_MAIL = "announcements.own-mail"
"""The job that mails it: `{user, announcement}`."""

SHOWN_FOR = 90 * DAY
"""Milliseconds after which it goes by itself."""


def announce_to(transaction: Transaction, user_id: str, author: str, text: str) -> None:
    """Warn a user of something, in the transaction in which it happened.

    Args:
        transaction: The transaction of what happened.
        user_id: Who is shown it, and no one else.
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
    """Mails what was announced to one user.

    Args:
        mailer: Mails single users.
        base_url: Where they read it in the app.
    """

    def __init__(self, mailer: UserMailer, base_url: str) -> None:
        self._mailer = mailer
        self._base_url = base_url

    def register(self, jobs: JobRunner) -> None:
        """Register the job."""
        jobs.register(OWN_MAIL, self.send)

    async def send(self, payload: dict[str, Any]) -> None:
        """Send one e-mail."""
        write = partial(_email, payload["announcement"], self._base_url)
        await self._mailer.send(payload["user"], write, "what was announced to one user")


def _email(announcement: str, base_url: str, snapshot: Snapshot, to: MailRecipient) -> Email | None:
    found = store.find_visible(snapshot, announcement, to.user_id)
    return None if found is None else announcement_email(found, to, base_url)
