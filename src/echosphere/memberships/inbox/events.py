"""What changed for one person alone, or in how far somebody has read."""

from dataclasses import dataclass

from echosphere.memberships.inbox.entry import Entry
from echosphere.memberships.receipts.recipients import Receivers


@dataclass(frozen=True, slots=True)
class OwnChanged:
    """A person read, muted, pinned, archived or drafted: their other devices follow."""

    person: str
    entry: Entry


@dataclass(frozen=True, slots=True)
class MentionsChanged:
    """For many people it has to be counted anew how often a conversation mentions them."""

    conversation: str
    people: frozenset[str]


@dataclass(frozen=True, slots=True)
class ReceiptGiven:
    """A position of a member, as far as the others are told of it, moved forward."""

    conversation: str
    members_version: int
    person: str
    receivers: Receivers
    read_seq: int | None = None
    delivered_seq: int | None = None
