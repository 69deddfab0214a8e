"""The e-mail of an announcement."""

from functools import partial
from urllib.parse import urlsplit

from echosphere.accounts import MailRecipient, ascii_email
from echosphere.announcements.announcement import Announcement
from echosphere.i18n import translate
from echosphere.mail import Email, Link, greeting, written_email

HEADS = {
    "info": "An announcement from the people who run this server:",
    "warning": "A warning from the people who run this server:",
    "urgent": "An urgent announcement from the people who run this server:",
}
SUBJECTS = {
    "info": "Announcement",
    "warning": "Warning",
    "urgent": "Urgent announcement",
}


def announcement_email(
    announcement: Announcement, recipient: MailRecipient, base_url: str
) -> Email:
    """Return the e-mail of an announcement, in the recipient's language.

    Its `Message-ID` is the same if it is sent again, so that mail programs show it once.
    """
    _ = partial(translate, recipient.language)
    host = urlsplit(base_url).hostname or "localhost"
    head = _(HEADS[announcement.severity])
    hello = greeting(recipient.name, recipient.language)
    return written_email(
        ascii_email(recipient.email),
        f"{_(SUBJECTS[announcement.severity])} ({host})",
        (hello, head, announcement.text, Link(base_url)),
        identity=f"announcement.{announcement.id}.{recipient.user_id}",
    )
