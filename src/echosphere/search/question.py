"""What somebody looks for, and what is allowed: words, phrases and filters, typed or given."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from echosphere.core.errors import Invalid
from echosphere.search.folding import folded

MAX_TERMS = 12
MAX_NAMES = 10
LATEST = 2**53
"""The largest time, in milliseconds."""

_QUOTES = '"\u201c\u201d\u201e\uff02'
_TYPED = re.compile(
    rf"""(?:(?P<filter>from|in|has|before|after)[:\uff1a])?
        (?:[{_QUOTES}](?P<phrase>[^{_QUOTES}]*)(?:[{_QUOTES}]|\Z)|(?P<word>\S+))""",
    re.IGNORECASE | re.VERBOSE,
)
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_NUMBER = re.compile(r"[0-9]{1,16}")
_WRITTEN_IN_SIGNS = ("CJK ", "HIRAGANA ", "KATAKANA ", "HANGUL ", "BOPOMOFO ")


class Has(StrEnum):
    """What a message carries besides words."""

    LINK = "link"
    IMAGE = "image"
    FILE = "file"
    AUDIO = "audio"
    VIDEO = "video"


@dataclass(frozen=True, slots=True)
class Question:
    """What is looked for; everything must hold.

    Attributes:
        terms: Folded; each must occur in the words or in the name of a file.
        authors: Typed names, of which one must be the author's; none for anybody.
        places: Typed names of conversations, of which one must be the message's.
        since: At this time or later, in milliseconds.
        until: Before this time.
    """

    terms: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    has: frozenset[Has] = frozenset()
    since: int = 0
    until: int = LATEST

    @property
    def marked(self) -> tuple[str, ...]:
        """The terms that are shown where they occur: single letters would be everywhere."""
        return tuple(term for term in self.terms if is_enough(term))

    @property
    def filtered(self) -> bool:
        """Whether anything but words is asked for."""
        rest = (self.authors, self.places, self.has, self.since, self.until)
        return rest != ((), (), frozenset(), 0, LATEST)


def read_question(typed: str) -> Question:
    """Return what typed text asks for.

    Raises:
        Invalid: A filter makes no sense, or the words are too few, too short or too many.
    """
    terms: dict[str, None] = {}
    filters: dict[str, list[str]] = {"from": [], "in": [], "has": [], "before": [], "after": []}
    for kind, value in _typed(typed):
        if kind:
            filters[kind].append(value)
        elif term := folded(value).strip():
            terms[term] = None
    _check(tuple(terms))
    if max(len(filters["from"]), len(filters["in"])) > MAX_NAMES:
        raise _refused(f"may name {MAX_NAMES} people and conversations at most")
    return Question(
        terms=tuple(terms),
        authors=tuple(filters["from"]),
        places=tuple(filters["in"]),
        has=frozenset(map(_has, filters["has"])),
        since=max((moment(day, "after") for day in filters["after"]), default=0),
        until=min((moment(day, "before") for day in filters["before"]), default=LATEST),
    )


def moment(given: int | str, field: str) -> int:
    """Return a time in milliseconds, of a number or of a day (its beginning, UTC).

    Raises:
        Invalid: Neither.
    """
    text = str(given)
    if _DAY.fullmatch(text):
        try:
            day = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
        except ValueError:
            day = None
        if day is not None:
            return max(0, int(day.timestamp()) * 1000)
    if _NUMBER.fullmatch(text) and int(text) <= LATEST:
        return int(text)
    problem = "must be a day such as 2026-01-31, or a time in milliseconds"
    raise Invalid(f"What comes after {field!r} {problem}.", fields={field: problem})


def is_enough(term: str) -> bool:
    """Whether a folded term is long enough to be looked for by itself.

    Two characters are. So is one that is a word or a syllable, or an emoji.
    """
    if len(term) >= 2:
        return True
    is_sign = unicodedata.name(term, "").startswith(_WRITTEN_IN_SIGNS)
    is_emoji = term >= "\u2190" and unicodedata.category(term).startswith("S")
    return is_sign or is_emoji


def _typed(text: str) -> Iterator[tuple[str, str]]:
    """Return what stands in a query, each with the filter that it belongs to, if any."""
    for match in _TYPED.finditer(text):
        kind, value = match["filter"], match["phrase"]
        if value is None:
            value = match["word"]
        if kind and not value.strip():
            kind, value = None, match[0]
        yield (kind or "").lower(), value


def _has(word: str) -> Has:
    try:
        return Has(folded(word))
    except ValueError:
        raise _refused("knows 'has:' only with link, image, file, audio or video") from None


def _check(terms: tuple[str, ...]) -> None:
    if terms and not any(map(is_enough, terms)):
        raise _refused("is too short: type at least two characters of a word")
    if len(terms) > MAX_TERMS:
        raise _refused(f"may have {MAX_TERMS} words at most")


def _refused(problem: str) -> Invalid:
    return Invalid(f"The search {problem}.", fields={"q": problem})


def names_meant(wanted: str, names: Iterable[tuple[str, str]]) -> set[str]:
    """Return whom or what a typed name means: by the whole name, else by a part of it.

    Args:
        wanted: What was typed.
        names: Ids with their names.
    """
    part = folded(wanted)
    known = [(one, folded(name)) for one, name in names]
    return {one for one, name in known if name == part} or {
        one for one, name in known if part in name
    }
