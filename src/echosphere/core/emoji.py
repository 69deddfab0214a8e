"""The emoji that Unicode recommends, with or without their variation selectors.

`python -m tests.core.emoji_table` makes emoji.txt from the `emoji` package, which itself takes three
megabytes. The file is read on first use.
"""

from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_suffix(".txt")
MAX_EMOJI = 32
"""Characters of one emoji; a family with skin tones has a dozen."""

VARIATION_SELECTOR = "\ufe0f"


def find_emoji(text: str) -> str | None:
    """Return the fully qualified form of an emoji, or None if the text is not one."""
    return _qualified_forms().get(_unqualified(text)) if len(text) <= MAX_EMOJI else None


@cache
def _qualified_forms() -> dict[str, str]:
    """Return the fully qualified forms by the unqualified ones, without variation selectors."""
    return {_unqualified(emoji): emoji for emoji in TABLE.read_text("utf-8").split()}


def _unqualified(emoji: str) -> str:
    return emoji.replace(VARIATION_SELECTOR, "")
