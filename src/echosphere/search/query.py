"""Parses a typed query: words, phrases and filters."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from enum import StrEnum

import msgspec

from echosphere.core.errors import Invalid
from echosphere.search.folding import fold

MAX_TERMS = 12
MAX_NAMES = 10
MAX_TIME = 2**53
"""The latest time, in milliseconds since 1970 UTC."""

_QUOTES = '"\u201c\u201d\u201e\uff02'
_TOKEN = re.compile(
    rf"""(?:(?P<filter>from|in|has|before|after)[:\uff1a])?
        (?:[{_QUOTES}](?P<phrase>[^{_QUOTES}]*)(?:[{_QUOTES}]|\Z)|(?P<word>\S+))""",
    re.IGNORECASE | re.VERBOSE,
)
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_NUMBER = re.compile(r"[0-9]{1,16}")
_SYLLABIC_SCRIPTS = ("CJK ", "HIRAGANA ", "KATAKANA ", "HANGUL ", "BOPOMOFO ")


class ContentKind(StrEnum):
    """What a message contains besides words."""

    LINK = "link"
    IMAGE = "image"
    FILE = "file"
    AUDIO = "audio"
    VIDEO = "video"


class ParsedQuery(msgspec.Struct, frozen=True):
    """What to search for; all conditions must hold.

    Attributes:
        terms: Folded; each must occur in the text or in a file name.
        authors: Typed names, one of which must be the author's; empty for any author.
        conversations: Typed names, one of which must be the conversation's; empty for any.
        since: Milliseconds since 1970 UTC, inclusive.
        until: Milliseconds since 1970 UTC, exclusive.
    """

    terms: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    conversations: tuple[str, ...] = ()
    has: frozenset[ContentKind] = frozenset()
    since: int = 0
    until: int = MAX_TIME

    @property
    def highlight_terms(self) -> tuple[str, ...]:
        """The terms to highlight; single letters would be everywhere."""
        return tuple(term for term in self.terms if is_searchable(term))

    @property
    def has_filters(self) -> bool:
        """Whether there is any filter."""
        rest = (self.authors, self.conversations, self.has, self.since, self.until)
        return rest != ((), (), frozenset(), 0, MAX_TIME)


def parse_query(typed: str) -> ParsedQuery:
    """Parse a typed query.

    Raises:
        Invalid: A filter is malformed, or the words are too short or too many.
    """
    terms: dict[str, None] = {}
    filters: dict[str, list[str]] = {"from": [], "in": [], "has": [], "before": [], "after": []}
    for kind, value in _tokenize(typed):
        if kind:
            filters[kind].append(value)
        elif term := fold(value).strip():
            terms[term] = None
    _check_terms(tuple(terms))
    if max(len(filters["from"]), len(filters["in"])) > MAX_NAMES:
        raise _invalid(f"can name up to {MAX_NAMES} people and conversations")
    return ParsedQuery(
        terms=tuple(terms),
        authors=tuple(filters["from"]),
        conversations=tuple(filters["in"]),
        has=frozenset(map(_parse_has, filters["has"])),
        since=max((parse_time(day, "after") for day in filters["after"]), default=0),
        until=min((parse_time(day, "before") for day in filters["before"]), default=MAX_TIME),
    )


def parse_time(given: int | str, field: str) -> int:
    """Return milliseconds since 1970 UTC for such a number or for a day (its start, UTC).

    Raises:
        Invalid: It is neither.
    """
    text = str(given)
    if _DAY.fullmatch(text):
        try:
            day = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
        except ValueError:
            day = None
        if day is not None:
            return max(0, int(day.timestamp()) * 1000)
    if _NUMBER.fullmatch(text) and int(text) <= MAX_TIME:
        return int(text)
    problem = "must be a day such as 2026-01-31, or a time in milliseconds"
    raise Invalid(f"The value after {field!r} {problem}.", fields={field: problem})


def is_searchable(term: str) -> bool:
    """Whether a folded term is long enough to be searched for.

    Two characters are; so is a single one that is a word, a syllable or an emoji.
    """
    if len(term) >= 2:
        return True
    is_sign = unicodedata.name(term, "").startswith(_SYLLABIC_SCRIPTS)
    is_emoji = term >= "\u2190" and unicodedata.category(term).startswith("S")
    return is_sign or is_emoji


def _tokenize(text: str) -> Iterator[tuple[str, str]]:
    """Yield the filter name (or an empty string) and the value of each token."""
    for match in _TOKEN.finditer(text):
        kind, value = match["filter"], match["phrase"]
        if value is None:
            value = match["word"]
        if kind and not value.strip():
            kind, value = None, match[0]
        yield (kind or "").lower(), value


def _parse_has(word: str) -> ContentKind:
    try:
        return ContentKind(fold(word))
    except ValueError:
        raise _invalid("accepts 'has:' only with link, image, file, audio or video") from None


def _check_terms(terms: tuple[str, ...]) -> None:
    if terms and not any(map(is_searchable, terms)):
        raise _invalid("is too short: enter at least two characters of a word")
    if len(terms) > MAX_TERMS:
        raise _invalid(f"can have up to {MAX_TERMS} words")


def _invalid(problem: str) -> Invalid:
    return Invalid(f"The search {problem}.", fields={"q": problem})


def match_names(wanted: str, names: Iterable[tuple[str, str]]) -> set[str]:
    """Return the ids whose name equals a typed name, or else contains it.

    Args:
        wanted: The typed name.
        names: Ids with names.
    """
    part = fold(wanted)
    known = [(one, fold(name)) for one, name in names]
    return {one for one, name in known if name == part} or {
        one for one, name in known if part in name
    }
