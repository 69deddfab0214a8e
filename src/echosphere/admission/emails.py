"""E-mails about invitations and approvals, sent by jobs if there is a mail server."""

from html import escape
from typing import Any

from echosphere.accounts import ascii_email
from echosphere.admission import store
from echosphere.admission.invite import APPROVAL_JOB, INVITE_JOB, ServerInvite, link_to
from echosphere.admission.mode import SETTINGS
from echosphere.database import Command, Database, Transaction
from echosphere.i18n import translate
from echosphere.jobs import JobRunner
from echosphere.mail import Email, Mailer, as_page, deliver
from echosphere.settings import Settings

INVITED = "You are invited to EchoSphere. Open this link to create your account:"
APPROVED = "Your account is ready. Sign in with your address and password:"
LANGUAGES = ("en", "de")


class AdmissionEmails:
    """Writes and sends them; in jobs there are no links, only whose they are.

    Args:
        database: Holds the jobs and the invites.
        mailer: Sends e-mails.
        settings: What links begin with, and the secret of which tokens are made.
    """

    def __init__(self, database: Database, mailer: Mailer, settings: Settings) -> None:
        self._database = database
        self._mailer = mailer
        self._settings = settings

    @property
    def is_configured(self) -> bool:
        """Whether there is a mail server."""
        return self._mailer.is_configured

    def register(self, jobs: JobRunner) -> None:
        """Register the jobs."""
        jobs.register(INVITE_JOB, self._send_invite)
        jobs.register(APPROVAL_JOB, self._send_approval)

    async def _send_invite(self, given: dict[str, Any]) -> None:
        found = await self._database.write(FindInviteToMail(given["invite"]))
        if found is not None:
            invite, token = found
            link, name = link_to(self._settings.base_url, token), given.get("name", "")
            await self._send(invite.email or "", INVITED, link, name)

    async def _send_approval(self, given: dict[str, Any]) -> None:
        await self._send(given["email"], APPROVED, f"{self._settings.base_url}/login")

    async def _send(self, to: str, sentence: str, link: str, name: str = "") -> None:
        await deliver(self._mailer, _email(to, sentence, link, name), "a mail of admission")


class FindInviteToMail(Command[tuple[ServerInvite, str] | None]):
    """Return an invite with its token; None if it was revoked or used meanwhile."""

    invite: str

    def run(self, transaction: Transaction) -> tuple[ServerInvite, str] | None:
        """Find it."""
        found = store.find_usable_by_id(transaction, self.invite)
        if found is None:
            return None
        secret = SETTINGS.of(transaction).start.secret_key
        return found, store.renewed_token(transaction, found, secret)


def _email(to: str, sentence: str, link: str, name: str) -> Email:
    """Return an e-mail in each language: that of someone without an account is not known."""
    said = [f"{_greeting(language, name)}{translate(language, sentence)}" for language in LANGUAGES]
    text = "\n\n".join(f"{one}\n{link}" for one in said)
    html = "".join(
        f'<p>{escape(one)}<br><a href="{escape(link)}">{escape(link)}</a></p>' for one in said
    )
    return Email(ascii_email(to), "EchoSphere", text, as_page(html))


def _greeting(language: str, name: str) -> str:
    return f"{translate(language, 'Hello')} {name}, " if name else ""
