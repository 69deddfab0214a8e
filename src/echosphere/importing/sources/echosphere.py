"""Reads the format itself: the export of an EchoSphere, or what somebody else wrote in it."""

from collections.abc import Iterator
from datetime import tzinfo
from typing import BinaryIO, TypeVar

import msgspec

from echosphere.importing.container import Container, read_document, read_lines
from echosphere.importing.errors import UnreadableSource
from echosphere.importing.format import (
    CONVERSATIONS,
    MANIFEST,
    PEOPLE,
    VERSION,
    ConversationRecord,
    Manifest,
    MessageRecord,
    Person,
)
from echosphere.importing.json_values import decode_json
from echosphere.importing.report import Losses

T = TypeVar("T")


class EchoSphereSource:
    """What is in the format already is read as it is needed."""

    system = "echosphere"

    @staticmethod
    def recognizes(container: Container) -> bool:
        """Whether this is in the format."""
        return container.has(MANIFEST) and container.has(PEOPLE)

    def __init__(self, container: Container, losses: Losses, _zone: tzinfo | None = None) -> None:
        self._container = container
        self.losses = losses
        try:
            self.manifest = decode_json(read_document(container, MANIFEST), Manifest)
        except msgspec.DecodeError as error:
            raise UnreadableSource(
                f"The file {MANIFEST!r} is not part of an export: {error}."
            ) from error
        if self.manifest.version > VERSION:
            raise UnreadableSource(
                f"This export has version {self.manifest.version} of the format, but this "
                f"server supports {VERSION}. Upgrade the server first."
            )

    def people(self) -> Iterator[Person]:
        """Return everybody."""
        return self._records(PEOPLE, Person)

    def conversations(self) -> Iterator[ConversationRecord]:
        """Return the conversations."""
        return self._records(CONVERSATIONS, ConversationRecord)

    def messages(self, conversation: ConversationRecord) -> Iterator[MessageRecord]:
        """Return the messages of a conversation."""
        return self._records(conversation.messages, MessageRecord)

    def size(self, path: str) -> int | None:
        """Return the bytes of a file."""
        return self._container.size(path) if path and self._container.has(path) else None

    def open(self, path: str) -> BinaryIO:
        """Open a file."""
        return self._container.open(path)

    def close(self) -> None:
        """Let go of everything."""
        self._container.close()

    def _records(self, name: str, kind: type[T]) -> Iterator[T]:
        for number, line in enumerate(read_lines(self._container, name), 1):
            try:
                yield decode_json(line, kind)
            except msgspec.DecodeError as error:
                raise UnreadableSource(f"Line {number} of {name!r} is wrong: {error}.") from error
