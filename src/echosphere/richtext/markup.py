"""Whether a text needs the parser at all, and what both sides of it share."""

from collections.abc import Callable

from echosphere.richtext.patterns import pattern

NO_QUOTE = "\U000e0001"
"""Stands before a sign that would begin a quotation and is part of a face."""

MentionAt = Callable[[str, int], tuple[int, str] | None]
"""Returns where the mention whose `@` is at a place of a text ends, and the text behind the `@`."""

_MARKUP = pattern("markup")


def has_markup(text: str) -> bool:
    """Return whether a text may hold markup: one that does not never meets the parser."""
    return _MARKUP.search(text) is not None
