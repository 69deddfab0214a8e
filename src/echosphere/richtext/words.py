"""Word boundaries around a mention, in any script."""

from echosphere.richtext.patterns import load_pattern

_WORD = load_pattern("word")


def is_word_start(text: str, at: int) -> bool:
    """Return whether a word may begin at a position, and not only continue, as in an address."""
    before = at
    while before and text[before - 1] == "_":
        before -= 1
    return not before or not _WORD.match(text[before - 1])


def is_word_end(text: str, end: int) -> bool:
    """Return whether a word may end before a position; underscores alone do not continue it."""
    while end < len(text) and text[end] == "_":
        end += 1
    return end == len(text) or not _WORD.match(text[end])
