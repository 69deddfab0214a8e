"""Turns the short names of emoji that other systems write, such as `thumbsup`, into emoji.

`python -m tests.importing.shortcode_table` makes shortcodes.txt. The file is read on first use.
"""

import re
from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_suffix(".txt")
TONES = ("🏻", "🏼", "🏽", "🏾", "🏿")

_SHORTCODE = re.compile(r":([a-z0-9_+\-']{1,60}):(?::skin-tone-([2-6]):)?")


def emoji_named(name: str) -> str:
    """Return the emoji with a short name, or the name itself if there is none.

    A skin tone stands behind it, as in `wave::skin-tone-3`.
    """
    plain, _, tone = name.lower().strip(":").partition("::skin-tone-")
    found = _emoji_by_name().get(plain)
    if found is None:
        return name
    return found + TONES[int(tone) - 2] if tone in tuple("23456") else found


def with_emoji(text: str) -> str:
    """Return a text with emoji in place of their short names between colons."""
    return _SHORTCODE.sub(_replacement, text) if ":" in text else text


def emoji_of_code(code: str) -> str:
    """Return the emoji of code points in hexadecimal, such as `1f44d` or `1f1e9-1f1ea`."""
    try:
        return "".join(chr(int(one, 16)) for one in code.split("-"))
    except (ValueError, OverflowError):
        return code


def _replacement(found: re.Match[str]) -> str:
    emoji = _emoji_by_name().get(found[1])
    if emoji is None:
        return found[0]
    return emoji + TONES[int(found[2]) - 2] if found[2] else emoji


@cache
def _emoji_by_name() -> dict[str, str]:
    lines = TABLE.read_text("utf-8").splitlines()
    return dict(line.split(" ", 1) for line in lines)
