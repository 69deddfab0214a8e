"""Folding: what is the same to someone who searches, and where it stands in the original."""

# ruff: noqa: RUF001 - letters that look like others are what this is about

import json
import subprocess
import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from echosphere.search.folding import MAX_SPANS, find_spans, fold, fold_with_offsets
from tests.house.repository import ROOT
from tests.realtime.test_example_and_official_clients import find_node

KEYBOARDS = [
    ("don\u2019t", "don't"),
    ("don\u02bct", "don't"),
    ("don\u00b4t", "don't"),
    ("10\u201320", "10-20"),
    ("a\u2014b", "a-b"),
    ("x\u2212y", "x-y"),
    ("Łódź", "lodz"),
    ("København", "kobenhavn"),
    ("Đorđe", "dorde"),
    ("œuvre", "oeuvre"),
    ("Æther", "aether"),
    ("Straße", "strasse"),
    ("ısparta", "isparta"),
    ("Þór", "thor"),
    ("أحمد", "احمد"),
    ("إيمان", "ايمان"),
    ("مدرسة", "مدرسه"),
    ("کتاب", "كتاب"),
    ("„so“", '"so"'),
]

LETTERS = "aZé ßİıﬁŉǅ½…Ω\u0301\u0308ΆςЁйґ東京ガｶﾞが한국ㅎㅏᄒ\u1161ไทยนี้हिन्दीकि\u094dمُحَمَّدﷺلاשָׁ👩\u200d👧❤\ufe0f👍🏽🇩🇪1\u20e3\t\n\u3000\u00ad\u200b´-"
TEXTS = st.one_of(st.text(LETTERS, max_size=30), st.text(max_size=30))

SAME = [
    ("HELLO", "hello"),
    ("ｈｅｌｌｏ", "hello"),
    ("Straße", "STRASSE"),
    ("café", "cafe\u0301"),
    ("café", "CAFE"),
    ("İstanbul", "istanbul"),
    ("ΟΔΥΣΣΕΥΣ", "οδυσσευς"),
    ("Ἀθῆναι", "αθηναι"),
    ("ᾳ", "α"),
    ("Ёлка", "елка"),
    ("ﬁne", "fine"),
    ("ｶﾞﾝ", "ガン"),
    ("か\u3099", "が"),
    ("\u1112\u1161\u11ab", "한"),
    ("ㅎㅏ", "하"),
    ("مُحَمَّد", "محمد"),
    ("كتـــاب", "كتاب"),
    ("שָׁלוֹם", "שלום"),
    ("❤\ufe0f", "❤"),
    ("co\u00adoper\u200bate", "cooperate"),
    ("a \n\t\u3000 b", "a b"),
    ("  edge ", "edge"),
]
DIFFERENT = [
    ("か", "が"),
    ("か", "カ"),
    ("नि", "न"),
    ("ที่", "ท"),
    ("👍🏽", "👍🏿"),
    ("🏴\U000e0067\U000e0062\U000e007f", "🏴"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_ways_of_writing_the_same_are_equal(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_letters_that_differ_stay_different(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(TEXTS)
def test_the_places_belong_to_the_folded_text(text: str) -> None:
    within = fold_with_offsets(text)
    assert within.text == fold(text)
    assert len(within.starts) == len(within.ends) == len(within.text)
    spans = list(zip(within.starts, within.ends, strict=True))
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert spans == sorted(spans)


@given(st.text(LETTERS, max_size=30))
def test_composed_and_decomposed_text_fold_to_the_same(text: str) -> None:
    assert fold(unicodedata.normalize("NFC", text)) == fold(unicodedata.normalize("NFD", text))


@given(TEXTS)
def test_folded_text_holds_no_line_ends_and_no_double_spaces(text: str) -> None:
    assert fold(text) == " ".join(fold(text).split())


@given(TEXTS, st.data())
def test_every_part_of_a_text_is_found_where_it_stands(text: str, data: st.DataObject) -> None:
    within = fold_with_offsets(text)
    borders = sorted({*within.starts, *within.ends})
    assume(len(borders) >= 2)
    start = data.draw(st.sampled_from(borders[:-1]))
    end = data.draw(st.sampled_from([border for border in borders if border > start]))
    term = fold(text[start:end])
    assume(len(term) >= 2 and not any(map(_begins_with_a_mark, (text[start:end], term))))
    assert term in within.text
    places = find_spans(text, [term])
    assert places
    for first, last in places:
        assert term in fold(text[first:last])


def _begins_with_a_mark(part: str) -> bool:
    """A mark without its letter means nothing by itself."""
    first = unicodedata.normalize("NFKD", part)[0]
    return unicodedata.category(first).startswith("M") or "\u1160" <= first <= "\u11ff"


def test_overlapping_places_are_one() -> None:
    assert find_spans("banana bread", ["ana", "nana", "bread"]) == [(1, 6), (7, 12)]


def test_an_invisible_character_belongs_to_what_it_changes() -> None:
    assert find_spans("I ❤\ufe0f you", ["❤"]) == [(2, 4)]


def test_a_letter_that_becomes_two_is_marked_whole() -> None:
    assert find_spans("Große Straße", ["stras"]) == [(6, 11)]


def test_the_number_of_places_is_bounded() -> None:
    assert len(find_spans("ab " * 5_000, ["ab"])) == MAX_SPANS


def test_a_letter_with_more_marks_than_any_language_has_is_folded_in_pieces() -> None:
    # Sorting so many marks at once would take hours.
    text = "find " + "e" + "\u0345\u0334" * 500_000 + " me"
    assert fold(text) == "find e me"
    assert find_spans(text[:20_000] + " me", ["find"]) == [(0, 4)]


def test_places_are_looked_for_in_the_beginning_of_what_unfolds_to_a_book() -> None:
    text = "word " + "\ufdfa" * 5_000 + " word"
    assert find_spans(text, ["word"]) == [(0, 4)]


def test_letters_that_keyboards_differ_in_meet() -> None:
    for one, other in KEYBOARDS:
        assert fold(one) == fold(other), (one, other)
        assert find_spans(one, [fold(other)]) == [(0, len(one))]


def test_the_table_is_what_icu_says() -> None:
    node = find_node()
    assert node is not None, "Node.js is needed: bin/setup finds or installs it"
    printed = subprocess.run(
        [node, "client/folding.js"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert printed == (ROOT / "src/echosphere/search/folding.json").read_text(encoding="utf-8")


def test_folding_twice_changes_nothing() -> None:
    table = json.loads((ROOT / "src/echosphere/search/folding.json").read_text(encoding="utf-8"))
    assert len(table) > 50
    for letter, base in table.items():
        assert fold(letter) == fold(base) == fold(fold(letter))
