"""Sends e-mails through the operator's mail server, if there is one."""

from echosphere.mail.email import Email
from echosphere.mail.mailer import Mailer, NullMailer, UndeliverableError, mailer_from_url

__all__ = ["Email", "Mailer", "NullMailer", "UndeliverableError", "mailer_from_url"]
