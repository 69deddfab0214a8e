"""The events of messages."""

import msgspec

from echosphere.attachments import Attachment
from echosphere.messages.message import Message


class MessagePosted(msgspec.Struct, frozen=True):
    """A message was posted; its receivers are the members as of `members_version`.

    Attributes:
        bots: How many of the members are bots.
        answers_person: It answers what a person asked a bot for.
    """

    message: Message
    attachments: tuple[Attachment, ...]
    members_version: int
    bots: int = 0
    answers_person: bool = False


class MessagesImported(msgspec.Struct, frozen=True):
    """Messages were imported into a conversation; no one is notified of them."""

    conversation: str


class Visibility(msgspec.Struct, frozen=True):
    """Which members may see an older message: some joined after it was posted, or cleared it.

    Attributes:
        members_version: The `members_version` at which this holds.
        visible_to: The members who may see it; None for all.
        hidden_from: The members who may not.
        bots: How many of the members are bots.
    """

    members_version: int
    visible_to: frozenset[str] | None = None
    hidden_from: frozenset[str] = frozenset()
    bots: int = 0


class MessageEdited(msgspec.Struct, frozen=True):
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


class MessageDeleted(msgspec.Struct, frozen=True):
    """A message was deleted for everyone; `message` is the emptied row.

    Attributes:
        mentioned_before: Ids of users whom it mentioned by name.
        all_before: Whether it mentioned all members.
    """

    message: Message
    visibility: Visibility
    mentioned_before: frozenset[str]
    all_before: bool


class MessageChanged(msgspec.Struct, frozen=True):
    """A reaction, the pin, the link preview or the buttons of a message changed."""

    message: Message
    attachments: tuple[Attachment, ...]
    visibility: Visibility


class ActionsReplaced(msgspec.Struct, frozen=True):
    """The buttons of a message are others; `MessageChanged` is announced as well."""

    message: Message


class ReactionSet(msgspec.Struct, frozen=True):
    """A member added a reaction or removed it, where bots may hear of it."""

    message: Message
    actor: str
    emoji: str
    on: bool


class HeldChanged(msgspec.Struct, frozen=True):
    """What is held in a group changed: its author and those who run the group read it again."""

    conversation: str
    user_ids: frozenset[str]
    filtered: bool | None = None
    """Whether the group has a filter, where that was set just now."""
