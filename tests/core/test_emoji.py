"""The emoji that can be used are those that Unicode recommends."""

import pytest

from echosphere.core.emoji import MAX_EMOJI, TABLE, find_emoji
from tests.core.emoji_table import recommended


def test_the_table_holds_exactly_what_unicode_recommends() -> None:
    assert TABLE.read_text("utf-8").split() == recommended()


def test_every_recommended_emoji_is_found_in_its_one_spelling() -> None:
    for emoji in recommended():
        assert len(emoji) <= MAX_EMOJI
        assert find_emoji(emoji) == emoji
        assert find_emoji(emoji.replace("\ufe0f", "")) == emoji


@pytest.mark.parametrize("given", ["", "x", "👍👍", "👍 ", "🏻", "\ufe0f", "👍" * MAX_EMOJI])
def test_what_is_not_one_emoji_is_not_found(given: str) -> None:
    assert find_emoji(given) is None
