"""What sends letters, and the one that sends none."""

from typing import Protocol

from echosphere.mail.letter import Letter


class UndeliverableError(Exception):
    """A letter that the mail server will never take."""


class Mail(Protocol):
    """Sends letters."""

    @property
    def is_there(self) -> bool:
        """Whether letters can be sent at all."""

    async def send(self, letter: Letter) -> None:
        """Send a letter.

        Raises:
            UndeliverableError: The mail server refused it for good.
            OSError: The mail server does not answer.
        """


class NullMail:
    """Has no mail server."""

    is_there = False

    async def send(self, letter: Letter) -> None:
        """Refuse the letter.

        Raises:
            UndeliverableError: Always.
        """
        raise UndeliverableError("there is no mail server")


def mail_by(url: str, sender: str) -> Mail:
    """Return what sends letters by this server; without one, nothing does."""
    if not url:
        return NullMail()
    from echosphere.mail.smtp import SmtpMail  # noqa: PLC0415 - a megabyte for those who send mail

    return SmtpMail(url, sender)
