"""What a message carries beside its text: the protocol that files, reactions and previews follow."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, NamedTuple

from echosphere.attachments import Attachment
from echosphere.conversations import Access
from echosphere.database import Snapshot, Transaction
from echosphere.messages.message import Message


class MessageText(NamedTuple):
    """What search reads of a message; `files` is the number of its attachments."""

    conversation: str
    seq: int
    body: str
    files: int


SearchLines = Mapping[tuple[str, int], Sequence[str]]
"""Lines of text by conversation and seq."""


kinds: "list[type[Part]]" = []
"""All parts that were imported."""


class Part:
    """A kind of what messages carry; what a subclass does not override does nothing.

    A part has no state: what it keeps stands in fields of the message, or in tables of its own.

    Attributes:
        fields: The fields of `Message` that it fills, with their values in a message without it.
        json_fields: Those of them that are stored as JSON and sent.
        follows_text: Whether its fields come from the text: an edit empties them first.
    """

    fields: ClassVar[Mapping[str, Any]] = {}
    json_fields: ClassVar[Sequence[str]] = ()
    follows_text: ClassVar[bool] = False

    def __init_subclass__(cls) -> None:
        """Make it known."""
        kinds.append(cls)

    def validate(self, body: str) -> None:
        """Refuse a text that is to be posted or put in the place of another.

        Raises:
            Invalid: The text does not fit this part.
        """

    def read_text(self, snapshot: Snapshot, access: Access, message: Message) -> Message:
        """Return a posted or edited message with the fields that follow from its text.

        It is not stored yet.
        """
        return message

    def on_text(self, transaction: Transaction, message: Message, before: Message | None) -> None:
        """Store what follows from the text of a message; `before` is the message before an edit."""

    def on_delete(self, transaction: Transaction, message: Message) -> None:
        """Delete what is stored for a message, whose row is emptied in the same transaction."""

    def to_copy(self, source: Message, copy: Message) -> Message:
        """Return the copy of a forwarded message with the fields that go along; not stored yet."""
        return copy

    def on_forward(self, transaction: Transaction, source: Message, copy: Message) -> None:
        """Store what goes along with the copy of a forwarded message; both are locked."""

    def search_lines(self, snapshot: Snapshot, messages: Iterable[MessageText]) -> SearchLines:
        """Return what messages are found by beside their text."""
        return {}

    def summary(
        self, message: Message, attachments: Sequence[Attachment], words: str, language: str
    ) -> str:
        """Return what stands for a message in one line, such as "Photo"; empty for its words.

        Args:
            message: The message.
            attachments: Its files.
            words: Its text in one line, without markup.
            language: Of the reader.
        """
        return ""
