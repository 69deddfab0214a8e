"""The HTML pages of a download."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from html import escape
from typing import Any
from urllib.parse import quote

import msgspec

from echosphere.attachments import Attachment
from echosphere.data_export.style import CSS, POLICY
from echosphere.data_export.system_lines import system_line
from echosphere.i18n import translate
from echosphere.messages import ActionRows, MessageShape
from echosphere.richtext import to_html

IMAGES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp", "image/avif"})
"""Types that are shown in the page; other pictures are linked."""

NOTHING = "-"
UNITS = ("B", "kB", "MB", "GB", "TB")


class Reader(msgspec.Struct, frozen=True):
    """Who reads the pages.

    Attributes:
        user_id: Their id.
        language: The language of the pages.
    """

    user_id: str
    language: str

    def say(self, sentence: str) -> str:
        """Return a sentence in the reader's language, as HTML."""
        return escape(self.plain(sentence))

    def plain(self, sentence: str) -> str:
        """Return a sentence in the reader's language."""
        return translate(self.language, sentence)


def page(reader: Reader, title: str, body: str, links: Sequence[tuple[str, str]] = ()) -> bytes:
    """Return a whole page.

    Args:
        reader: Who reads it.
        title: Plain text.
        body: HTML.
        links: Targets and labels of the navigation; relative paths, and HTML.
    """
    items = "".join(f'<li><a href="{url(to)}">{label}</a></li>' for to, label in links)
    navigation = f'<nav aria-label="{reader.say("Pages")}"><ul>{items}</ul></nav>' if items else ""
    return (
        f'<!doctype html><html lang="{escape(reader.language)}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="referrer" content="no-referrer">'
        f"<title>{escape(title)}</title><style>{CSS}</style></head><body>"
        f'<header>{navigation}<h1 dir="auto">{escape(title)}</h1></header>'
        f"<main>{body}</main></body></html>\n"
    ).encode()


class MessageContext(msgspec.Struct, frozen=True):
    """What is needed to show a message.

    Attributes:
        reader: Who reads it.
        names: Of users, by their ids.
        paths: Where its files are, by the ids of the attachments.
        seqs: The messages before it on the same page.
    """

    reader: Reader
    names: Mapping[str, str]
    paths: Mapping[str, str]
    seqs: Collection[int]


def message_html(message: MessageShape, context: MessageContext) -> str:
    """Return a message."""
    reader, names = context.reader, context.names
    if message.system is not None:
        line = escape(system_line(message.system, message.author, names, reader.language))
        return f'<p class="line" id="m{message.seq}">{line} · {moment(message.created_at)}</p>'
    own = ' class="own"' if message.author == reader.user_id else ""
    author = escape(names.get(message.author, "…"))
    parts = "".join(_parts(message, context))
    return (
        f'<article id="m{message.seq}"{own}><p class="who"><strong dir="auto">{author}</strong>'
        f"{moment(message.created_at)}</p>{parts}</article>"
    )


def _parts(message: MessageShape, context: MessageContext) -> Iterator[str]:
    reader = context.reader
    if message.deleted:
        yield f'<p class="minor">{reader.say("This message was deleted.")}</p>'
        return
    notes = list(_notes(message, context))
    if notes:
        yield f'<p class="minor">{" · ".join(notes)}</p>'
    if message.body:
        yield f'<div class="body" dir="auto">{to_html(message.body)}</div>'
    for attachment in message.attachments:
        yield attachment_html(reader, attachment, context.paths.get(attachment.id))
    if message.parts is not msgspec.UNSET:
        yield values_html(reader, msgspec.to_builtins(message.parts))
    if message.actions is not msgspec.UNSET:
        yield f'<p class="minor">{" ".join(_buttons(message.actions))}</p>'
    if message.reactions:
        yield f'<p class="minor">{" · ".join(_reactions(message, context.names))}</p>'


