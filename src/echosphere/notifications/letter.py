"""Writes the digest: what somebody missed, in plain text and in simple HTML."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from html import escape

from echosphere.accounts import PersonSettings, deliverable
from echosphere.i18n import translate
from echosphere.mail import Letter
from echosphere.notifications.content import Said, line_of
from echosphere.richtext import shortened

LINES = 5
"""Messages of one conversation that are shown."""

MAX_NAME = 100

OPENING = "this was said while you were away:"
END = "You get this mail once a day at most, because messages waited for you."
UNSUBSCRIBE = "Send me no such mails"

Words = Callable[[str], str]
"""Says an English sentence in somebody's language."""


@dataclass(frozen=True, slots=True)
class Missed:
    """What somebody missed in one conversation, the oldest first."""

    title: str
    link: str
    said: Sequence[Said]


def digest_letter(
    to: str, name: str, missed: Sequence[Missed], settings: PersonSettings, unsubscribe: str
) -> Letter:
    """Return the letter that tells somebody what they missed.

    Args:
        to: Their address.
        name: How they are called.
        missed: By conversation.
        settings: Their language, and whether mails may say what was said.
        unsubscribe: The link that ends these mails.
    """
    words = partial(translate, settings.language)
    count = sum(len(one.said) for one in missed)
    subject = words("A missed message" if count == 1 else f"{count} missed messages")
    greeting = f"{words('Hello')} {shortened(name, MAX_NAME)},"
    return Letter(
        deliverable(to),
        f"EchoSphere: {subject}",
        _text(greeting, missed, settings, words, unsubscribe),
        _html(greeting, missed, settings, words, unsubscribe),
        {
            # RFC 8058: mail programs offer a button that does it without a page in between.
            "List-Unsubscribe": f"<{unsubscribe}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )


def _lines(one: Missed, settings: PersonSettings, words: Words) -> list[str]:
    if not settings.notify_content:
        word = words("New message")
        return [word if len(one.said) == 1 else f"{word} ({len(one.said)})"]
    shown = [line_of(said, settings) for said in one.said[:LINES]]
    left = len(one.said) - len(shown)
    return [*shown, words(f"and {left} more")] if left else shown


def _text(
    greeting: str,
    missed: Sequence[Missed],
    settings: PersonSettings,
    words: Words,
    unsubscribe: str,
) -> str:
    parts = [f"{greeting}\n\n{words(OPENING)}"]
    for one in missed:
        lines = "\n".join(f"  {line}" for line in _lines(one, settings, words))
        parts.append(f"{shortened(one.title, MAX_NAME)}\n{lines}\n  {one.link}")
    parts.append(f"-- \n{words(END)}\n{words(UNSUBSCRIBE)}: {unsubscribe}")
    return "\n\n".join(parts) + "\n"


def _html(
    greeting: str,
    missed: Sequence[Missed],
    settings: PersonSettings,
    words: Words,
    unsubscribe: str,
) -> str:
    parts = [f"<p>{escape(greeting)}</p><p>{escape(words(OPENING))}</p>"]
    for one in missed:
        lines = "".join(f"<li>{escape(line)}</li>" for line in _lines(one, settings, words))
        parts.append(
            f"<h2>{escape(shortened(one.title, MAX_NAME))}</h2><ul>{lines}</ul>"
            f'<p><a href="{escape(one.link)}">{escape(words("Open"))}</a></p>'
        )
    parts.append(
        f"<hr><p><small>{escape(words(END))} "
        f'<a href="{escape(unsubscribe)}">{escape(words(UNSUBSCRIBE))}</a></small></p>'
    )
    return "<!doctype html><html><body>" + "".join(parts) + "</body></html>"
