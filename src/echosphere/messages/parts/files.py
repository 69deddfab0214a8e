"""Files: the part of a message that `attachments` keeps."""

from collections.abc import Iterable, Sequence
from typing import ClassVar

from echosphere.attachments import (
    Attachment,
    copy_attachments,
    file_names_of_messages,
    remove_attachments_of,
)
from echosphere.database import Snapshot, Transaction
from echosphere.i18n import translate
from echosphere.messages.message import Message
from echosphere.messages.parts.part import MessageText, Part, SearchLines
from echosphere.richtext import truncate_with_ellipsis

KINDS = {"image": "Photo", "video": "Video", "audio": "Voice message"}
MAX_NAME = 100
"""Characters of a file's name in a summary."""


class Files(Part):
    """The files of a message; copies of a forwarded one share what is stored."""

    fields: ClassVar = {"files": 0}

    def on_delete(self, transaction: Transaction, message: Message) -> None:
        """Remove them."""
        remove_attachments_of(transaction, message.conversation, message.seq)

    def to_copy(self, source: Message, copy: Message) -> Message:
        """Return the copy with as many files."""
        return copy._replace(files=source.files)

    def on_forward(self, transaction: Transaction, source: Message, copy: Message) -> None:
        """Add the files to the copy."""
        if source.files:
            copy_attachments(transaction, copy.author, source[:2], copy[:2])

    def search_lines(self, snapshot: Snapshot, messages: Iterable[MessageText]) -> SearchLines:
        """Return the names of the files."""
        with_files = [(one.conversation, one.seq) for one in messages if one.files]
        return file_names_of_messages(snapshot, with_files) if with_files else {}

    def summary(
        self, message: Message, attachments: Sequence[Attachment], words: str, language: str
    ) -> str:
        """Return the kind of the first file, or its name, where there are no words."""
        if words or not attachments:
            return ""
        first = attachments[0]
        more = f" +{len(attachments) - 1}" if len(attachments) > 1 else ""
        if kind := KINDS.get(first.type.partition("/")[0]):
            return translate(language, kind) + more
        return (
            f"{translate(language, 'File')}: {truncate_with_ellipsis(first.name, MAX_NAME)}{more}"
        )
