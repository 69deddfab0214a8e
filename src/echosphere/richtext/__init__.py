"""Parses message texts by the same rules as the browser: markup, addresses and mentions."""

from echosphere.richtext.graphemes import (
    grapheme_boundary_before,
    initials,
    truncate,
    truncate_bytes,
    truncate_with_ellipsis,
)
from echosphere.richtext.html import to_html
from echosphere.richtext.markup import has_markup
from echosphere.richtext.segments import (
    first_link,
    may_have_link,
    mentioned_names,
    parse_segments,
    plain_text,
)
from echosphere.richtext.words import is_word_end, is_word_start

__all__ = [
    "first_link",
    "grapheme_boundary_before",
    "has_markup",
    "initials",
    "is_word_end",
    "is_word_start",
    "may_have_link",
    "mentioned_names",
    "parse_segments",
    "plain_text",
    "to_html",
    "truncate",
    "truncate_bytes",
    "truncate_with_ellipsis",
]
