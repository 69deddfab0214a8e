"""Makes the table of emoji from the package that follows Unicode's own lists."""

import emoji as unicode_emoji

from echosphere.core.emoji import TABLE


def recommended() -> list[str]:
    """Return the emoji that Unicode recommends for interchange, sorted."""
    full = unicode_emoji.STATUS["fully_qualified"]
    data = unicode_emoji.EMOJI_DATA
    return sorted(one for one, about in data.items() if about["status"] == full)


if __name__ == "__main__":
    TABLE.write_text("\n".join(recommended()) + "\n", "utf-8")
