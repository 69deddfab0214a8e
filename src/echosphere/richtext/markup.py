"""Whether a text needs the parser, and what callers and parser share."""

from collections.abc import Callable

from echosphere.richtext.patterns import load_pattern

QUOTE_SUPPRESSOR = "\U000e0001"
"""Inserted before a `>` of an emoticon, which would begin a quotation otherwise."""

MentionAt = Callable[[str, int], tuple[int, str] | None]
"""Returns the end of the mention whose `@` is at a position, and the text behind the `@`."""

_MARKUP = load_pattern("markup")


def has_markup(text: str) -> bool:
    """Return whether a text may contain markup; one without it is not parsed."""
    return _MARKUP.search(text) is not None
