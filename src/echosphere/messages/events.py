"""What happened to messages."""

from dataclasses import dataclass

from echosphere.attachments import Attachment
from echosphere.messages.message import Message


@dataclass(frozen=True, slots=True)
class MessagePosted:
    """Somebody said something; `members_version` says who may hear it."""

    message: Message
    attachments: tuple[Attachment, ...]
    members_version: int


@dataclass(frozen=True, slots=True)
class Sight:
    """Who may see a message that is not new: some joined after it was posted, or cleared it.

    Attributes:
        members_version: At which this was so.
        seeing: The members who may see it; None for all of them.
        blind: The members who may not.
    """

    members_version: int
    seeing: frozenset[str] | None = None
    blind: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class MessageEdited:
    """An author changed the words; `message` is as it is now.

    Attributes:
        mentioned_before: Whom the earlier words mentioned by name.
        all_before: Whether they mentioned everybody.
    """

    message: Message
    attachments: tuple[Attachment, ...]
    sight: Sight
    mentioned_before: frozenset[str]
    all_before: bool


@dataclass(frozen=True, slots=True)
class MessageDeleted:
    """A message is gone for everybody; `message` is what is left of it: its place.

    The event carries nothing of what it said.

    Attributes:
        mentioned_before: Whom it mentioned by name.
        all_before: Whether it mentioned everybody.
    """

    message: Message
    sight: Sight
    mentioned_before: frozenset[str]
    all_before: bool


@dataclass(frozen=True, slots=True)
class MessageChanged:
    """Something around the words changed: a reaction, the pin, the preview of a link."""

    message: Message
    attachments: tuple[Attachment, ...]
    sight: Sight
