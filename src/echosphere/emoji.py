"""What counts as one emoji: those that Unicode recommends, whichever way they are spelled.

The table beside this is made by `python -m tests.core.emoji_table` from the `emoji` package, which
itself takes three megabytes; it is read when somebody first uses an emoji.
"""

from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_suffix(".txt")
MAX_EMOJI = 32
"""Characters of one emoji: a family with skin tones has a dozen."""

VARIATION_SELECTOR = "\ufe0f"


def find_emoji(given: str) -> str | None:
    """Return an emoji in its one spelling, with all its variation selectors, or None."""
    return _spellings().get(_bare(given)) if len(given) <= MAX_EMOJI else None


@cache
def _spellings() -> dict[str, str]:
    """Return each emoji by its spelling without variation selectors."""
    return {_bare(emoji): emoji for emoji in TABLE.read_text("utf-8").split()}


def _bare(emoji: str) -> str:
    return emoji.replace(VARIATION_SELECTOR, "")
