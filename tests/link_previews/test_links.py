"""Which link of a message is looked at, and what is left of strangers' texts."""

import pytest

from echosphere.link_previews.preview import clean_line
from echosphere.richtext import first_link

LINKS = [
    ("see https://example.org/a?b=c#d for more", "https://example.org/a?b=c#d"),
    ("https://example.org", "https://example.org"),
    ("HTTP://EXAMPLE.org/", "HTTP://EXAMPLE.org/"),
    ("two: https://one.example/ and https://two.example/", "https://one.example/"),
    ("Is it https://example.org/page?", "https://example.org/page"),
    ("(https://example.org/page).", "https://example.org/page"),
    (
        "https://en.example.org/wiki/Mercury_(planet)",
        "https://en.example.org/wiki/Mercury_(planet)",
    ),
    ("[a text](https://example.org/x), then", "https://example.org/x"),
    ("[a text](https://example.org/x)then", "https://example.org/x"),
    ("<https://example.org/x>", "https://example.org/x"),
    ("**https://example.org/x**", "https://example.org/x"),
    ("日本語https://example.org/日本、", "https://example.org/日本"),
    ("`https://code.example/` but https://text.example/", "https://text.example/"),
    ("``a ` https://code.example/`` https://text.example/", "https://text.example/"),
    ("```\nhttps://code.example/\n```\nhttps://text.example/", "https://text.example/"),
    ("~~~sh\ncurl https://code.example/\n~~~", None),
    ("```\nhttps://never.closed.example/", None),
    ("a single ` and https://example.org/", "https://example.org/"),
    ("no link: example.org, mailto:a@example.org, ftp://example.org/", None),
    ("javascript://example.org/%0aalert(1)", None),
    ("http://", None),
    ("", None),
]


@pytest.mark.parametrize(("body", "link"), LINKS)
def test_the_first_link_of_a_text_is_found_and_code_holds_none(body: str, link: str | None) -> None:
    assert first_link(body) == link


def test_a_text_made_of_markup_is_gone_through_at_once() -> None:
    for piece in ("`", "``` \n", "~~~\n", "http://", "(", "https://a)", "`a` http://b/("):
        body = piece * (10_000 // len(piece))
        assert (first_link(body) or "").count(" ") == 0


def test_a_text_of_ticks_takes_no_longer_than_another() -> None:
    # A look for its partner from each of the ticks would take hours.
    assert first_link("://" + "`" * 1_000_000) is None
    unlike = "a".join("`" * length for length in range(1, 62))
    assert first_link(f"{unlike} https://example.org/") == "https://example.org/"
    assert first_link("`a``b" * 600 + "`c``` https://example.org/") == "https://example.org/"


def test_a_text_with_thousands_of_marks_is_as_it_was_typed() -> None:
    assert first_link("`a` " * 1_000 + "https://example.org/") == "https://example.org/"
    assert first_link("`a` " * 1_001 + "https://example.org/") is None


def test_ticks_belong_to_the_next_as_many_ticks() -> None:
    assert first_link("`` ` `` https://example.org/ ` ") == "https://example.org/"
    assert first_link("` `` https://code.example/ ` https://example.org/") == "https://example.org/"
    assert first_link("x ``` a `` b ` https://example.org/") == "https://example.org/"
    assert first_link("`a` `b` ``https://code.example/``") is None


def test_a_strangers_text_is_one_line_without_what_cannot_be_seen() -> None:
    assert clean_line("  a\n\tb \u202eevil\u0000\u200b ", 20) == "a b evil"
    assert clean_line("x" * 50, 10) == "x" * 9 + "…"
    assert clean_line("<b>bold</b> & so on", 50) == "<b>bold</b> & so on"
