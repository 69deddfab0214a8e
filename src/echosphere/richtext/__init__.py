"""What people write, read by the rules that the browser has too: markup, addresses, mentions."""

from echosphere.richtext.graphemes import boundary_before, cut, cut_bytes, initials, shortened
from echosphere.richtext.markup import has_markup
from echosphere.richtext.reading import first_link, may_hold_link, mentions, pieces, plain_text
from echosphere.richtext.words import may_begin, may_end

__all__ = [
    "boundary_before",
    "cut",
    "cut_bytes",
    "first_link",
    "has_markup",
    "initials",
    "may_begin",
    "may_end",
    "may_hold_link",
    "mentions",
    "pieces",
    "plain_text",
    "shortened",
]
