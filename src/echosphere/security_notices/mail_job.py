"""Mails security events, in jobs."""

from datetime import UTC, datetime
from typing import Any

from echosphere.accounts import OwnUser, find_own_user, settings_of
from echosphere.database import Database, Snapshot
from echosphere.jobs import JobRunner
from echosphere.mail import Mailer, deliver
from echosphere.security_notices.emails import notice_email
from echosphere.security_notices.record import MAIL


class NoticeMails:
    """Mails the owner of an account what happened to its security, if there is a mail server."""

    def __init__(self, database: Database, mailer: Mailer) -> None:
        self._database = database
        self._mailer = mailer

    def register(self, jobs: JobRunner) -> None:
        """Register the job."""
        jobs.register(MAIL, self.send)

    async def send(self, payload: dict[str, Any]) -> None:
        """Send one e-mail, to the address before if it was changed."""
        found = await self._database.read(_owner, payload["user"])
        if found is None or not self._mailer.is_configured:
            return
        user, language = found
        to, details = payload["email"] or user.email, _details(payload)
        email = notice_email(to, user.name, payload["kind"], details, language)
        await deliver(self._mailer, email, "a security notice")


def _details(payload: dict[str, Any]) -> str:
    when = datetime.fromtimestamp(payload["at"] / 1000, UTC).strftime("%Y-%m-%d %H:%M UTC")
    known = (payload["device"], payload["address"], payload["by"], when)
    return ", ".join(part for part in known if part)


def _owner(snapshot: Snapshot, user_id: str) -> tuple[OwnUser, str] | None:
    user = find_own_user(snapshot, user_id)
    return None if user is None else (user, settings_of(snapshot, user_id).language)
