"""E-mails of invites and approvals, sent by jobs where there is a mail server."""

from collections.abc import Sequence
from contextlib import suppress
from html import escape
from typing import Any

from echosphere.accounts import ascii_email
from echosphere.admission.wire import ServerInviteShape
from echosphere.database import Database, Transaction
from echosphere.i18n import translate
from echosphere.jobs import JobRunner
from echosphere.mail import Email, Mailer, UndeliverableError

MAIL_JOB = "admission.mail"
INVITED = "You are invited to EchoSphere. Open this link to make your account:"
APPROVED = "Your account is ready. Sign in with your address and password:"
LANGUAGES = ("en", "de")


class AdmissionEmails:
    """Writes and sends them.

    Args:
        database: Holds the jobs.
        mailer: Sends e-mails.
        base_url: What links begin with.
    """

    def __init__(self, database: Database, mailer: Mailer, base_url: str) -> None:
        self._database = database
        self._mailer = mailer
        self._base_url = base_url

    @property
    def is_configured(self) -> bool:
        """Whether there is a mail server."""
        return self._mailer.is_configured

    def register(self, jobs: JobRunner) -> None:
        """Register the job."""
        jobs.register(MAIL_JOB, self._send)

    async def send_invites(self, invites: Sequence[ServerInviteShape]) -> None:
        """Mail each invite to its address."""
        if self.is_configured:
            given = [{"to": one.email, "kind": "invited", "link": one.url} for one in invites]
            await self._database.write(_enqueue, given)

    async def send_approval(self, email: str) -> None:
        """Tell somebody that they may sign in."""
        if self.is_configured:
            link = f"{self._base_url}/login"
            await self._database.write(_enqueue, [{"to": email, "kind": "approved", "link": link}])

    async def _send(self, given: dict[str, Any]) -> None:
        sentence = INVITED if given["kind"] == "invited" else APPROVED
        with suppress(UndeliverableError):
            await self._mailer.send(_email(given["to"], sentence, given["link"]))


def _enqueue(transaction: Transaction, emails: Sequence[dict[str, Any]]) -> None:
    for one in emails:
        transaction.enqueue(MAIL_JOB, one)


def _email(to: str, sentence: str, link: str) -> Email:
    """Return an e-mail in each language: that of somebody without an account is not known."""
    said = [translate(language, sentence) for language in LANGUAGES]
    text = "\n\n".join(f"{one}\n{link}" for one in said)
    html = "".join(
        f'<p>{escape(one)}<br><a href="{escape(link)}">{escape(link)}</a></p>' for one in said
    )
    return Email(ascii_email(to), "EchoSphere", text, html)
