"""Sends one user the e-mail of a job."""

from collections.abc import Callable

from echosphere.accounts import store
from echosphere.accounts.store import MailRecipient
from echosphere.database import Database, Snapshot
from echosphere.mail import Email, Mailer, deliver
from echosphere.settings import LiveSettings

WriteEmail = Callable[[Snapshot, MailRecipient], Email | None]
"""Returns the e-mail to a user, or None if there is nothing to say any more."""


class UserMailer:
    """Mails single users, if there is a mail server, and their accounts are open.

    Args:
        database: Holds their addresses.
        mailer: Sends e-mails.
        live: Whether unconfirmed addresses get none.
    """

    def __init__(self, database: Database, mailer: Mailer, live: LiveSettings) -> None:
        self._database = database
        self._mailer = mailer
        self._live = live

    async def send(self, user_id: str, write: WriteEmail, what: str) -> None:
        """Mail a user what `write` returns; `what` it is, for the log.

        Raises:
            OSError: The mail server does not answer.
        """
        if not self._mailer.is_configured:
            return
        confirmed_only = self._live.current.confirm_email
        email = await self._database.read(_write, user_id, write, confirmed_only=confirmed_only)
        if email is not None:
            await deliver(self._mailer, email, what)


def _write(
    snapshot: Snapshot, user_id: str, write: WriteEmail, *, confirmed_only: bool
) -> Email | None:
    found = store.mail_recipient(snapshot, user_id, confirmed_only=confirmed_only)
    return None if found is None else write(snapshot, found)
