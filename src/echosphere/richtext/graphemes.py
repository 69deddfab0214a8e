"""Truncates texts at grapheme clusters, so that no emoji or accented letter is cut in half."""

from echosphere.core.lazy_pattern import lazy_pattern

_CLUSTER = lazy_pattern(lambda: r"\X")
MAX_GRAPHEME = 64
"""Code points of a cluster that is kept whole; longer ones are crafted."""


def truncate(text: str, limit: int) -> str:
    """Return at most this many code points of a text, in whole grapheme clusters."""
    if len(text) <= limit:
        return text
    end = 0
    for cluster in _CLUSTER.finditer(text[: limit + MAX_GRAPHEME]):
        if cluster.end() > limit:
            break
        end = cluster.end()
    return text[: end or limit]


def truncate_bytes(text: str, limit: int) -> str:
    """Return at most this many bytes of a text in UTF-8, in whole grapheme clusters."""
    fitting = len(text.encode()[:limit].decode(errors="ignore"))
    return truncate(text, fitting)


def truncate_with_ellipsis(text: str, limit: int) -> str:
    """Return at most this many code points of a text; a truncated one ends in an ellipsis."""
    return text if len(text) <= limit else f"{truncate(text, limit - 1).rstrip()}…"


def grapheme_boundary_before(text: str, at: int) -> int:
    """Return the last position at or before another that is a boundary of grapheme clusters."""
    begin = max(0, at - MAX_GRAPHEME)
    starts = [begin + one.start() for one in _CLUSTER.finditer(text[begin : at + MAX_GRAPHEME])]
    return max((start for start in starts if start <= at), default=at)


def initials(name: str) -> str:
    """Return the fallback for an avatar: the first letters of the first and the last word."""
    words = name.split()
    ends = words if len(words) < 2 else [words[0], words[-1]]
    return "".join(_first_letter(word) for word in ends) or "?"


def _first_letter(word: str) -> str:
    clusters = _CLUSTER.findall(word[:MAX_GRAPHEME])
    letters = (one for one in clusters if any(character.isalnum() for character in one))
    return str(next(letters, clusters[0])).upper()
