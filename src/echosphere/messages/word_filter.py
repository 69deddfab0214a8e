"""The filter of a group: words and phrases, found in folded text at the boundaries of words."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

import msgspec

from echosphere.conversations import Access
from echosphere.core.errors import Invalid
from echosphere.core.text import strip_blank, strip_invisible

MAX_WORDS = 200
MAX_WORD = 60
MARKUP = str.maketrans("", "", "*_~`|")
"""Signs of Markdown, with which a word could be cut in two."""

_filters = msgspec.json.Decoder(list[str]).decode


def is_held(access: Access, body: str) -> bool:
    """Whether the group's filter holds what a member says; the owner and admins are not filtered."""
    words = access.conversation.filter_words
    return words is not None and not access.runs_group and matches(words, body)


def matches(words: str, body: str) -> bool:
    """Whether a text has one of these words, given as a JSON list."""
    pattern = _pattern(words)
    folded = fold(body)
    return bool(pattern.search(folded) or pattern.search(folded.translate(MARKUP)))


def clean_words(words: Sequence[str]) -> list[str]:
    """Return the words of a filter, folded, each once and in order.

    Raises:
        Invalid: One is empty or too long, or there are too many.
    """
    cleaned = list(dict.fromkeys(" ".join(fold(word).split()) for word in words))
    if len(cleaned) > MAX_WORDS or not all(1 <= len(word) <= MAX_WORD for word in cleaned):
        problem = f"may have {MAX_WORDS} entries of 1 to {MAX_WORD} characters"
        raise Invalid(f"The filter {problem}.", fields={"words": problem})
    return sorted(cleaned)


def decode_words(stored: str | None) -> list[str]:
    """Return the words of a stored filter."""
    return [] if stored is None else _filters(stored)


def fold(text: str) -> str:
    """Fold a text: case, width, accents and invisible characters make no difference."""
    visible = strip_blank("\n".join(map(strip_invisible, text.split("\n"))))
    parts = unicodedata.normalize("NFKD", visible.casefold())
    return "".join(one for one in parts if not unicodedata.combining(one)).casefold()


@lru_cache(maxsize=256)
def _pattern(words: str) -> re.Pattern[str]:
    """Return a pattern of plain words: nothing in it can go back and forth."""
    some = (r"\s+".join(map(re.escape, word.split())) for word in _filters(words))
    return re.compile(rf"(?<!\w)(?:{'|'.join(some)})(?!\w)")
