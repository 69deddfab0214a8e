"""The interface of mailers, and the mailer for servers without mail."""

from typing import Protocol

from echosphere.mail.email import Email


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


def mailer_from_url(url: str, sender: str) -> Mailer:
    """Return the mailer for a URL as in `SmtpMailer`; an empty one gives a `NullMailer`."""
    if not url:
        return NullMailer()
    from echosphere.mail.smtp import SmtpMailer  # noqa: PLC0415 - a megabyte for those who send mail

    return SmtpMailer(url, sender)
