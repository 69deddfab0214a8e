"""What can be seen of a text: the one rule for messages, names, titles and all else people write."""

import unicodedata

import regex

_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zs", "Zl", "Zp")
"""Control characters, those that change the direction, halves of pairs, private ones, and space."""

# By category letters, signs and marks, and yet nothing is drawn: fillers of Hangul, the empty cell
# of Braille, joiners, vowels of Khmer that are implied, selectors of variations, a null note head.
_BLANK = regex.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0"
    "\U0001d159\U000e0000-\U000e0fff]"
)

# Characters that are seen only together: without their joiners families fall apart, and without
# their tags the flags of England, Scotland and Wales are black.
EMOJI = regex.compile(
    r"(\p{Extended_Pictographic}[\ufe0f\p{Emoji_Modifier}]*"
    r"(?:\u200d\p{Extended_Pictographic}[\ufe0f\p{Emoji_Modifier}]*)+"
    r"|\U0001f3f4[\U000e0020-\U000e007e]{1,6}\U000e007f)"
)
"""Splits a text so that every second part is such an emoji."""


def is_visible(text: str) -> bool:
    """Return whether anything of a text can be seen."""
    first = text[:1]
    if first.isascii() and first.isalnum():  # as nearly all begin
        return True
    return any(
        unicodedata.category(character) not in _UNSEEN and not _BLANK.match(character)
        for character in text
    )


def visible_line(text: str) -> str:
    """Return what can be seen of a text, in one line with single spaces; "" for nothing."""
    parts = EMOJI.split(unicodedata.normalize("NFC", text))
    seen = "".join(part if at % 2 else _seen(part) for at, part in enumerate(parts))
    return " ".join(seen.split()) if is_visible(seen) else ""


def _seen(part: str) -> str:
    return "".join(
        " " if character.isspace() else character
        for character in part
        if character.isspace() or unicodedata.category(character) not in _UNSEEN
    )
