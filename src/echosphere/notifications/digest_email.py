"""Renders the digest e-mail in plain text and in simple HTML."""

from collections.abc import Callable, Sequence
from functools import partial
from html import escape

import msgspec

from echosphere.accounts import UserSettings, ascii_email
from echosphere.i18n import translate
from echosphere.mail import Email, as_page, greeting
from echosphere.notifications.content import MessageContext, summarize
from echosphere.richtext import truncate_with_ellipsis

MAX_LINES = 5
"""Messages that are shown of one conversation."""

MAX_NAME = 100
"""Characters of the title of a conversation."""

OPENING = "here is what you missed:"
CLOSING = "You get this e-mail at most once a day, when you have missed messages."
UNSUBSCRIBE = "Unsubscribe from these e-mails"

Translate = Callable[[str], str]
"""Translates an English sentence into the user's language."""


class MissedConversation(msgspec.Struct, frozen=True):
    """The missed messages of one conversation, oldest first."""

    title: str
    link: str
    contexts: Sequence[MessageContext]


def digest_email(
    to: str,
    name: str,
    conversations: Sequence[MissedConversation],
    settings: UserSettings,
    unsubscribe: str,
) -> Email:
    """Return the digest e-mail.

    Args:
        to: The user's address.
        name: The user's name.
        missed: The missed messages, by conversation.
        settings: The language, and whether notifications show content.
        unsubscribe: The link that turns the digest off.
    """
    _ = partial(translate, settings.language)
    count = sum(len(one.contexts) for one in conversations)
    subject = _("A missed message" if count == 1 else f"{count} missed messages")
    hello = greeting(name, settings.language)
    return Email(
        ascii_email(to),
        f"EchoSphere: {subject}",
        _text(hello, conversations, settings, _, unsubscribe),
        _html(hello, conversations, settings, _, unsubscribe),
        {
            # RFC 8058: mail programs offer a one-click button.
            "List-Unsubscribe": f"<{unsubscribe}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )


def _lines(one: MissedConversation, settings: UserSettings, _: Translate) -> list[str]:
    if not settings.notify_content:
        word = _("New message")
        return [word if len(one.contexts) == 1 else f"{word} ({len(one.contexts)})"]
    shown = [summarize(context, settings) for context in one.contexts[:MAX_LINES]]
    left = len(one.contexts) - len(shown)
    return [*shown, _(f"and {left} more")] if left else shown


def _text(
    hello: str,
    conversations: Sequence[MissedConversation],
    settings: UserSettings,
    _: Translate,
    unsubscribe: str,
) -> str:
    parts = [f"{hello}\n\n{_(OPENING)}"]
    for one in conversations:
        lines = "\n".join(f"  {line}" for line in _lines(one, settings, _))
        parts.append(f"{truncate_with_ellipsis(one.title, MAX_NAME)}\n{lines}\n  {one.link}")
    parts.append(f"-- \n{_(CLOSING)}\n{_(UNSUBSCRIBE)}: {unsubscribe}")
    return "\n\n".join(parts) + "\n"


def _html(
    hello: str,
    conversations: Sequence[MissedConversation],
    settings: UserSettings,
    _: Translate,
    unsubscribe: str,
) -> str:
    parts = [f"<p>{escape(hello)}</p><p>{escape(_(OPENING))}</p>"]
    for one in conversations:
        lines = "".join(f"<li>{escape(line)}</li>" for line in _lines(one, settings, _))
        parts.append(
            f"<h2>{escape(truncate_with_ellipsis(one.title, MAX_NAME))}</h2><ul>{lines}</ul>"
            f'<p><a href="{escape(one.link)}">{escape(_("Open"))}</a></p>'
        )
    parts.append(
        f"<hr><p><small>{escape(_(CLOSING))} "
        f'<a href="{escape(unsubscribe)}">{escape(_(UNSUBSCRIBE))}</a></small></p>'
    )
    return as_page("".join(parts))
