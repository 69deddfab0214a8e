"""What every source gives: people, conversations, messages in order, and files."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import tzinfo
from hashlib import sha256
from typing import BinaryIO, Protocol

import msgspec

from echosphere.importing.container import Container
from echosphere.importing.errors import UnreadableSource
from echosphere.importing.format import (
    ConversationRecord,
    Manifest,
    MessageRecord,
    Person,
    decode_message,
)
from echosphere.importing.report import Losses
from echosphere.importing.spool import MessageSpool

MAX_ID = 200
LATEST = 2**53
"""Milliseconds since 1970: later than what the format can say."""

UNFIT = "malformed messages and people"

NOT_AS_WRITTEN = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What comes of reading something that has another shape."""

NO_FILE = "-"
"""The path of the messages of a conversation that are not in a file."""


def fitting_id(made: str) -> str:
    """Return an id that was put together from others, with the hash of its end if it is too long.

    Without the hash two that begin alike would be one, and the members of one would read the other.
    """
    if len(made) <= MAX_ID:
        return made
    return f"{made[: MAX_ID - 33]}-{sha256(made.encode()).hexdigest()[:32]}"


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
        zone: Where local times are meant that have no zone; None for the zone of this machine.
    """

    system = ""
    """Whose export it is."""

    def __init__(self, container: Container, losses: Losses, zone: tzinfo | None = None) -> None:
        self.container = container
        self.losses = losses
        self.zone = zone
        self.manifest = Manifest(version=1, source=self.system)
        self._people: dict[str, Person] = {}
        self._conversations: dict[str, ConversationRecord] = {}
        self._spool = MessageSpool()
        try:
            self.collect()
            self._spool.finish()
        except (msgspec.DecodeError, *NOT_AS_WRITTEN) as error:
            self.close()
            raise UnreadableSource(
                f"This does not look like an export from {self.system.capitalize()}: {error}"[:300]
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
        """Add somebody, unless they are known, or their id is none."""
        if not 1 <= len(person.id) <= MAX_ID:
            self.losses[UNFIT] += 1
            return
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
        if not 1 <= len(conversation.id) <= MAX_ID:
            raise UnreadableSource("The export has a conversation whose id is too long, or empty.")
        self._conversations[conversation.id] = conversation

    @contextmanager
    def one_message(self) -> Iterator[None]:
        """Count one that is not as the system writes it, and go on with the others."""
        try:
            yield
        except NOT_AS_WRITTEN:
            self.losses[UNFIT] += 1

    def rename_conversation(self, before: str, after: str) -> str:
        """Give the messages of a conversation to another id, which it is added with; return that."""
        self._spool.rename(before, after)
        return after

    def add_message(self, conversation: str, message: MessageRecord) -> None:
        """Add a message; its author is made known by their id if nobody did."""
        if message.author not in self._people:
            self.add_person(Person(id=message.author, name=message.author))
        if 0 <= message.at < LATEST:
            self._spool.add(conversation, message)
        else:
            self.losses[UNFIT] += 1

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
        for line in self._spool.lines(conversation.id):
            try:
                yield decode_message(line)
            except msgspec.ValidationError:
                self.losses[UNFIT] += 1

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
