"""What a message carries beside its text: the protocol that files, reactions and previews follow."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, NamedTuple

import msgspec

from echosphere.attachments import Attachment
from echosphere.conversations import Access
from echosphere.database import Snapshot, Transaction
from echosphere.messages.message import Message
from echosphere.wire import Request


class MessageText(NamedTuple):
    """What search reads of a message; `files` is the number of its attachments."""

    conversation: str
    seq: int
    body: str
    files: int
    parts: str | None

    @classmethod
    def of(cls, message: Message) -> "MessageText":
        """Return that of a message."""
        return cls(message.conversation, message.seq, message.body, message.files, message.parts)


SearchLines = Mapping[tuple[str, int], Sequence[str]]
"""Lines of text by conversation and seq."""


decode_raw = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode

kinds: "list[type[Part]]" = []
"""All parts that were imported."""


class Part:
    """A kind of what messages carry; what a subclass does not override does nothing.

    A part has no state: what it keeps is its content in the message, or stands in fields or tables
    of its own.

    Attributes:
        name: What its content is called in `parts` of a message.
        content: The type in which it is stored and shown, a shape or a list of shapes.
        sent: What of it authors may send with a new message: JSON that is a `content`, too.
        goes_along: Whether a forwarded copy has the content.
        has_own_field: Whether the content is shown as a field of the message, not in `parts`.
        fields: The fields of `Message` that it fills, with their values in a message without it.
        json_fields: Those of them that are stored as JSON and sent.
        follows_text: Whether its content and fields come from the text: an edit empties them first.
    """

    name: ClassVar[str] = ""
    content: ClassVar[Any] = None
    sent: ClassVar[type[Request] | None] = None
    goes_along: ClassVar[bool] = False
    has_own_field: ClassVar[bool] = False
    fields: ClassVar[Mapping[str, Any]] = {}
    json_fields: ClassVar[Sequence[str]] = ()
    follows_text: ClassVar[bool] = False

    def __init_subclass__(cls) -> None:
        """Make it known."""
        kinds.append(cls)

    def content_of(self, message: Message | MessageText) -> Any:
        """Return the content of this part in a message, or None."""
        raw = None if message.parts is None else decode_raw(message.parts).get(self.name)
        return None if raw is None else msgspec.json.decode(raw, type=self.content)

    def with_content(self, message: Message, content: Any) -> Message:
        """Return a message with this content of the part, or without any; not stored yet."""
        contents: dict[str, Any] = {} if message.parts is None else dict(decode_raw(message.parts))
        contents.pop(self.name, None)
        if content is not None:
            contents[self.name] = content
        return message._replace(parts=as_json(contents))

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


def as_json(contents: Mapping[str, Any]) -> str | None:
    """Return contents by the names of their parts as they are stored; None if there are none."""
    return msgspec.json.encode(contents).decode() if contents else None
