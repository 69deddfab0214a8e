"""Decides who sees that somebody is typing, and how often."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import NamedTuple

from echosphere.accounts import settings_of
from echosphere.contacts import blocked_either_way
from echosphere.conversations import access_conversation, audience_of
from echosphere.database import Snapshot

SHOWN_UP_TO = 200
"""Members: in larger groups somebody is always typing."""

PAUSE = 2.0
"""Seconds for which further calls of one person in one conversation are accepted and dropped."""

MAX_KEPT = 50_000


class Watching(NamedTuple):
    """Who sees that somebody types in a conversation."""

    members_version: int
    people: frozenset[str]


def those_who_watch(snapshot: Snapshot, person: str, conversation: str) -> Watching:
    """Return the other members; nobody if the person does not show it, and nobody across a block.

    Raises:
        NotFound: The person is not a member.
    """
    access_conversation(snapshot, person, conversation)
    version, members = audience_of(snapshot, conversation)
    if len(members) > SHOWN_UP_TO or not settings_of(snapshot, person).typing:
        return Watching(version, frozenset())
    return Watching(version, members - blocked_either_way(snapshot, person) - {person})


@dataclass(slots=True)
class Typed:
    """What was let through last: when it began, and whether it still holds."""

    at: float
    on: bool


class Pauses:
    """Lets one beginning through every two seconds, and one end of it.

    Args:
        now: Seconds that never go back.
    """

    def __init__(self, now: Callable[[], float] = monotonic) -> None:
        self._now = now
        self._typed: OrderedDict[tuple[str, str], Typed] = OrderedDict()

    def lets_through(self, person: str, conversation: str, *, on: bool) -> bool:
        """Whether this is to be told to the others."""
        last = self._typed.get((person, conversation))
        if on:
            return last is None or self._now() >= last.at + PAUSE
        return last is not None and last.on

    def knows(self, person: str, conversation: str) -> bool:
        """Whether something was let through lately: it was the person's conversation then."""
        return (person, conversation) in self._typed

    def note(self, person: str, conversation: str, *, on: bool) -> None:
        """It was told."""
        place = (person, conversation)
        last = self._typed.get(place)
        began = self._now() if on or last is None else last.at
        self._typed[place] = Typed(began, on)
        self._typed.move_to_end(place)
        while len(self._typed) > MAX_KEPT:
            self._typed.popitem(last=False)
