"""Whether a text needs the parser, and what callers and parser share."""

import re
from collections.abc import Callable

from echosphere.richtext.patterns import load_pattern

QUOTE_SUPPRESSOR = "\U000e0001"
"""Inserted before a `>` of an emoticon, which would begin a quotation otherwise."""

MentionAt = Callable[[str, int], tuple[int, str] | None]
"""Returns the end of the mention whose `@` is at a position, and the text behind the `@`."""

_MARKUP = load_pattern("markup")

# What markup cannot do without. Most texts have none of it, and this tells so at a tenth of the cost.
_SIGN = re.compile(r"[*`~_\]\\>\r\n]")
_LIST_ITEM = re.compile(r"[ \t]{0,3}[-+0-9]")


def has_markup(text: str) -> bool:
    """Return whether a text may contain markup; one without it is not parsed."""
    if _SIGN.search(text) is None and _LIST_ITEM.match(text) is None:
        return False
    return _MARKUP.search(text) is not None
