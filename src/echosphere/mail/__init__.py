"""Sends e-mails through the operator's mail server, if there is one."""

from echosphere.mail.email import Email
from echosphere.mail.mailer import (
    Mailer,
    NullMailer,
    UndeliverableError,
    deliver,
    mailer_from_url,
)
from echosphere.mail.written import Link, as_page, greeting, joined_email, written_email

__all__ = [
    "Email",
    "Link",
    "Mailer",
    "NullMailer",
    "UndeliverableError",
    "as_page",
    "deliver",
    "greeting",
    "joined_email",
    "mailer_from_url",
    "written_email",
]
