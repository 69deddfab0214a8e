"""Messages and the rules for their content."""

from typing import NamedTuple

from echosphere.core.errors import Forbidden, Gone, Invalid
from echosphere.core.text import has_visible_text

MAX_BODY = 10_000
"""Characters."""


class Message(NamedTuple):
    """A message as it is stored; `files` is the number of its attachments.

    Attributes:
        seq: The conversation's version at which it was posted, which never changes.
        version: The conversation's version of its last change.
        key: The author's idempotency key.
        system: The content of a system message, as JSON; None for messages of users.
        mentions: Mentioned users and how they are named, as JSON `[{user, text}]`.
        reactions: As JSON `[{emoji, users}]`, in the order of their first use.
        preview: The preview of the first link, as JSON.
        expires_at: When it disappears, in milliseconds; 0 once it was deleted for its age.
        automated: A program wrote it.
        parts: The content of its parts by their names, as JSON `{name: content}`.
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
    expires_at: int | None = None
    automated: bool = False
    parts: str | None = None


def validate_body(body: str, *, has_files: bool) -> str:
    """Return the body unchanged, or an empty one if it has no visible text.

    Raises:
        Invalid: It is empty and there are no files, or it is too long.
    """
    body = body if has_visible_text(body) else ""
    if not body and not has_files:
        problem = "must not be empty unless it has an attachment"
        raise Invalid(f"The message {problem}.", fields={"body": problem})
    if len(body) > MAX_BODY:
        problem = f"must have at most {MAX_BODY} characters"
        raise Invalid(f"The message {problem}.", fields={"body": problem})
    return body


def has_expired(message: Message, now: int) -> bool:
    """Whether a message has disappeared, or will at the next sweep: its text is shown to no one."""
    return message.expires_at is not None and message.expires_at <= now


def require_not_deleted(message: Message) -> None:
    """Refuse deleted messages and system messages.

    Raises:
        Gone: The message was deleted.
        Forbidden: It is a system message.
    """
    if message.deleted:
        raise Gone("This message was deleted.")
    if message.system is not None:
        raise Forbidden("This cannot be done with a system message.")


def require_author(message: Message, user_id: str) -> None:
    """Refuse users other than the author.

    Raises:
        Forbidden: Another user wrote it.
    """
    if message.author != user_id:
        raise Forbidden("Only the author can edit a message.")
