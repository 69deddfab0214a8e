"""Invisible characters in messages, names, titles and other text that people write."""

import unicodedata

from echosphere.core.lazy_pattern import lazy_pattern

_INVISIBLE = ("Cc", "Cf", "Cs", "Co", "Cn", "Zs", "Zl", "Zp")
"""Categories: control, format, surrogate, private use, unassigned, and white space."""

# By category letters, signs and marks, yet nothing is drawn: Hangul fillers, the blank Braille
# pattern, joiners, inherent Khmer vowels, variation selectors, the null note head.
_BLANK = lazy_pattern(
    lambda: (
        "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0"
        "\U0001d159\U000e0000-\U000e0fff]"
    )
)

# Without their joiners, families fall apart; without their tags, the flags of England, Scotland and
# Wales are black.
JOINED_EMOJI = lazy_pattern(
    lambda: (
        r"(\p{Extended_Pictographic}[\ufe0f\p{Emoji_Modifier}]*"
        r"(?:\u200d\p{Extended_Pictographic}[\ufe0f\p{Emoji_Modifier}]*)+"
        r"|\U0001f3f4[\U000e0020-\U000e007e]{1,6}\U000e007f)"
    )
)
"""`split` with it gives a list whose every second part is an emoji of several characters."""


def has_visible_text(text: str) -> bool:
    """Return whether a text has a visible character."""
    first = text[:1]
    if first.isascii() and first.isalnum():  # the common case, for speed
        return True
    return any(map(is_visible, text))


def is_visible(character: str) -> bool:
    """Return whether something is drawn for a character."""
    return unicodedata.category(character) not in _INVISIBLE and not _BLANK.match(character)


def strip_invisible(text: str) -> str:
    """Return a text without invisible characters, in one line with single spaces, in NFC."""
    parts = JOINED_EMOJI.split(unicodedata.normalize("NFC", text))
    visible = "".join(part if at % 2 else _strip(part) for at, part in enumerate(parts))
    return " ".join(visible.split()) if has_visible_text(visible) else ""


def _strip(part: str) -> str:
    return "".join(
        " " if character.isspace() else character
        for character in part
        if character.isspace() or unicodedata.category(character) not in _INVISIBLE
    )