def _notes(message: MessageShape, context: MessageContext) -> Iterator[str]:
    reader, seq = context.reader, message.reply_to
    if message.automated is True:
        yield reader.say("sent by a program")
    if message.forwarded:
        yield reader.say("forwarded")
    if seq is not None:
        said = f"{reader.say('reply to message')} {seq}"
        yield f'<a href="#m{seq}">{said}</a>' if seq in context.seqs else said
    if message.edited_at is not None:
        yield reader.say("edited")


def _buttons(rows: ActionRows) -> Iterator[str]:
    for label, target in ((one.label, one.url) for row in rows for one in row):
        shown = f"<bdi>[{escape(label)}]</bdi>"
        yield f'<a href="{escape(target)}" rel="noreferrer">{shown}</a>' if target else shown


def _reactions(message: MessageShape, names: Mapping[str, str]) -> Iterator[str]:
    for reaction in message.reactions:
        people = ", ".join(names.get(user, "…") for user in reaction.users)
        yield f"{escape(reaction.emoji)} {escape(people)}"


def attachment_html(reader: Reader, attachment: Attachment, path: str | None) -> str:
    """Return a file: pictures, films and sounds in the page, all else as a link."""
    name, size = escape(attachment.name), human_size(attachment.size)
    if path is None:
        missing = reader.say("The file is no longer available.")
        return f'<p class="minor">{name} ({size}). {missing}</p>'
    target = url(path)
    link = f'<a href="{target}" dir="auto">{name}</a> <span class="minor">{size}</span>'
    shown = _media(attachment, target, name)
    if shown:
        return f"<figure>{shown}<figcaption>{link}</figcaption></figure>"
    return f"<p>{link}</p>"


def _media(attachment: Attachment, target: str, name: str) -> str:
    kind = attachment.type.partition("/")[0]
    if attachment.type in IMAGES:
        pixels = ""
        if attachment.width and attachment.height:
            pixels = f' width="{attachment.width}" height="{attachment.height}"'
        return f'<img src="{target}" alt="{name}" loading="lazy"{pixels}>'
    if kind in ("audio", "video"):
        return f'<{kind} controls preload="none" src="{target}" aria-label="{name}"></{kind}>'
    return ""


def values_html(reader: Reader, value: Any) -> str:
    """Return plain data, such as decoded JSON, as lists."""
    if isinstance(value, dict):
        rows = (
            f"<dt>{escape(str(key).replace('_', ' '))}</dt><dd>{values_html(reader, one)}</dd>"
            for key, one in value.items()
        )
        return f"<dl>{''.join(rows)}</dl>" if value else NOTHING
    if isinstance(value, list):
        items = "".join(f"<li>{values_html(reader, one)}</li>" for one in value)
        return f"<ul>{items}</ul>" if value else NOTHING
    if isinstance(value, bool):
        return reader.say("yes" if value else "no")
    if isinstance(value, int) and value > 10**12:  # milliseconds since 1970
        return moment(value)
    return (
        NOTHING if value is None or value == "" else f'<span dir="auto">{escape(str(value))}</span>'
    )


def moment(at: int) -> str:
    """Return a time in UTC, which every reader of the page reads alike."""
    when = datetime.fromtimestamp(at / 1000, UTC)
    shown = when.strftime("%Y-%m-%d %H:%M UTC")
    return f'<time datetime="{when.strftime("%Y-%m-%dT%H:%M:%SZ")}">{shown}</time>'


def human_size(size: int) -> str:
    """Return a number of bytes as people read it."""
    amount, unit = float(size), 0
    while amount >= 1000 and unit < len(UNITS) - 1:
        amount, unit = amount / 1000, unit + 1
    return (
        f"{amount:.0f} {UNITS[unit]}" if amount >= 10 or not unit else f"{amount:.1f} {UNITS[unit]}"
    )


def url(path: str) -> str:
    """Return a relative path as the target of a link."""
    return escape(quote(path, safe="/.-_"))
