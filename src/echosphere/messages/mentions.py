"""Finds `@` mentions in message texts."""

import unicodedata
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import NamedTuple

import msgspec

from echosphere.accounts import names_by_id
from echosphere.conversations import Access, Kind, Role, audience_of
from echosphere.database import Snapshot
from echosphere.messages.message import Message
from echosphere.richtext import is_word_end, is_word_start, mentioned_names

ALL_NAMES = ("all", "everyone", "alle")
MAX_MEMBERS_FOR_ALL_MENTION = 50
"""Present members of a group up to which every member may use `@all`."""

MAX_ATTEMPTS = 100
"""How many `@` signs of a text are examined."""

MAX_NAME = 90
"""Characters after an `@` that can be a name."""

MAX_FOLDED = 50_000
"""Characters compared with names: some characters fold to a whole sentence."""

MAX_FOUND = 200
"""Mentions of one message: many users may have the same name."""


class Mentions(NamedTuple):
    """The mentions of a message.

    Attributes:
        json: The stored column; None for no mentions.
        user_ids: Ids of users mentioned by name.
        all_members: Whether all members are mentioned.
    """

    json: str | None
    user_ids: frozenset[str]
    all_members: bool


NO_MENTIONS = Mentions(None, frozenset(), all_members=False)


def find_mentions(snapshot: Snapshot, access: Access, body: str) -> Mentions:
    """Return the present members whom a text mentions; no query without a possible mention."""
    if not any(is_word_start(body, index) for index in _at_signs(body)):
        return NO_MENTIONS
    present = audience_of(snapshot, access.conversation.id)[1]
    names = user_ids_by_name(names_by_id(snapshot, present))
    if may_mention_all(access, len(present)):
        names = dict.fromkeys(ALL_NAMES, frozenset[str]()) | names
    return parse_mentions(body, names)


def mentioned_user_ids(message: Message) -> frozenset[str]:
    """Return the ids of users whom a stored message mentions by name."""
    if message.mentions is None:
        return frozenset()
    return frozenset(one["user"] for one in msgspec.json.decode(message.mentions) if one["user"])


def user_ids_by_name(names: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """Return user ids by folded name: the full name, and the first word if it is unique.

    Users with the same full name are mentioned together.
    """
    full: dict[str, set[str]] = {}
    first: dict[str, set[str]] = {}
    for user, name in names.items():
        folded = fold(name)
        full.setdefault(folded, set()).add(user)
        first.setdefault(folded.partition(" ")[0], set()).add(user)
    short = {name: users for name, users in first.items() if len(users) == 1 and name}
    return {name: frozenset(users) for name, users in (short | full).items() if name}


def parse_mentions(body: str, names: Mapping[str, frozenset[str]]) -> Mentions:
    """Find mentions in a text, outside of code and addresses; an empty set stands for all members."""
    found: dict[tuple[str | None, str], None] = {}
    for text in mentioned_names(body, _NameMatcher(names).mention_at):
        users = names[fold(text)]
        found.update(dict.fromkeys((user, text) for user in sorted(users) or (None,)))
        if len(found) >= MAX_FOUND:
            break
    found = dict.fromkeys(islice(found, MAX_FOUND))
    if not found:
        return NO_MENTIONS
    json = msgspec.json.encode([{"user": user, "text": text} for user, text in found])
    user_ids = frozenset(user for user, _ in found if user is not None)
    return Mentions(json.decode(), user_ids, any(user is None for user, _ in found))


def fold(text: str) -> str:
    """Fold a name: NFKC and case folding."""
    return unicodedata.normalize("NFKC", text).casefold()


class _NameMatcher:
    """Matches names in a text, within a limit of work."""

    def __init__(self, names: Mapping[str, frozenset[str]]) -> None:
        self._names = names
        self._beginnings = set(map(_first_letter, names))
        self._longest = max(map(len, names), default=0)
        # Typed with combining marks, names are longer than folded.
        typed = (len(unicodedata.normalize("NFKD", name)) for name in names)
        self._window = min(MAX_NAME, max(typed, default=0))
        self._known: dict[tuple[int, str], tuple[int, str] | None] = {}
        self._left = MAX_FOLDED

    def mention_at(self, text: str, index: int) -> tuple[int, str] | None:
        """Return where the longest name behind an `@` ends, and the name as it was typed."""
        asked = index, text
        if asked not in self._known:
            tried = len(self._known) >= MAX_ATTEMPTS or self._left < 0
            self._known[asked] = None if tried else self._find(text, index)
        return self._known[asked]

    def _find(self, text: str, index: int) -> tuple[int, str] | None:
        start = index + 1
        first = _first_letter(fold(text[start : start + 1]))
        if first not in self._beginnings or not is_word_start(text, index):
            return None
        for length, folded in self._folded_prefixes(text[start : start + self._window]):
            if folded in self._names and is_word_end(text, start + length):
                return start + length, text[start : start + length]
        return None

    def _folded_prefixes(self, window: str) -> Iterator[tuple[int, str]]:
        """Return the beginnings of a text, the longest first, as they are folded.

        Scripts without spaces have as many as characters: all are folded at once, if none of the
        characters changes another.
        """
        parts = [fold(character) for character in window]
        whole = "".join(parts)
        self._left -= 2 * len(whole)
        if whole != fold(window):
            yield from self._fold_each_prefix(window)
            return
        end = len(whole)
        for length in range(len(parts), 0, -1):
            if end <= self._longest:
                yield length, whole[:end]
            end -= len(parts[length - 1])

    def _fold_each_prefix(self, window: str) -> Iterator[tuple[int, str]]:
        for length in range(len(window), 0, -1):
            folded = fold(window[:length])
            yield length, folded
            self._left -= len(folded)
            if self._left < 0:
                break


def _first_letter(folded: str) -> str:
    """Return the first letter without its marks, which may be typed apart."""
    return unicodedata.normalize("NFKD", folded[:1])[:1]


def _at_signs(body: str) -> Iterator[int]:
    index = body.find("@")
    while index >= 0:
        yield index
        index = body.find("@", index + 1)


def may_mention_all(access: Access, present: int) -> bool:
    small = present <= MAX_MEMBERS_FOR_ALL_MENTION or access.conversation.kind is Kind.DIRECT
    return small or access.role in (Role.OWNER, Role.ADMIN)
