"""What a letter is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, localtime, make_msgid, parseaddr

from echosphere.richtext import cut

MAX_SUBJECT = 150


@dataclass(frozen=True, slots=True)
class Letter:
    """One message to one person: the same in plain text and in simple HTML.

    Attributes:
        headers: Further ones, such as `List-Unsubscribe`.
    """

    to: str
    subject: str
    text: str
    html: str
    headers: Mapping[str, str] = field(default_factory=dict)


def written(letter: Letter, sender: str) -> EmailMessage:
    """Return a letter as it is sent.

    Args:
        letter: What is to be sent.
        sender: `Name <address>`.
    """
    name, address = parseaddr(sender)
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(name, addr_spec=address)
    message["To"] = letter.to
    message["Subject"] = cut(" ".join(letter.subject.split()), MAX_SUBJECT)
    message["Date"] = format_datetime(localtime())
    message["Message-ID"] = make_msgid(domain=address.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody on holiday answers it
    for header, value in letter.headers.items():
        message[header] = value
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    return message
