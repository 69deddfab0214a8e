"""Writes the short names of emoji that other systems use, from the `emoji` package.

`python -m tests.importing.shortcode_table`
"""

from collections.abc import Iterator
from pathlib import Path

import emoji

from echosphere.core.emoji import find_emoji
from echosphere.importing import shortcodes


def names() -> Iterator[tuple[str, str]]:
    """Return all names of all emoji that the product knows."""
    for text, about in emoji.EMOJI_DATA.items():
        known = find_emoji(text)
        if known is None:
            continue
        for name in (about.get("en"), *about.get("alias", ())):
            if name:
                yield name.strip(":").lower(), known


def table() -> str:
    """Return the table: a name and an emoji a line, each name once."""
    found: dict[str, str] = {}
    for name, text in names():
        if " " not in name:
            found.setdefault(name, text)
    return "".join(f"{name} {text}\n" for name, text in sorted(found.items()))


if __name__ == "__main__":
    Path(shortcodes.TABLE).write_text(table(), "utf-8")
