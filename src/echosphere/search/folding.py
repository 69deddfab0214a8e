"""Folds texts for comparison: without case, width, accents and invisible characters."""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple
from zlib import crc32

MAX_SPANS = 100
"""Highlighted spans of one text."""

MAX_FOLDED = 20_000
"""Folded characters that are searched for them: some characters fold to a whole sentence."""

MAX_MARKS = 32
"""Marks on one character that are folded with it; Unicode's stream-safe form has 30 (UAX 15).

Normalisation sorts them, and takes a second for the thousands that a message could hold.
"""

ACCENTED = ("LATIN ", "GREEK ", "CYRILLIC ")
"""Scripts whose accents are ignored; in others, marks are letters."""

# Vowel points and tatweel, which Arabic and Hebrew are usually written without.
VOWEL_POINTS = re.compile(
    "[\u0640\u064b-\u0652\u0670\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7]"
)

SPACE = re.compile(r"\s")

# Format characters. Not those that are drawn themselves (Arabic number signs), nor the tags that
# distinguish the flags of regions.
INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef]"
)

# Vowels and final consonants that make one syllable with what is before them, and the voicing signs
# of narrow Katakana: no marks by category, but marks by what they do.
JOINING = "\u1160-\u11ff\u314f-\u3163\u3187-\u318e\uffc2-\uffdc\uff9e\uff9f"


_TABLE = files("echosphere.search").joinpath("folding.json").read_bytes()
"""Equivalent letters; made from ICU data by `client/folding.js`."""

RULES_VERSION = 1
"""Increment when the code below or the searchable text of messages changes."""

FOLDING_VERSION = crc32(_TABLE) * 1_000 + RULES_VERSION
"""Texts folded under another version are folded again."""

_SAME = str.maketrans(json.loads(_TABLE))


class FoldedText(NamedTuple):
    """A folded text with the offsets of its characters in the original.

    Attributes:
        starts: For each character of `text`, its start in the original, in code points.
        ends: For each character, its end.
    """

    text: str
    starts: list[int]
    ends: list[int]


def fold(text: str) -> str:
    """Fold a text: all ways of writing the same words give the same result.

    NFKC and case folding; accents are removed from Latin, Greek and Cyrillic; letters, apostrophes
    and dashes that differ between keyboards are unified; white space becomes one space.
    """
    if text.isascii():
        return " ".join(text.lower().split())
    parts = _clusters().findall(text)
    return " ".join("".join([_fold_part(part) for part in parts]).split())


def fold_with_offsets(text: str) -> FoldedText:
    """Fold a text as `fold` does, keeping the offsets in the original."""
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
        if len(letters) > MAX_FOLDED:
            break
    if letters and letters[-1] == " ":
        letters.pop()
    return FoldedText("".join(letters), starts[: len(letters)], ends[: len(letters)])


def find_spans(text: str, terms: Iterable[str]) -> list[tuple[int, int]]:
    """Return where folded terms occur in an unfolded text, in code points, without overlaps."""
    folded = fold_with_offsets(text)
    found = sorted(span for term in terms for span in _occurrences(folded, term))
    merged: list[tuple[int, int]] = []
    for start, end in found:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged[:MAX_SPANS]


def _occurrences(folded: FoldedText, term: str) -> Iterator[tuple[int, int]]:
    at = folded.text.find(term)
    while at >= 0:
        yield folded.starts[at], folded.ends[at + len(term) - 1]
        at = folded.text.find(term, at + len(term))


def _parts(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield folded parts with start and end: single characters where possible, else clusters."""
    for match in _clusters().finditer(text):
        cluster, (start, end) = match[0], match.span()
        part = _fold_part(cluster)
        if end - start > 1 and _maps_one_to_one(cluster, part):
            for at, letter in enumerate(part):
                yield letter, start + at, start + at + 1
        else:
            yield part, start, end


def _maps_one_to_one(cluster: str, part: str) -> bool:
    return cluster.isascii() or (
        len(part) == len(cluster) and all(map(str.__eq__, part, map(_fold_cluster, cluster)))
    )


def _fold_part(part: str) -> str:
    return _as_spaces(part.lower()) if part.isascii() else _fold_cluster(part)


def _as_spaces(part: str) -> str:
    return SPACE.sub(" ", part)


@cache
def _clusters() -> re.Pattern[str]:
    """Return the pattern of a run of plain letters, or of a character with its marks.

    Normalisation never joins characters across these boundaries, so each can be folded alone.
    """
    found = "".join(
        chr(code)
        for code in range(0x300, 0x20000)
        if unicodedata.category(chr(code)).startswith("M")
    )
    marks = f"{re.escape(found)}\U000e0100-\U000e01ef{JOINING}"
    return re.compile(rf"[\x00-\x7f]+(?![{marks}])|.[{marks}]{{0,{MAX_MARKS}}}", re.DOTALL)


@lru_cache(maxsize=16_384)
def _fold_cluster(cluster: str) -> str:
    letters = INVISIBLE.sub("", unicodedata.normalize("NFKD", cluster.translate(_SAME)))
    bare = VOWEL_POINTS.sub("", _without_accents(letters))
    return _as_spaces(unicodedata.normalize("NFKC", bare.casefold()).translate(_SAME))


def _without_accents(letters: str) -> str:
    kept: list[str] = []
    accents = True  # a mark without a letter counts as an accent
    for letter in letters:
        if unicodedata.category(letter) != "Mn":
            accents = unicodedata.name(letter, "").startswith(ACCENTED)
            kept.append(letter)
        elif not accents or not (kept or "\u0300" <= letter <= "\u036f"):
            kept.append(letter)
    return "".join(kept)
