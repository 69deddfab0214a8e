"""E-mails and their MIME form."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, localtime, make_msgid, parseaddr

from echosphere.richtext import truncate

MAX_SUBJECT = 150


@dataclass(frozen=True, slots=True)
class Email:
    """A message to one address, in plain text and HTML.

    Attributes:
        headers: Additional headers, such as `List-Unsubscribe`.
        identity: What its `Message-ID` begins with, so that mail programs show an e-mail once that
            may be sent again; None for a random one.
    """

    to: str
    subject: str
    text: str
    html: str
    headers: Mapping[str, str] = field(default_factory=dict)
    identity: str | None = None


def to_mime(email: Email, sender: str) -> EmailMessage:
    """Return an e-mail as a MIME message.

    Args:
        email: The e-mail.
        sender: `Name <address>`.
    """
    name, address = parseaddr(sender)
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(name, addr_spec=address)
    message["To"] = email.to
    message["Subject"] = truncate(" ".join(email.subject.split()), MAX_SUBJECT)
    message["Date"] = format_datetime(localtime())
    domain = address.rpartition("@")[2]
    known = email.identity and f"<{email.identity}@{domain}>"
    message["Message-ID"] = known or make_msgid(domain=domain)
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office replies
    for header, value in email.headers.items():
        message[header] = value
    message.set_content(email.text)
    message.add_alternative(email.html, subtype="html")
    return message
