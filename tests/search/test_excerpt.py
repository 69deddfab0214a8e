"""What is shown of a message that was found: the place itself, without markup."""

import pytest

from echosphere.search.excerpt import MAX_EXCERPT, Excerpt, excerpt_of, search_text
from echosphere.search.query import parse_query

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"


def shown(body: str, typed: str) -> str:
    """Return the excerpt with its places in brackets."""
    return bracketed(excerpt_of(body, parse_query(typed).highlight_terms))


def bracketed(excerpt: Excerpt) -> str:
    """Return a text with its places in brackets."""
    text = excerpt.text
    for start, end in reversed(excerpt.spans):
        text = f"{text[:start]}[{text[start:end]}]{text[end:]}"
    return text


@pytest.mark.parametrize(
    ("body", "typed", "expected"),
    [
        ("see the **harbour** at `noon`", "harbour", "see the [harbour] at noon"),
        ("**two** words", '"two words"', "[two words]"),
        ("- one\n- two", "two", "- one - [two]"),
        ("> quoted\n\nanswer", "answer", "quoted [answer]"),
        ("[the map](https://maps.example/harbour)", "map", "the [map]"),
        (
            "[the map](https://maps.example/harbour)",
            "harbour",
            "https://maps.example/[harbour]",
        ),
        ("```py\nprint(1)\n```", "print", "[print](1)"),
        ("**nothing**", "file", "nothing"),
    ],
)
def test_an_excerpt_is_plain_text_with_the_place(body: str, typed: str, expected: str) -> None:
    assert shown(body, typed) == expected
    if "[" in expected:
        assert all(term in search_text(body, ()) for term in parse_query(typed).terms)


def test_an_excerpt_of_a_long_text_is_cut_around_the_place_between_characters() -> None:
    for shift in range(8):
        body = FAMILY * 100 + "x" * shift + " **needle** " + FAMILY * 100
        excerpt = excerpt_of(body, ["needle"])
        assert "[needle]" in bracketed(excerpt)
        assert len(excerpt.text) <= MAX_EXCERPT + 2
        around = excerpt.text.strip("…").replace("needle", "").replace("x", "").strip()
        left = [part for part in around.replace(" ", "").split(FAMILY) if part]
        assert left == []
