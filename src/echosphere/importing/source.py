"""What every source gives: people, conversations, messages in order, and files."""

from collections.abc import Iterator
from contextlib import suppress
from typing import BinaryIO, Protocol

import msgspec

from echosphere.importing.container import Container
from echosphere.importing.errors import UnreadableSource
from echosphere.importing.format import (
    ConversationRecord,
    Manifest,
    MessageRecord,
    Person,
)
from echosphere.importing.report import Losses
from echosphere.importing.spool import MessageSpool

NO_FILE = "-"
"""The path of the messages of a conversation that are not in a file."""


class Source(Protocol):
    """What can be imported.

    Attributes:
        manifest: What it is.
        losses: Is told what the source has and the format does not.
    """

    manifest: Manifest
    losses: Losses

    def people(self) -> Iterator[Person]:
        """Return everybody who wrote, or is named."""

    def conversations(self) -> Iterator[ConversationRecord]:
        """Return the conversations."""

    def messages(self, conversation: ConversationRecord) -> Iterator[MessageRecord]:
        """Return the messages of a conversation, each behind what it replies to."""

    def size(self, path: str) -> int | None:
        """Return the bytes of a file; None if the source does not have it."""

    def open(self, path: str) -> BinaryIO:
        """Open a file."""

    def close(self) -> None:
        """Let go of everything."""


class CollectedSource:
    """A source whose messages are sorted first; a subclass fills it in `collect`.

    Args:
        container: Where it is read from.
        losses: Is told what is lost.
    """

    system = ""
    """Whose export it is."""

    def __init__(self, container: Container, losses: Losses) -> None:
        self.container = container
        self.losses = losses
        self.manifest = Manifest(version=1, source=self.system)
        self._people: dict[str, Person] = {}
        self._conversations: dict[str, ConversationRecord] = {}
        self._spool = MessageSpool()
        try:
            self.collect()
            self._spool.finish()
        except (msgspec.DecodeError, ValueError, KeyError, TypeError, AttributeError) as error:
            self.close()
            raise UnreadableSource(
                f"This does not look like an export of {self.system.capitalize()}: {error}"[:300]
            ) from error
        except BaseException:
            self.close()
            raise

    def collect(self) -> None:
        """Read everything, with `add_person`, `add_conversation` and `add_message`."""
        raise NotImplementedError

    def identify(self, instance: object) -> None:
        """Say which instance of the system it is, so that another one's ids mean others."""
        source = f"{self.system}:{instance}"[:200] if instance else self.system
        self.manifest = Manifest(version=1, source=source)

    def add_person(self, person: Person) -> None:
        """Add somebody, unless they are known."""
        self._people.setdefault(person.id, person)

    def name_of(self, person: str) -> str:
        """Return the name of a person; their id if they are unknown."""
        found = self._people.get(person)
        return person if found is None else found.name

    def knows(self, person: str) -> bool:
        """Whether a person was added."""
        return person in self._people

    def add_conversation(self, conversation: ConversationRecord) -> None:
        """Add a conversation, or replace what is known of it."""
        self._conversations[conversation.id] = conversation

    def add_message(self, conversation: str, message: MessageRecord) -> None:
        """Add a message; its author is made known by their id if nobody did."""
        if message.author not in self._people:
            self.add_person(Person(id=message.author, name=message.author))
        self._spool.add(conversation, message)

    def people(self) -> Iterator[Person]:
        """Return everybody."""
        yield from self._people.values()

    def conversations(self) -> Iterator[ConversationRecord]:
        """Return the conversations that have messages or members."""
        for one in self._conversations.values():
            if one.members or self._spool.counts.get(one.id):
                yield one

    def messages(self, conversation: ConversationRecord) -> Iterator[MessageRecord]:
        """Return the messages of a conversation in the order of time."""
        return self._spool.messages(conversation.id)

    def size(self, path: str) -> int | None:
        """Return the bytes of a file."""
        return self.container.size(path) if path and self.container.has(path) else None

    def open(self, path: str) -> BinaryIO:
        """Open a file."""
        return self.container.open(path)

    def close(self) -> None:
        """Let go of everything."""
        with suppress(OSError):
            self._spool.close()
        self.container.close()
