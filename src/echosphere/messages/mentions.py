"""Finds who is named with `@` in what somebody wrote."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import NamedTuple

import msgspec

from echosphere.accounts import names_by_id
from echosphere.conversations import Access, Kind, Role, audience_of
from echosphere.database import Snapshot
from echosphere.messages.message import Message

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

# Scripts whose words are not set apart: a name ends where it ends.
_RUNNING_ON = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")


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
    places = list(_places(body))
    if not places:
        return NOBODY
    present = audience_of(snapshot, access.conversation.id)[1]
    names = names_of(names_by_id(snapshot, present))
    if _may_call_everybody(access, len(present)):
        names = dict.fromkeys(EVERYBODY, frozenset[str]()) | names
    return mentioned_by(body, places, names)


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


def mentioned_by(
    body: str, places: Iterable[int], names: Mapping[str, frozenset[str]]
) -> Mentioned:
    """Return who is named behind the `@` at these places; no people means everybody."""
    beginnings = {name[0] for name in names}
    found: dict[tuple[str | None, str], None] = {}
    left = MAX_FOLDED
    for place in places:
        for text in _possible_names(body, place + 1, beginnings):
            folded = fold(text)
            left -= len(folded)
            users = names.get(folded)
            if users is not None:
                found.update(dict.fromkeys((user, text) for user in sorted(users) or (None,)))
            if users is not None or left < 0:
                break
        if left < 0 or len(found) >= MAX_FOUND:
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


def _places(body: str) -> Iterator[int]:
    """Return where an `@` begins something: not in the middle of a word, as in an address."""
    tried = 0
    for match in re.finditer(r"@(?=\S)", body):
        place = match.start()
        before = body[place - 1] if place else " "
        if not _is_of_word(before) or _runs_on(before):
            yield place
            tried += 1
            if tried == MAX_TRIED:
                return


def _possible_names(body: str, start: int, beginnings: set[str]) -> Iterator[str]:
    """Return what may be a name at a place, the longest first."""
    if fold(body[start])[:1] in beginnings:
        for end in range(min(len(body), start + MAX_NAME), start, -1):
            if _ends_at(body, end):
                yield body[start:end]


def _ends_at(body: str, end: int) -> bool:
    return end == len(body) or not _is_of_word(body[end]) or _runs_on(body[end])


def _is_of_word(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character)[0] == "M"


def _runs_on(character: str) -> bool:
    wide = unicodedata.east_asian_width(character) == "W"
    return wide or _RUNNING_ON.match(character) is not None


def _may_call_everybody(access: Access, present: int) -> bool:
    small = present <= MAX_FREE_CALL or access.conversation.kind is Kind.DIRECT
    return small or access.role in (Role.OWNER, Role.ADMIN)
