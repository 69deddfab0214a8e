"""One rule for what can be seen of a text, wherever someone writes one."""

import unicodedata

import pytest

from echosphere.accounts.account import validate_about
from echosphere.accounts.name import validate_name
from echosphere.conversations.conversation import clean_title
from echosphere.core.errors import Invalid
from echosphere.core.text import has_visible_text, strip_invisible
from echosphere.media.file_name import MAX_NAME_BYTES, clean_file_name
from echosphere.messages.message import validate_body
from echosphere.richtext import initials, truncate, truncate_with_ellipsis

NOTHING = [
    "\u200b", "\u3164", "\u2800", "\u034f", "\ufe0f", "\u115f\u1160", "\uffa0", "\u180e", "\u00ad",
    "\u202e\u202c", "\u2066\u2069", "\U000e0041\U000e007f", "\U000e0100", "\U0001d159", "\u17b4",
    "\u2060", "\ufeff", "\u3000\u2003", " \t\n", "\u200d", "\u200b \u3164\u2800",
]  # fmt: skip
SOMETHING = ["a", ".", "👍", "\u0301", "한", "⠁", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "\u200bx", "❤\ufe0f"]
FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"


@pytest.mark.parametrize("text", NOTHING)
def test_what_cannot_be_seen_says_nothing_anywhere(text: str) -> None:
    assert not has_visible_text(text)
    assert strip_invisible(text) == ""
    assert validate_about(text) == ""
    with pytest.raises(Invalid, match="must not be empty"):
        validate_body(text, has_files=False)
    assert validate_body(text, has_files=True) == ""
    with pytest.raises(Invalid, match="visible"):
        clean_title(text)
    with pytest.raises(Exception, match="Enter a name"):
        validate_name(text)


@pytest.mark.parametrize("text", SOMETHING)
def test_what_can_be_seen_is_taken(text: str) -> None:
    assert has_visible_text(text)
    for has_files in (False, True):
        assert validate_body(text, has_files=has_files) == text
    assert clean_title(text)


def test_emoji_of_several_characters_stay_whole_in_names_and_titles() -> None:
    assert clean_title(f"Us {FAMILY}") == f"Us {FAMILY}"
    assert validate_name(f"Us {FAMILY}") == f"Us {FAMILY}"
    assert clean_title("a\u200db") == "ab"


def test_no_text_is_cut_inside_a_character() -> None:
    for text in (FAMILY * 30, "🇩🇪" * 60, "e\u0301" * 80, "👍🏽" * 60, "ก็" * 60):
        sign = text[: len(text) // text.count(text[0])] if text[0] != "🇩" else "🇩🇪"
        for most in range(len(sign), 60):
            assert truncate(text, most).replace(sign, "") == ""
            assert len(truncate(text, most)) <= most
            assert truncate_with_ellipsis(text, most + 1).removesuffix("…").replace(sign, "") == ""
        name = clean_file_name(text * 10 + ".pdf")
        assert name.endswith(".pdf")
        assert len(name.encode()) <= MAX_NAME_BYTES
        sign = unicodedata.normalize("NFC", sign)
        assert name.removesuffix(".pdf").replace(sign, "") == ""


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (f"{FAMILY} {FAMILY}", FAMILY * 2),
        ("🇩🇪 Team", "🇩🇪T"),
        ("👍🏽", "👍🏽"),
        ("e\u0301mile zola", "E\u0301Z"),
        ("(Ada)", "A"),
        ("Harbour of the walk", "HW"),
        ("", "?"),
    ],
)
def test_initials_are_whole_characters_as_in_the_client(name: str, shown: str) -> None:
    assert initials(name) == shown
