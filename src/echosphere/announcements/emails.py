"""The e-mail of an announcement."""

from functools import partial
from html import escape
from urllib.parse import urlsplit

from echosphere.accounts import MailRecipient, ascii_email
from echosphere.announcements.announcement import Announcement
from echosphere.i18n import translate
from echosphere.mail import Email
from echosphere.richtext import truncate_with_ellipsis

MAX_NAME = 100

HEADS = {
    "info": "An announcement from those who run this server:",
    "warning": "A warning from those who run this server:",
    "urgent": "An urgent announcement from those who run this server:",
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
    greeting = f"{_('Hello')} {truncate_with_ellipsis(recipient.name, MAX_NAME)},"
    head = _(HEADS[announcement.severity])
    text = f"{greeting}\n\n{head}\n\n{announcement.text}\n\n{base_url}\n"
    paragraphs = [escape(greeting), escape(head), _as_html(announcement.text), _link(base_url)]
    html = "".join(f"<p>{part}</p>" for part in paragraphs)
    return Email(
        ascii_email(recipient.email),
        f"EchoSphere: {_(SUBJECTS[announcement.severity])} ({host})",
        text,
        f"<!doctype html><html><body>{html}</body></html>",
        identity=f"announcement.{announcement.id}.{recipient.user_id}",
    )


def _as_html(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def _link(address: str) -> str:
    return f'<a href="{escape(address)}">{escape(address)}</a>'
