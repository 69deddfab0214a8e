"""What people write, read by the rules that the browser has too: markup, addresses, mentions."""

from echosphere.richtext.pieces import first_link, may_hold_link, mentions, pieces, plain_text
from echosphere.richtext.words import may_begin, may_end

__all__ = [
    "first_link",
    "may_begin",
    "may_end",
    "may_hold_link",
    "mentions",
    "pieces",
    "plain_text",
]
