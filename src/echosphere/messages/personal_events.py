"""What a person did with messages for themselves alone."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MessagesHidden:
    """A person deleted messages for themselves alone; `after` counts what they hid so far."""

    person: str
    conversation: str
    seqs: Sequence[int]
    after: int


@dataclass(frozen=True, slots=True)
class MessagesRestored:
    """A person took back that they deleted messages for themselves; `after` as when they did."""

    person: str
    conversation: str
    seqs: Sequence[int]
    after: int


@dataclass(frozen=True, slots=True)
class MessageSaved:
    """A person saved a message to find it again, or does not need it any more."""

    person: str
    conversation: str
    seq: int
    on: bool
