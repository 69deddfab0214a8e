"""Sends letters by the operator's mail server."""

import asyncio
import ssl
from urllib.parse import unquote, urlsplit

import aiosmtplib

from echosphere.mail.letter import Letter, written
from echosphere.mail.post_office import UndeliverableError

SECONDS = 30.0
"""For each answer of the mail server."""

DEADLINE = 90.0
"""Seconds for a whole letter: a server may answer each line just in time, and have many."""

PORTS = {"smtp": 587, "smtps": 465}
LOCAL = ("localhost", "127.0.0.1", "::1")


class SmtpMail:
    """Sends by SMTP.

    With `smtp:` the connection is encrypted if the server can. Where a password is sent to another
    machine, it must be able to: whoever is in between could say that it is not.

    Args:
        url: `smtp[s]://user:password@host:port`; as checked by the settings.
        sender: `Name <address>`.
        trust: The certificates that are believed; the system's by default.
    """

    is_there = True

    def __init__(self, url: str, sender: str, trust: ssl.SSLContext | None = None) -> None:
        parts = urlsplit(url)
        self._sender = sender
        self._trust = trust
        self._scheme = parts.scheme
        self._host = parts.hostname or ""
        self._port = parts.port or PORTS[parts.scheme]
        self._user = unquote(parts.username) if parts.username else None
        self._password = unquote(parts.password) if parts.password else None

    async def send(self, letter: Letter) -> None:
        """Send a letter.

        Raises:
            UndeliverableError: The mail server refused it for good.
            OSError: The mail server does not answer.
        """
        if self._trust is None:  # it takes a while: not on the loop
            self._trust = await asyncio.to_thread(ssl.create_default_context)
        must_encrypt = self._user is not None and self._host not in LOCAL
        try:
            async with asyncio.timeout(DEADLINE):
                await aiosmtplib.send(
                    written(letter, self._sender),
                    hostname=self._host,
                    port=self._port,
                    username=self._user,
                    password=self._password,
                    use_tls=self._scheme == "smtps",
                    start_tls=(True if must_encrypt else None) if self._scheme == "smtp" else False,
                    tls_context=self._trust,
                    timeout=SECONDS,
                )
        except (aiosmtplib.SMTPRecipientsRefused, aiosmtplib.SMTPDataError) as error:
            if _is_for_good(error):
                raise UndeliverableError(type(error).__name__) from error
            raise ConnectionError(f"The mail server does not take it now: {error}") from error
        except aiosmtplib.SMTPException as error:
            raise ConnectionError(f"The mail server cannot be used: {error}") from error


def _is_for_good(error: aiosmtplib.SMTPException) -> bool:
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        return all(refused.code >= 500 for refused in error.recipients)
    return isinstance(error, aiosmtplib.SMTPResponseException) and error.code >= 500
