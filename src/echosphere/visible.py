"""What can be seen of a text that a stranger gave a thing: its name, its title."""

import unicodedata

_UNSEEN = ("Cc", "Cf", "Cs", "Co")
"""Control characters, those that change the direction, halves of pairs, and private ones."""


def visible_line(text: str) -> str:
    """Return what can be seen of a text, in one line with single spaces."""
    seen = "".join(
        " " if character.isspace() else character
        for character in unicodedata.normalize("NFC", text)
        if character.isspace() or unicodedata.category(character) not in _UNSEEN
    )
    return " ".join(seen.split())
