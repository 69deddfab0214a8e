"""Finds who is named with `@` in what somebody wrote."""

import unicodedata
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import NamedTuple

import msgspec

from echosphere.accounts import names_by_id
from echosphere.conversations import Access, Kind, Role, audience_of
from echosphere.database import Snapshot
from echosphere.messages.message import Message
from echosphere.richtext import may_begin, may_end, mentions

EVERYBODY = ("all", "everyone", "alle")
MAX_FREE_CALL = 50
"""Present members of a group up to which everybody may call everybody."""

MAX_TRIED = 100
"""How many `@` of a text are looked at."""

MAX_NAME = 90
"""Characters after an `@` that can be a name."""

MAX_FOLDED = 50_000
"""Characters of a text that are compared with names: some signs stand for a whole sentence."""

MAX_FOUND = 200
"""Mentions of one message: many people may have the same name."""


class Mentioned(NamedTuple):
    """Who is mentioned.

    Attributes:
        kept: What the message's row holds, as JSON; None when nobody is.
        people: Those mentioned by name.
        everybody: Whether all members are.
    """

    kept: str | None
    people: frozenset[str]
    everybody: bool


NOBODY = Mentioned(None, frozenset(), everybody=False)


def find_mentions(snapshot: Snapshot, access: Access, body: str) -> Mentioned:
    """Return who of the present members is named in a text; asks only if somebody may be."""
    if not any(may_begin(body, place) for place in _signs(body)):
        return NOBODY
    present = audience_of(snapshot, access.conversation.id)[1]
    names = names_of(names_by_id(snapshot, present))
    if _may_call_everybody(access, len(present)):
        names = dict.fromkeys(EVERYBODY, frozenset[str]()) | names
    return mentioned_by(body, names)


def mentioned_in(message: Message) -> frozenset[str]:
    """Return whom a stored message mentions by name."""
    if message.mentions is None:
        return frozenset()
    return frozenset(one["user"] for one in msgspec.json.decode(message.mentions) if one["user"])


def names_of(people: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """Return who answers to which name: the full one, or the first word if it is one person's.

    Names are folded. Two people with the same full name both answer to it.
    """
    full: dict[str, set[str]] = {}
    first: dict[str, set[str]] = {}
    for user, name in people.items():
        folded = fold(name)
        full.setdefault(folded, set()).add(user)
        first.setdefault(folded.partition(" ")[0], set()).add(user)
    short = {name: users for name, users in first.items() if len(users) == 1 and name}
    return {name: frozenset(users) for name, users in (short | full).items() if name}


def mentioned_by(body: str, names: Mapping[str, frozenset[str]]) -> Mentioned:
    """Return who is named in a text, outside of code and addresses; no people means everybody."""
    found: dict[tuple[str | None, str], None] = {}
    for text in mentions(body, _Names(names).mention_at):
        users = names[fold(text)]
        found.update(dict.fromkeys((user, text) for user in sorted(users) or (None,)))
        if len(found) >= MAX_FOUND:
            break
    found = dict.fromkeys(islice(found, MAX_FOUND))
    if not found:
        return NOBODY
    kept = msgspec.json.encode([{"user": user, "text": text} for user, text in found])
    people = frozenset(user for user, _ in found if user is not None)
    return Mentioned(kept.decode(), people, any(user is None for user, _ in found))


def fold(text: str) -> str:
    """Return a text without differences of case and spelling in Unicode."""
    return unicodedata.normalize("NFKC", text).casefold()


class _Names:
    """Finds names in a text, as long as it is not too much work."""

    def __init__(self, names: Mapping[str, frozenset[str]]) -> None:
        self._names = names
        self._beginnings = set(map(_first_letter, names))
        self._longest = max(map(len, names), default=0)
        # Typed with their marks apart, names are longer than folded.
        typed = (len(unicodedata.normalize("NFKD", name)) for name in names)
        self._window = min(MAX_NAME, max(typed, default=0))
        self._known: dict[tuple[int, str], tuple[int, str] | None] = {}
        self._left = MAX_FOLDED

    def mention_at(self, text: str, place: int) -> tuple[int, str] | None:
        """Return where the longest name behind an `@` ends, and the name as it was typed."""
        asked = place, text
        if asked not in self._known:
            tried = len(self._known) >= MAX_TRIED or self._left < 0
            self._known[asked] = None if tried else self._find(text, place)
        return self._known[asked]

    def _find(self, text: str, place: int) -> tuple[int, str] | None:
        start = place + 1
        first = _first_letter(fold(text[start : start + 1]))
        if first not in self._beginnings or not may_begin(text, place):
            return None
        for length, folded in self._folded(text[start : start + self._window]):
            if folded in self._names and may_end(text, start + length):
                return start + length, text[start : start + length]
        return None

    def _folded(self, window: str) -> Iterator[tuple[int, str]]:
        """Return the beginnings of a text, the longest first, as they are folded.

        Scripts without spaces have as many as characters: all are folded at once, if none of the
        characters changes another.
        """
        parts = [fold(character) for character in window]
        whole = "".join(parts)
        self._left -= 2 * len(whole)
        if whole != fold(window):
            yield from self._folded_one_by_one(window)
            return
        end = len(whole)
        for length in range(len(parts), 0, -1):
            if end <= self._longest:
                yield length, whole[:end]
            end -= len(parts[length - 1])

    def _folded_one_by_one(self, window: str) -> Iterator[tuple[int, str]]:
        for length in range(len(window), 0, -1):
            folded = fold(window[:length])
            yield length, folded
            self._left -= len(folded)
            if self._left < 0:
                break


def _first_letter(folded: str) -> str:
    """Return the first letter without its marks, which may be typed apart."""
    return unicodedata.normalize("NFKD", folded[:1])[:1]


def _signs(body: str) -> Iterator[int]:
    place = body.find("@")
    while place >= 0:
        yield place
        place = body.find("@", place + 1)


def _may_call_everybody(access: Access, present: int) -> bool:
    small = present <= MAX_FREE_CALL or access.conversation.kind is Kind.DIRECT
    return small or access.role in (Role.OWNER, Role.ADMIN)
