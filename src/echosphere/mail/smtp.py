"""Sends e-mails by SMTP."""

import asyncio
import ssl
from urllib.parse import unquote, urlsplit

import aiosmtplib

from echosphere.mail.email import Email, to_mime
from echosphere.mail.mailer import UndeliverableError

TIMEOUT = 30.0
"""Seconds for each answer of the mail server."""

DEADLINE = 90.0
"""Seconds for a whole e-mail, however many answers of the server it takes."""

PORTS = {"smtp": 587, "smtps": 465}
LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")


class SmtpMailer:
    """Sends e-mails by SMTP.

    With `smtp:` the connection is encrypted if the server supports it. Encryption is required when a
    password is sent to another machine, since an attacker could hide the server's support.

    Args:
        url: `smtp[s]://user:password@host:port`; as checked by the settings.
        sender: `Name <address>`.
        trust: The trusted certificates; by default those of the system.
    """

    is_configured = True

    def __init__(self, url: str, sender: str, trust: ssl.SSLContext | None = None) -> None:
        parts = urlsplit(url)
        self._sender = sender
        self._trust = trust
        self._scheme = parts.scheme
        self._host = parts.hostname or ""
        self._port = parts.port or PORTS[parts.scheme]
        self._user = unquote(parts.username) if parts.username else None
        self._password = unquote(parts.password) if parts.password else None

    async def send(self, email: Email) -> None:
        """Send an e-mail.

        Raises:
            UndeliverableError: The mail server refused it for good.
            OSError: The mail server does not answer.
        """
        if self._trust is None:  # slow, so not on the event loop
            self._trust = await asyncio.to_thread(ssl.create_default_context)
        must_encrypt = self._user is not None and self._host not in LOCAL_HOSTS
        try:
            async with asyncio.timeout(DEADLINE):
                await aiosmtplib.send(
                    to_mime(email, self._sender),
                    hostname=self._host,
                    port=self._port,
                    username=self._user,
                    password=self._password,
                    use_tls=self._scheme == "smtps",
                    start_tls=(True if must_encrypt else None) if self._scheme == "smtp" else False,
                    tls_context=self._trust,
                    timeout=TIMEOUT,
                )
        except (aiosmtplib.SMTPRecipientsRefused, aiosmtplib.SMTPDataError) as error:
            if _is_permanent(error):
                raise UndeliverableError(type(error).__name__) from error
            raise ConnectionError(f"The mail server is not accepting it now: {error}") from error
        except aiosmtplib.SMTPException as error:
            raise ConnectionError(f"The mail server cannot be used: {error}") from error


def _is_permanent(error: aiosmtplib.SMTPException) -> bool:
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        return all(refused.code >= 500 for refused in error.recipients)
    return isinstance(error, aiosmtplib.SMTPResponseException) and error.code >= 500
