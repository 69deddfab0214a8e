"""Makes texts comparable: case, width, accents and invisible characters make no difference."""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple
from zlib import crc32

MAX_PLACES = 100
"""Highlighted places of one text at most."""

MAX_LETTERS = 20_000
"""Folded characters in which they are looked for: some signs stand for a whole sentence."""

MAX_MARKS = 32
"""Marks on one character that are folded with it; Unicode's stream-safe form has 30 (UAX 15).

Normalisation sorts them, and takes a second for the thousands that a message could hold.
"""

ACCENTED = ("LATIN ", "GREEK ", "CYRILLIC ")
"""Scripts whose accents people leave out when they search; in others marks are letters."""

# Vowel points and the stretching of lines, which Arabic and Hebrew are usually written without.
POINTS = re.compile("[\u0640\u064b-\u0652\u0670\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7]")

SPACE = re.compile(r"\s")

# Characters that say how others are drawn. Not those that are drawn themselves (signs of numbers in
# Arabic), nor the tags that tell the flags of countries' parts from each other.
INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef]"
)

# Vowels and final consonants that make one syllable with what is before them, and the voicing signs
# of narrow Katakana: no marks by category, but marks by what they do.
JOINING = "\u1160-\u11ff\u314f-\u3163\u3187-\u318e\uffc2-\uffdc\uff9e\uff9f"


_TABLE = files("echosphere.search").joinpath("folding.json").read_bytes()
"""Letters that are the same for whoever searches: `client/folding.js` made it, of ICU."""

RULES = 1
"""To be raised when what is below, or what is taken from a message, changes."""

FOLDING = crc32(_TABLE) * 1_000 + RULES
"""Texts that were folded otherwise are folded anew."""

_SAME = str.maketrans(json.loads(_TABLE))


class Folded(NamedTuple):
    """A folded text that knows where each of its characters comes from.

    Attributes:
        starts: For each character of `text`, where in the original it begins.
        ends: And where it ends.
    """

    text: str
    starts: list[int]
    ends: list[int]


def folded(text: str) -> str:
    """Return a text as it is compared: the same for all ways of writing the same words.

    NFKC and case folding; without accents in Latin, Greek and Cyrillic; letters, apostrophes and
    dashes that keyboards differ in are one; white space is one space.
    """
    if text.isascii():
        return " ".join(text.lower().split())
    parts = _clusters().findall(text)
    return " ".join("".join([_folded_part(part) for part in parts]).split())


def folded_with_places(text: str) -> Folded:
    """Return what `folded` returns, with the places in the original text."""
    letters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for part, start, end in _parts(text):
        for letter in part:
            if letter != " " or (letters and letters[-1] != " "):
                letters.append(letter)
                starts.append(start)
                ends.append(end)
        if not part and letters:
            ends[-1] = end
        if len(letters) > MAX_LETTERS:
            break
    if letters and letters[-1] == " ":
        letters.pop()
    return Folded("".join(letters), starts[: len(letters)], ends[: len(letters)])


def places_of(text: str, terms: Iterable[str]) -> list[tuple[int, int]]:
    """Return where folded terms occur in an original text, in code points, without overlaps."""
    within = folded_with_places(text)
    found = sorted(place for term in terms for place in _occurrences(within, term))
    merged: list[tuple[int, int]] = []
    for start, end in found:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged[:MAX_PLACES]


def _occurrences(within: Folded, term: str) -> Iterator[tuple[int, int]]:
    at = within.text.find(term)
    while at >= 0:
        yield within.starts[at], within.ends[at + len(term) - 1]
        at = within.text.find(term, at + len(term))


def _parts(text: str) -> Iterator[tuple[str, int, int]]:
    """Return folded pieces with their places: characters where possible, else clusters."""
    for match in _clusters().finditer(text):
        cluster, (start, end) = match[0], match.span()
        part = _folded_part(cluster)
        if end - start > 1 and _is_letter_by_letter(cluster, part):
            for at, letter in enumerate(part):
                yield letter, start + at, start + at + 1
        else:
            yield part, start, end


def _is_letter_by_letter(cluster: str, part: str) -> bool:
    return cluster.isascii() or (
        len(part) == len(cluster) and all(map(str.__eq__, part, map(_fold, cluster)))
    )


def _folded_part(part: str) -> str:
    return _as_spaces(part.lower()) if part.isascii() else _fold(part)


def _as_spaces(part: str) -> str:
    return SPACE.sub(" ", part)


@cache
def _clusters() -> re.Pattern[str]:
    """Return the pattern of plain letters in a row, or a character with its marks.

    Normalisation never joins characters across these borders, so that each can be folded alone.
    """
    found = "".join(
        chr(code)
        for code in range(0x300, 0x20000)
        if unicodedata.category(chr(code)).startswith("M")
    )
    marks = f"{re.escape(found)}\U000e0100-\U000e01ef{JOINING}"
    return re.compile(rf"[\x00-\x7f]+(?![{marks}])|.[{marks}]{{0,{MAX_MARKS}}}", re.DOTALL)


@lru_cache(maxsize=16_384)
def _fold(cluster: str) -> str:
    letters = INVISIBLE.sub("", unicodedata.normalize("NFKD", cluster.translate(_SAME)))
    bare = POINTS.sub("", _without_accents(letters))
    return _as_spaces(unicodedata.normalize("NFKC", bare.casefold()).translate(_SAME))


def _without_accents(letters: str) -> str:
    kept: list[str] = []
    accents = True  # a mark without a letter is one
    for letter in letters:
        if unicodedata.category(letter) != "Mn":
            accents = unicodedata.name(letter, "").startswith(ACCENTED)
            kept.append(letter)
        elif not accents or not (kept or "\u0300" <= letter <= "\u036f"):
            kept.append(letter)
    return "".join(kept)
