"""The events of messages."""

from dataclasses import dataclass

from echosphere.attachments import Attachment
from echosphere.messages.message import Message


@dataclass(frozen=True, slots=True)
class MessagePosted:
    """A message was posted; its receivers are the members as of `members_version`."""

    message: Message
    attachments: tuple[Attachment, ...]
    members_version: int


@dataclass(frozen=True, slots=True)
class Visibility:
    """Which members may see an older message: some joined after it was posted, or cleared it.

    Attributes:
        members_version: The `members_version` at which this holds.
        visible_to: The members who may see it; None for all.
        hidden_from: The members who may not.
    """

    members_version: int
    visible_to: frozenset[str] | None = None
    hidden_from: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class MessageEdited:
    """The author edited a message; `message` has the new text.

    Attributes:
        mentioned_before: Ids of users whom the earlier text mentioned by name.
        all_before: Whether the earlier text mentioned all members.
    """

    message: Message
    attachments: tuple[Attachment, ...]
    visibility: Visibility
    mentioned_before: frozenset[str]
    all_before: bool


@dataclass(frozen=True, slots=True)
class MessageDeleted:
    """A message was deleted for everybody; `message` is the emptied row.

    Attributes:
        mentioned_before: Ids of users whom it mentioned by name.
        all_before: Whether it mentioned all members.
    """

    message: Message
    visibility: Visibility
    mentioned_before: frozenset[str]
    all_before: bool


@dataclass(frozen=True, slots=True)
class MessageChanged:
    """A reaction, the pin or the link preview of a message changed."""

    message: Message
    attachments: tuple[Attachment, ...]
    visibility: Visibility


@dataclass(frozen=True, slots=True)
class HeldChanged:
    """What is held in a group changed: its author and those who run the group read it again."""

    conversation: str
    user_ids: frozenset[str]
