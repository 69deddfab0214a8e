"""Mail: letters to people, by the operator's mail server or not at all."""

from echosphere.mail.letter import Letter
from echosphere.mail.post_office import Mail, NullMail, UndeliverableError, mail_by

__all__ = ["Letter", "Mail", "NullMail", "UndeliverableError", "mail_by"]
