"""The interface of mailers, and the mailer for servers without mail."""

import logging
from typing import Protocol

from echosphere.mail.email import Email

log = logging.getLogger(__name__)


class UndeliverableError(Exception):
    """The mail server refused an e-mail for good."""


class Mailer(Protocol):
    """Sends e-mails."""

    @property
    def is_configured(self) -> bool:
        """Whether there is a mail server."""

    async def send(self, email: Email) -> None:
        """Send an e-mail.

        Raises:
            UndeliverableError: The mail server refused it for good.
            OSError: The mail server does not answer.
        """


class NullMailer:
    """Refuses all e-mails, where no mail server is configured."""

    is_configured = False

    async def send(self, email: Email) -> None:
        """Refuse the e-mail.

        Raises:
            UndeliverableError: Always.
        """
        raise UndeliverableError("there is no mail server")


async def deliver(mailer: Mailer, email: Email, what: str) -> bool:
    """Send an e-mail; return False, and log it, if it is refused for good.

    Args:
        mailer: Sends it.
        email: The e-mail.
        what: What is called undeliverable in the log, such as "a digest".

    Raises:
        OSError: The mail server does not answer.
    """
    try:
        await mailer.send(email)
    except UndeliverableError as error:
        log.warning("The mail server rejected %s: %s", what, error)
        return False
    return True


def mailer_from_url(url: str, sender: str) -> Mailer:
    """Return the mailer for a URL as in `SmtpMailer`; an empty one gives a `NullMailer`."""
    if not url:
        return NullMailer()
    from echosphere.mail.smtp import SmtpMailer  # noqa: PLC0415 - a megabyte for those who send mail

    return SmtpMailer(url, sender)
