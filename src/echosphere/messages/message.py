"""What a message is and what is allowed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from echosphere.errors import Invalid

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


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody wants to say: the command of the one path."""

    conversation: str
    key: str
    body: str
    reply_to: int | None = None
    attachments: Sequence[str] = ()


def check_content(draft: Draft) -> None:
    """Refuse what says nothing.

    Raises:
        Invalid: Neither visible text nor a file, or too much of either.
    """
    if not draft.body.strip() and not draft.attachments:
        problem = "must not be empty without an attachment"
        raise Invalid(f"The message {problem}.", fields={"body": problem})
    if len(draft.body) > MAX_BODY:
        problem = f"may have {MAX_BODY} characters at most"
        raise Invalid(f"The message {problem}.", fields={"body": problem})
    if len(draft.attachments) > MAX_ATTACHMENTS:
        problem = f"may have {MAX_ATTACHMENTS} files at most"
        raise Invalid(f"A message {problem}.", fields={"attachments": problem})
