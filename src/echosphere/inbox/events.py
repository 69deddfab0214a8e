"""What changed for one person alone, or in how far somebody has read."""

from dataclasses import dataclass

from echosphere.inbox.entry import Entry


@dataclass(frozen=True, slots=True)
class OwnChanged:
    """A person read, muted, pinned, archived or drafted: their other devices follow."""

    person: str
    entry: Entry


@dataclass(frozen=True, slots=True)
class MessagesRead:
    """A member's read position moved forward."""

    conversation: str
    members_version: int
    person: str
    read_seq: int
