"""Where words begin and end, so that `@name` is found in any script."""

from echosphere.richtext.patterns import pattern

_WORD = pattern("word")


def may_begin(text: str, at: int) -> bool:
    """Return whether what begins at a place is not the middle of a word, as in an address."""
    before = at
    while before and text[before - 1] == "_":
        before -= 1
    return not before or not _WORD.match(text[before - 1])


def may_end(text: str, end: int) -> bool:
    """Return whether a word may end before a place; underscores alone continue none."""
    while end < len(text) and text[end] == "_":
        end += 1
    return end == len(text) or not _WORD.match(text[end])
