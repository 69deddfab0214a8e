"""No refusal without its translation: all that the code can say, and how it is put together."""

from functools import cache

import pytest

from echosphere.core.errors import REFUSAL_TYPES, Invalid, Refusal, too_many_requests
from echosphere.i18n import LANGUAGES, translate, translate_error
from echosphere.messages.message import validate_body
from echosphere.search.query import ContentKind, parse_query
from echosphere.wire import refused
from tests.house.refusals import Refusals

OTHERS = [language for language in LANGUAGES if language != "en"]


@cache
def everything() -> Refusals:
    """What the code can say; looked for when it is asked, and not when tests are collected."""
    return Refusals()


# What the collector cannot follow to a text, and why no sentence is missed by that.
PASSED_ON = {
    # Numbers
    ("accounts/authentication.py", "refusal.retry_after or 1"),
    ("accounts/sign_in.py", "-(-self.wait // SECOND)"),
    ("server_settings/change.py", "setting.least"),
    ("server_settings/change.py", "setting.most"),
    ("media/upload.py", "self._limits.files"),
    ("media/sandbox/images.py", "getattr(image, 'n_frames', 1)"),
    ("core/errors.py", "-(-seconds // 60)"),
    ("messages/posting_rules.py", "-(-left // SECOND)"),
    # Texts of InvalidValueError, TooBigError and refusals, which are collected where they are made
    ("accounts/account.py", "' '.join(problems.values())"),
    ("accounts/account.py", "problems"),
    ("media/sandbox/pool.py", "response['detail']"),
    ("memberships/web/pages.py", "gone.detail"),
    ("memberships/web/pages.py", "refusal.detail"),
    # Titles, which are asked for below; texts of templates, which test_texts.py looks at
    ("web/errors.py", "TITLES[code]"),
    ("web/pages.py", "one"),
    ("web/pages.py", "several"),
    # The problems of the lines of a file, which are refusals of their own
    ("admission/csv_file.py", "' '.join(problems.values())"),
    ("admission/csv_file.py", "problems"),
    # Why registration is closed; `admission/mode.py` refuses with the same sentences
    ("memberships/web/pages.py", "await self._database.read(self._closed_reason)"),
    ("accounts/web/pages.py", "await read(admission.closed_reason)"),
    # What msgspec says of a wrong type, a pattern or an unknown value: only a program is told so,
    # by its own mistake, and its author reads English
    ("accounts/settings.py", "str(error)"),
    ("wire.py", "'.'.join(filter(None, places))"),
    ("wire.py", "_shortened(problem)"),
    ("wire.py", "match['problem']"),
    ("wire.py", "str(error)"),
    ("wire.py", "text[:MAX_QUOTED]"),
}

# The same in every language: a field's name alone, and a word of many languages.
THE_SAME = {"'users' {}.", "Video"}
A_DAY = "muss ein Tag wie 2026-01-31 sein oder eine Zeit in Millisekunden"


def test_the_collector_follows_every_refusal_to_its_texts() -> None:
    assert everything().passed_on == PASSED_ON
    # One of each kind: a plain one, a part of another, one of a table, one that a parameter brings.
    for sentence in (
        "You cannot block yourself.",
        "must be one emoji",
        "must have at most {} entries",
        "You know no one called {}. Change the name after 'from:'.",
    ):
        assert sentence in everything().sentences


@pytest.mark.parametrize("language", OTHERS)
def test_every_refusal_is_translated(language: str) -> None:
    said = {sentence: sentence.replace("{}", "7") for sentence in everything().sentences}
    missing = {
        f"{place}: {sentence}"
        for sentence, place in everything().sentences.items()
        if translate(language, said[sentence]) == said[sentence] and sentence not in THE_SAME
    }
    assert missing == set()


@pytest.mark.parametrize("language", OTHERS)
def test_every_title_is_translated(language: str) -> None:
    assert [
        kind.title for kind in REFUSAL_TYPES if translate(language, kind.title) == kind.title
    ] == []


def refusal_of(body: str = "", query: str = "") -> Refusal:
    with pytest.raises(Invalid) as caught:
        validate_body(body, has_files=False) if not query else parse_query(query)
    return caught.value


@pytest.mark.parametrize(
    ("refusal", "detail", "fields"),
    [
        (
            refusal_of(body=""),
            "Die Nachricht darf ohne Anhang nicht leer sein.",
            {"body": "darf ohne Anhang nicht leer sein"},
        ),
        (
            refusal_of(body="x" * 10_001),
            "Die Nachricht darf höchstens 10000 Zeichen haben.",
            {"body": "darf höchstens 10000 Zeichen haben"},
        ),
        (
            refusal_of(query="before:morgen"),
            f"Was nach 'before' steht, {A_DAY}.",
            {"before": A_DAY},
        ),
        (
            refused("Expected `str` of length <= 400 - at `$.q`"),
            "Das Feld 'q' darf höchstens 400 Zeichen haben.",
            {"q": "darf höchstens 400 Zeichen haben"},
        ),
        (
            refused("Object contains unknown field `x'y` - at `$.a`"),
            'Das Feld "a.x\'y" ist hier nicht bekannt.',
            {"a.x'y": "ist hier nicht bekannt"},
        ),
        (
            Invalid(
                "Enter a name. Choose one emoji.",
                fields={"a": "Enter a name.", "b": "Choose one emoji."},
            ),
            "Gib einen Namen ein. Wähle ein Emoji.",
            {"a": "Gib einen Namen ein.", "b": "Wähle ein Emoji."},
        ),
        (
            too_many_requests("Too many accounts were created from your network.", 300),
            "Von hier aus wurden zu viele Konten angelegt. Versuche es in 5 Minuten noch einmal.",
            {},
        ),
    ],
)
def test_a_refusal_is_put_together_in_german(
    refusal: Refusal, detail: str, fields: dict[str, str]
) -> None:
    told = translate_error("de", refusal)
    assert (told.detail, told.fields) == (detail, fields)


def test_what_programs_are_told_of_their_types_is_one_language_throughout() -> None:
    told = translate_error("de", refused("Expected `str`, got `int` - at `$.q`"))
    assert told.detail == "The field 'q' was refused: Expected `str`, got `int`."
    assert told.fields == {"q": "Expected `str`, got `int`"}


def test_the_filter_for_kinds_of_files_names_all_of_them() -> None:
    refusal = refusal_of(query="has:nothing")
    assert [kind for kind in ContentKind if kind not in refusal.detail] == []
