"""Writes e-mails of a few paragraphs, in plain text and in simple HTML."""

from collections.abc import Sequence
from dataclasses import replace
from html import escape

from echosphere.i18n import translate
from echosphere.mail.email import Email
from echosphere.richtext import truncate_with_ellipsis

MAX_NAME = 100
"""Characters of a name in a greeting."""

BEGIN, END = "<!doctype html><html><body>", "</body></html>"


class Link(str):
    """A paragraph that is the address of a page."""

    __slots__ = ()


def greeting(name: str, language: str) -> str:
    """Return the first line of an e-mail to a user."""
    return f"{translate(language, 'Hello')} {truncate_with_ellipsis(name, MAX_NAME)},"


def written_email(
    to: str,
    subject: str,
    paragraphs: Sequence[str],
    closing: str = "",
    *,
    identity: str | None = None,
) -> Email:
    """Return an e-mail of paragraphs.

    Args:
        to: The address.
        subject: What comes after the name of the product.
        paragraphs: Plain texts, and links.
        closing: What stands in small letters at the end, such as why this mail came.
        identity: As in `Email`.
    """
    text, html = "\n\n".join(paragraphs), "".join(map(_as_html, paragraphs))
    if closing:
        text, html = (
            f"{text}\n\n-- \n{closing}",
            f"{html}<hr><p><small>{escape(closing)}</small></p>",
        )
    return Email(to, f"EchoSphere: {subject}", f"{text}\n", as_page(html), identity=identity)


def joined_email(emails: Sequence[Email]) -> Email:
    """Return one e-mail of several to the same address, with the subject of the first."""
    bodies = [email.html.removeprefix(BEGIN).removesuffix(END) for email in emails]
    text = "\n\n".join(email.text for email in emails)
    return replace(emails[0], text=text, html=as_page("<hr>".join(bodies)))


def as_page(html: str) -> str:
    """Return the HTML of an e-mail with this body."""
    return f"{BEGIN}{html}{END}"


def _as_html(paragraph: str) -> str:
    shown = escape(paragraph).replace("\n", "<br>")
    return (
        f'<p><a href="{shown}">{shown}</a></p>'
        if isinstance(paragraph, Link)
        else f"<p>{shown}</p>"
    )
