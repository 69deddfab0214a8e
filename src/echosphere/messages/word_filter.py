"""The filter of a group: words and phrases, found in folded text at the boundaries of words.

A post of 10,000 characters is matched on the event loop, against 200 entries of its group, so both
steps take a time that grows with the text alone: characters are folded by a table, and the entries
make one tree, of which each place in the text follows one branch.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import msgspec

from echosphere.conversations import Access
from echosphere.core.errors import Invalid
from echosphere.core.text import is_visible

MAX_WORDS = 200
MAX_WORD = 60
MARKUP = str.maketrans("", "", "*_~`|")
"""Signs of Markdown, with which a word could be cut in two."""

SEPARATORS = str.maketrans("_", " ")
"""What stands between the words of a file's name; other separators are no part of a word."""

MAX_KNOWN = 8_000
"""Characters of which it is remembered how they are folded."""

_filters = msgspec.json.Decoder(list[str]).decode


def is_held(access: Access, body: str, lines: Iterable[str] = ()) -> bool:
    """Whether the group's filter holds what a member says; the owner and admins are not filtered.

    Args:
        access: The member's access to the group.
        body: The text.
        lines: Whatever else of the message can be read, such as the names of its files.
    """
    words = access.conversation.filter_words
    if words is None or access.runs_group:
        return False
    return matches(words, "\n".join((body, *_in_words(lines))))


def is_filtered(access: Access) -> bool:
    """Whether a filter reads what a member says."""
    return access.conversation.filter_words is not None and not access.runs_group


def matches(words: str, text: str) -> bool:
    """Whether a text has one of these words, given as a JSON list."""
    pattern = _pattern(words)
    folded = fold(text)
    if pattern.search(folded):
        return True
    joined = " ".join(folded.translate(MARKUP).split())
    return joined != folded and pattern.search(joined) is not None


def clean_words(words: Sequence[str]) -> list[str]:
    """Return the words of a filter, folded, each once and in order.

    Raises:
        Invalid: One is empty or too long, or there are too many.
    """
    cleaned = list(dict.fromkeys(map(fold, words)))
    if len(cleaned) > MAX_WORDS or not all(1 <= len(word) <= MAX_WORD for word in cleaned):
        problem = f"can have up to {MAX_WORDS} entries of 1 to {MAX_WORD} characters"
        raise Invalid(f"The filter {problem}.", fields={"words": problem})
    return sorted(cleaned)


def decode_words(stored: str | None) -> list[str]:
    """Return the words of a stored filter."""
    return [] if stored is None else _filters(stored)


def fold(text: str) -> str:
    """Fold a text: case, width, accents, white space and invisible characters make no difference."""
    parts = unicodedata.normalize("NFKD", text.casefold()).translate(_KEPT)
    return " ".join(parts.casefold().split())


class _Kept(dict[int, int | str | None]):
    """What is left of a character, by its number; the most usual ones are looked up once."""

    def __missing__(self, number: int) -> int | str | None:
        character = chr(number)
        kept: int | str | None = number
        if character.isspace():
            kept = " "
        elif unicodedata.combining(character) or not is_visible(character):
            kept = None
        if len(self) < MAX_KNOWN:
            self[number] = kept
        return kept


_KEPT = _Kept()


def _in_words(lines: Iterable[str]) -> Iterable[str]:
    for line in lines:
        yield line
        if "_" in line:
            yield line.translate(SEPARATORS)


@lru_cache(maxsize=256)
def _pattern(words: str) -> re.Pattern[str]:
    """Return a pattern of plain words: nothing in it can go back and forth."""
    tree: dict[str, Any] = {}
    for word in _filters(words):
        node = tree
        for character in " ".join(word.split()):
            node = node.setdefault(character, {})
        node[""] = {}
    return re.compile(rf"(?<!\w)(?:{_branches(tree)})(?!\w)")


def _branches(node: dict[str, Any]) -> str:
    """Return the pattern of a tree of characters; the empty one is the end of a word."""
    branches = [_branch(one, below) for one, below in node.items() if one]
    if not branches:
        return ""
    several = len(branches) > 1 or "" in node
    pattern = f"(?:{'|'.join(branches)})" if several else branches[0]
    return f"{pattern}?" if "" in node else pattern


def _branch(character: str, node: dict[str, Any]) -> str:
    """Return the pattern of one branch: what has no fork stands in one line."""
    line = character
    while len(node) == 1 and "" not in node:
        ((character, node),) = node.items()
        line += character
    return re.escape(line) + _branches(node)
