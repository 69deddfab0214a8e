"""The parser of searches: words, phrases and filters as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from echosphere.core.errors import Invalid
from echosphere.search.question import (
    LATEST,
    Has,
    Question,
    is_enough,
    moment,
    names_meant,
    read_question,
)

DAY = 86_400_000


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("hello", Question(("hello",))),
        ("Hello WORLD hello", Question(("hello", "world"))),
        ('"two  words" more', Question(("two words", "more"))),
        ("\u201etwo words\u201c", Question(("two words",))),
        ('"not closed', Question(("not closed",))),
        ('5"inch', Question(('5"inch',))),
        ("from:ana", Question(authors=("ana",))),
        ('FROM:"Ana B" cat', Question(("cat",), authors=("Ana B",))),
        ("from\uff1aana", Question(authors=("ana",))),
        ('in:"The Team" in:other', Question(places=("The Team", "other"))),
        ("has:image has:LINK", Question(has=frozenset({Has.IMAGE, Has.LINK}))),
        ("before:1970-01-03", Question(until=2 * DAY)),
        ("after:1970-01-02 after:1970-01-04", Question(since=3 * DAY)),
        ("after:5000", Question(since=5000)),
        ("https://a.example", Question(("https://a.example",))),
        ("note: this", Question(("note:", "this"))),
        ("from: ana", Question(("from:", "ana"))),
        ('in:""', Question(('in:""',))),
        ("vitamin c", Question(("vitamin", "c"))),
        ("", Question()),
        (" \u200b ", Question()),
    ],
)
def test_typed_text_means(typed: str, asked: Question) -> None:
    assert read_question(typed) == asked


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
        read_question(typed)


@given(st.text(max_size=60))
def test_any_text_is_a_question_or_refused(typed: str) -> None:
    try:
        asked = read_question(typed)
    except Invalid:
        return
    assert all(term == term.strip() != "" for term in asked.terms)
    assert 0 <= asked.since <= LATEST
    assert 0 <= asked.until <= LATEST


@given(
    st.text(min_size=2, max_size=30).filter(
        lambda text: not set(text) & set('"\u201c\u201d\u201e\uff02')
    )
)
def test_a_quoted_phrase_is_one_term(text: str) -> None:
    try:
        asked = read_question(f'"{text}"')
    except Invalid:
        return
    assert len(asked.terms) <= 1
    assert not asked.filtered


@pytest.mark.parametrize(
    "term", ["ab", "\u4eac", "\u3042", "\ud55c", "\U0001f382", "\u2764", "\u0915\u093f"]
)
def test_a_sign_or_an_emoji_is_enough(term: str) -> None:
    assert is_enough(term)


@pytest.mark.parametrize("term", ["a", "1", ".", "\u044f", "\u0e01", "\u0627", "\u05e9", "\u0915"])
def test_a_single_letter_is_not_enough(term: str) -> None:
    assert not is_enough(term)


def test_single_letters_narrow_and_are_not_marked() -> None:
    assert read_question("vitamin c").marked == ("vitamin",)


def test_a_day_begins_at_midnight_utc() -> None:
    assert moment("2026-01-31", "before") == 1_769_817_600_000
    assert moment(1234, "before") == moment("1234", "before") == 1234


def test_the_whole_name_goes_before_a_part_of_it() -> None:
    people = [("1", "Ana"), ("2", "Ana Maria"), ("3", "Ben")]
    assert names_meant("ANA", people) == {"1"}
    assert names_meant("ana m", people) == {"2"}
    assert names_meant("n", people) == {"1", "2", "3"}
    assert names_meant("carl", people) == set()
