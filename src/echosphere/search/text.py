"""What a message is found by, and what is shown of it where it was found."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from echosphere.richtext import boundary_before, cut, has_markup, may_hold_link, pieces
from echosphere.search.folding import folded, places_of

BEFORE = 32
"""Code points shown before the first place."""

MAX_EXCERPT = 160

Places = list[tuple[int, int]]


class Excerpt(NamedTuple):
    """A part of a message's text in one line, without markup; places count code points of it."""

    text: str
    places: Places


def search_text(body: str, files: Iterable[str]) -> str:
    """Return the folded words, then each link's target and each file's name on a line of its own.

    No phrase reaches over the end of a line, and none is cut by markup.
    """
    return "\n".join(map(folded, (*_texts(body), *files)))


def excerpt_of(body: str, terms: Sequence[str]) -> Excerpt:
    """Return the part of a message's text around the first place of folded terms."""
    texts = [" ".join(text.split()) for text in _texts(body)]
    found = ((text, places_of(text, terms)) for text in texts)
    text, places = next(((text, places) for text, places in found if places), (texts[0], []))
    first = places[0][0] if places else 0
    start = boundary_before(text, first - BEFORE) if first > BEFORE else 0
    lead = "…" if start else ""
    shown = cut(text[start:], MAX_EXCERPT)
    end = start + len(shown)
    moved = [
        (max(from_, start) - start + len(lead), min(to, end) - start + len(lead))
        for from_, to in places
        if from_ < end and to > start
    ]
    return Excerpt(f"{lead}{shown}{'…' if end < len(text) else ''}", moved)


def _texts(body: str) -> list[str]:
    """Return what is shown of a body, then the targets of links that it does not show."""
    if not has_markup(body) and not may_hold_link(body):
        return [body]
    shown = pieces(body)
    text = "".join(piece.text for piece in shown)
    return [text, *(one.href for one in shown if one.href is not None and one.href not in text)]
