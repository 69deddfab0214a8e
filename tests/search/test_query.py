"""The parser of searches: words, phrases and filters as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from echosphere.core.errors import Invalid
from echosphere.search.query import (
    MAX_TIME,
    ContentKind,
    ParsedQuery,
    is_searchable,
    match_names,
    parse_query,
    parse_time,
)

DAY = 86_400_000


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("hello", ParsedQuery(("hello",))),
        ("Hello WORLD hello", ParsedQuery(("hello", "world"))),
        ('"two  words" more', ParsedQuery(("two words", "more"))),
        ("\u201etwo words\u201c", ParsedQuery(("two words",))),
        ('"not closed', ParsedQuery(("not closed",))),
        ('5"inch', ParsedQuery(('5"inch',))),
        ("from:ana", ParsedQuery(authors=("ana",))),
        ('FROM:"Ana B" cat', ParsedQuery(("cat",), authors=("Ana B",))),
        ("from\uff1aana", ParsedQuery(authors=("ana",))),
        ('in:"The Team" in:other', ParsedQuery(conversations=("The Team", "other"))),
        ("has:image has:LINK", ParsedQuery(has=frozenset({ContentKind.IMAGE, ContentKind.LINK}))),
        ("before:1970-01-03", ParsedQuery(until=2 * DAY)),
        ("after:1970-01-02 after:1970-01-04", ParsedQuery(since=3 * DAY)),
        ("after:5000", ParsedQuery(since=5000)),
        ("https://a.example", ParsedQuery(("https://a.example",))),
        ("note: this", ParsedQuery(("note:", "this"))),
        ("from: ana", ParsedQuery(("from:", "ana"))),
        ('in:""', ParsedQuery(('in:""',))),
        ("vitamin c", ParsedQuery(("vitamin", "c"))),
        ("", ParsedQuery()),
        (" \u200b ", ParsedQuery()),
    ],
)
def test_typed_text_means(typed: str, asked: ParsedQuery) -> None:
    assert parse_query(typed) == asked


@pytest.mark.parametrize(
    "typed",
    [
        "a",
        "a b",
        '"a"',
        "\u0e01",
        "has:horse",
        "before:soon",
        "after:2026-13-01",
        "before:-5",
        "after:99999999999999999999",
        " ".join(f"word{number}" for number in range(13)),
    ],
)
def test_what_makes_no_sense_is_refused(typed: str) -> None:
    with pytest.raises(Invalid):
        parse_query(typed)


@given(st.text(max_size=60))
def test_any_text_is_a_question_or_refused(typed: str) -> None:
    try:
        asked = parse_query(typed)
    except Invalid:
        return
    assert all(term == term.strip() != "" for term in asked.terms)
    assert 0 <= asked.since <= MAX_TIME
    assert 0 <= asked.until <= MAX_TIME


@given(
    st.text(min_size=2, max_size=30).filter(
        lambda text: not set(text) & set('"\u201c\u201d\u201e\uff02')
    )
)
def test_a_quoted_phrase_is_one_term(text: str) -> None:
    try:
        asked = parse_query(f'"{text}"')
    except Invalid:
        return
    assert len(asked.terms) <= 1
    assert not asked.has_filters


@pytest.mark.parametrize(
    "term", ["ab", "\u4eac", "\u3042", "\ud55c", "\U0001f382", "\u2764", "\u0915\u093f"]
)
def test_a_sign_or_an_emoji_is_enough(term: str) -> None:
    assert is_searchable(term)


@pytest.mark.parametrize("term", ["a", "1", ".", "\u044f", "\u0e01", "\u0627", "\u05e9", "\u0915"])
def test_a_single_letter_is_not_enough(term: str) -> None:
    assert not is_searchable(term)


def test_single_letters_narrow_and_are_not_marked() -> None:
    assert parse_query("vitamin c").highlight_terms == ("vitamin",)


def test_a_day_begins_at_midnight_utc() -> None:
    assert parse_time("2026-01-31", "before") == 1_769_817_600_000
    assert parse_time(1234, "before") == parse_time("1234", "before") == 1234


def test_the_whole_name_goes_before_a_part_of_it() -> None:
    people = [("1", "Ana"), ("2", "Ana Maria"), ("3", "Ben")]
    assert match_names("ANA", people) == {"1"}
    assert match_names("ana m", people) == {"2"}
    assert match_names("n", people) == {"1", "2", "3"}
    assert match_names("carl", people) == set()
