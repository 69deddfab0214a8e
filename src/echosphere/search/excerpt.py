"""The searchable text of a message, and the excerpt that shows where it matched."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from echosphere.richtext import (
    grapheme_boundary_before,
    has_markup,
    may_have_link,
    parse_segments,
    truncate,
)
from echosphere.search.folding import find_spans, fold

LEADING_CONTEXT = 32
"""Code points shown before the first match."""

MAX_EXCERPT = 160

Spans = list[tuple[int, int]]


class Excerpt(NamedTuple):
    """Part of a message's text as one line without markup; spans are in code points."""

    text: str
    spans: Spans


def search_text(body: str, lines: Iterable[str]) -> str:
    """Return the folded text, then each link target and each further line, such as a file name.

    Phrases match across markup, but not across lines.
    """
    return "\n".join(map(fold, (*_texts(body), *lines)))


def excerpt_of(body: str, terms: Sequence[str]) -> Excerpt:
    """Return the part of a message's text around the first match of folded terms."""
    texts = [" ".join(text.split()) for text in _texts(body)]
    found = ((text, find_spans(text, terms)) for text in texts)
    text, spans = next(((text, spans) for text, spans in found if spans), (texts[0], []))
    first = spans[0][0] if spans else 0
    start = (
        grapheme_boundary_before(text, first - LEADING_CONTEXT) if first > LEADING_CONTEXT else 0
    )
    lead = "…" if start else ""
    shown = truncate(text[start:], MAX_EXCERPT)
    end = start + len(shown)
    moved = [
        (max(from_, start) - start + len(lead), min(to, end) - start + len(lead))
        for from_, to in spans
        if from_ < end and to > start
    ]
    return Excerpt(f"{lead}{shown}{'…' if end < len(text) else ''}", moved)


def _texts(body: str) -> list[str]:
    """Return the visible text of a body, then the link targets that it does not show."""
    if not has_markup(body) and not may_have_link(body):
        return [body]
    shown = parse_segments(body)
    text = "".join(piece.text for piece in shown)
    return [text, *(one.href for one in shown if one.href is not None and one.href not in text)]
