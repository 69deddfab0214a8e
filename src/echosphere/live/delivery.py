"""What is sent, and to whom."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class ToMembers:
    """To everybody who is a member of a conversation at this `members_version`.

    Attributes:
        only: Those of the members whom it is for; None for all of them.
        row: What it shows whole, if it does.
        passed: The event and payload that stand for it where a later delivery of the same commit
            shows the row anew: they move the version on and show nothing.
    """

    conversation: str
    members_version: int
    event: str
    payload: Any
    only: frozenset[str] | None = None
    row: tuple[str, int] | None = None
    passed: tuple[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class ToPerson:
    """To all devices of one person."""

    person: str
    event: str
    payload: Any


@dataclass(frozen=True, slots=True)
class ToPeople:
    """To all devices of several people; it is encoded once."""

    people: frozenset[str]
    event: str
    payload: Any


Delivery = ToMembers | ToPerson | ToPeople
