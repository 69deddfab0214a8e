"""What a message is and what is allowed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from echosphere.core.errors import Forbidden, Gone, Invalid
from echosphere.core.text import has_visible_text

MAX_BODY = 10_000
"""Characters."""

MAX_ATTACHMENTS = 10


class Message(NamedTuple):
    """A message as it is stored; `files` says how many attachments belong to it.

    Attributes:
        seq: The conversation's version at which it was posted: its number for ever.
        version: The conversation's version of its last change.
        key: The author's idempotency key.
        system: What a system line says, as JSON; None for what people write.
        mentions: Who is mentioned with which words, as JSON `[{user, text}]`.
        reactions: Who reacted with what, as JSON `[{emoji, users}]`, the first ones first.
        preview: What the first link leads to, as JSON.
    """

    conversation: str
    seq: int
    version: int
    author: str
    key: str
    body: str
    created_at: int
    edited_at: int | None = None
    deleted: bool = False
    reply_to: int | None = None
    system: str | None = None
    files: int = 0
    forwarded: bool = False
    mentions: str | None = None
    mentions_all: bool = False
    reactions: str | None = None
    pinned_at: int | None = None
    pinned_by: str | None = None
    preview: str | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody wants to say: the command of the one path."""

    conversation: str
    key: str
    body: str
    reply_to: int | None = None
    attachments: Sequence[str] = ()


def accepted_words(draft: Draft) -> str:
    """Return the words of a draft that says something.

    Raises:
        Invalid: Neither visible text nor a file, or too much of either.
    """
    body = accepted_body(draft.body, has_files=bool(draft.attachments))
    if len(draft.attachments) > MAX_ATTACHMENTS:
        problem = f"may have {MAX_ATTACHMENTS} files at most"
        raise Invalid(f"A message {problem}.", fields={"attachments": problem})
    return body


def accepted_body(body: str, *, has_files: bool) -> str:
    """Return words as they were typed; those of which nothing can be seen are none.

    Raises:
        Invalid: No words and no files, or too many words.
    """
    body = body if has_visible_text(body) else ""
    if not body and not has_files:
        problem = "must not be empty without an attachment"
        raise Invalid(f"The message {problem}.", fields={"body": problem})
    if len(body) > MAX_BODY:
        problem = f"may have {MAX_BODY} characters at most"
        raise Invalid(f"The message {problem}.", fields={"body": problem})
    return body


def require_living(message: Message) -> None:
    """Refuse to do anything with what nobody wrote or what is deleted.

    Raises:
        Gone: It was deleted.
        Forbidden: It is a system line.
    """
    if message.deleted:
        raise Gone("This message was deleted.")
    if message.system is not None:
        raise Forbidden("This line was written by the server; nothing can be done with it.")


def require_author(message: Message, person: str) -> None:
    """Refuse to let anybody else put words into the author's mouth.

    Raises:
        Forbidden: Somebody else wrote it.
    """
    if message.author != person:
        raise Forbidden("Only its author can change a message.")


def check_editable(message: Message, editor: str, now: int, edit_for: int) -> None:
    """Refuse an edit that is not allowed.

    Args:
        message: As it is stored.
        editor: Who wants to change it.
        now: The time in milliseconds.
        edit_for: How long messages can be edited, in milliseconds; 0 for ever.

    Raises:
        Gone: It was deleted.
        Forbidden: Not the author, too late, or not the author's own words.
    """
    require_living(message)
    require_author(message, editor)
    if message.forwarded:
        raise Forbidden("A forwarded message says what somebody else said. Write a new one.")
    if edit_for and now - message.created_at > edit_for:
        raise Forbidden("It is too late to change this message. Write a new one.")
