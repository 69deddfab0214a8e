"""Cuts texts between what people see as characters: an emoji, a letter with its marks."""

import regex

_CLUSTER = regex.compile(r"\X")
LONGEST = 64
"""Code points of one character that is kept whole; longer ones are made to do harm."""


def cut(text: str, most: int) -> str:
    """Return the beginning of a text, so many code points at most, without half a character."""
    if len(text) <= most:
        return text
    end = 0
    for cluster in _CLUSTER.finditer(text[: most + LONGEST]):
        if cluster.end() > most:
            break
        end = cluster.end()
    return text[: end or most]


def cut_bytes(text: str, most: int) -> str:
    """Return the beginning of a text, so many bytes of UTF-8 at most, without half a character."""
    fitting = len(text.encode()[:most].decode(errors="ignore"))
    return cut(text, fitting)


def shortened(text: str, most: int) -> str:
    """Return a text with so many code points at most; one that was longer ends in an ellipsis."""
    return text if len(text) <= most else f"{cut(text, most - 1).rstrip()}…"


def boundary_before(text: str, at: int) -> int:
    """Return the last place at or before another where no character is cut."""
    begin = max(0, at - LONGEST)
    starts = [begin + one.start() for one in _CLUSTER.finditer(text[begin : at + LONGEST])]
    return max((start for start in starts if start <= at), default=at)


def initials(name: str) -> str:
    """Return what stands for a picture: the first letters of the first and the last word."""
    words = name.split()
    ends = words if len(words) < 2 else [words[0], words[-1]]
    return "".join(_first_letter(word) for word in ends) or "?"


def _first_letter(word: str) -> str:
    clusters = _CLUSTER.findall(word[:LONGEST])
    letters = (one for one in clusters if any(character.isalnum() for character in one))
    return str(next(letters, clusters[0])).upper()
