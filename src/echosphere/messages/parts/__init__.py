"""What messages carry beside their text: each kind is one file here, and one line in the list."""

from collections.abc import Sequence
from operator import attrgetter
from typing import Any

from echosphere.attachments import Attachment
from echosphere.conversations import Access
from echosphere.database import Snapshot, Transaction
from echosphere.messages.message import Message
from echosphere.messages.parts import (  # noqa: F401 - each makes its part known
    actions,
    files,
    mentions,
    pin,
    preview,
    reactions,
    saved,
)
from echosphere.messages.parts.contents import (
    PartContents,
    SentParts,
    decode_contents,
    encode_contents,
    following_text_removed,
    going_along,
    require_fitting,
)
from echosphere.messages.parts.part import MessageText, Part, SearchLines, kinds

PARTS: tuple[Part, ...] = tuple(kind() for kind in kinds)

NO_PARTS: dict[str, Any] = {
    "parts": None,
    **{name: value for part in PARTS for name, value in part.fields.items()},
}
"""The fields of a message that carries nothing."""

AFTER_EDIT: dict[str, Any] = {
    name: value for part in PARTS if part.follows_text for name, value in part.fields.items()
}
"""The fields that an edit empties, before the new text is read."""

_json_fields = ("parts", *(name for part in PARTS for name in part.json_fields))
_JSON_OF = tuple(map(attrgetter, _json_fields))


def _overriding(method: str) -> tuple[Part, ...]:
    """Return the parts that do something there: the others cost a message nothing."""
    nothing = getattr(Part, method)
    return tuple(part for part in PARTS if getattr(type(part), method) is not nothing)


_VALIDATING, _READING = _overriding("validate"), _overriding("read_text")
_STORING, _DELETING = _overriding("on_text"), _overriding("on_delete")


def validate_parts(body: str, contents: str | None = None) -> None:
    """Refuse a text that does not fit a part, and contents that are too long.

    Raises:
        Invalid: It does not, or they are.
    """
    if contents is not None:
        require_fitting(contents)
    for part in _VALIDATING:
        part.validate(body)


def read_parts(snapshot: Snapshot, access: Access, message: Message) -> Message:
    """Return a message that is to be stored, with what follows from its text."""
    for part in _READING:
        message = part.read_text(snapshot, access, message)
    return message


def without_old_text(message: Message) -> Message:
    """Return a message whose text is about to change, without what followed from the old one."""
    message = message._replace(**AFTER_EDIT)
    if message.parts is None:
        return message
    return message._replace(parts=following_text_removed(message.parts))


def store_parts(transaction: Transaction, message: Message, before: Message | None = None) -> None:
    """Store what follows from the text of a stored message; `before` is it before an edit."""
    for part in _STORING:
        part.on_text(transaction, message, before)


def delete_parts(transaction: Transaction, message: Message) -> None:
    """Delete what is stored for a message that is being emptied."""
    for part in _DELETING:
        part.on_delete(transaction, message)


def copy_fields(source: Message, copy: Message) -> Message:
    """Return the copy of a forwarded message with the contents and fields that go along."""
    if source.parts is not None:
        copy = copy._replace(parts=going_along(source.parts))
    for part in PARTS:
        copy = part.to_copy(source, copy)
    return copy


def copy_parts(transaction: Transaction, source: Message, copy: Message) -> None:
    """Store what goes along with the stored copy of a forwarded message."""
    for part in PARTS:
        part.on_forward(transaction, source, copy)


def json_size(messages: Sequence[Message]) -> int:
    """Return how many characters of JSON messages carry; most pages of them none."""
    return sum(sum(map(len, filter(None, map(json, messages)))) for json in _JSON_OF)


def search_lines(snapshot: Snapshot, messages: Sequence[MessageText]) -> SearchLines:
    """Return what messages are found by beside their text, by conversation and seq."""
    found: dict[tuple[str, int], list[str]] = {}
    for part in PARTS:
        for message, lines in part.search_lines(snapshot, messages).items():
            found.setdefault(message, []).extend(lines)
    return found


def summary_of(
    message: Message, attachments: Sequence[Attachment], words: str, language: str
) -> str:
    """Return what stands for a message in one line: what a part says, or else its words."""
    summaries = (part.summary(message, attachments, words, language) for part in PARTS)
    return next(filter(None, summaries), words)


__all__ = [
    "NO_PARTS",
    "MessageText",
    "PartContents",
    "SentParts",
    "copy_fields",
    "copy_parts",
    "decode_contents",
    "delete_parts",
    "encode_contents",
    "json_size",
    "read_parts",
    "search_lines",
    "store_parts",
    "summary_of",
    "validate_parts",
    "without_old_text",
]
