"""Shapes on the wire: what is accepted, and how a refusal names what was wrong."""

from typing import Annotated, Any

import pytest
from msgspec import UNSET, Meta, UnsetType

from echosphere.core.errors import Invalid
from echosphere.wire import MAX_QUOTED, Id, Key, Request, Seq, convert, decode, encoded, refused


class Inner(Request, frozen=True):
    """A part of a request."""

    text: str


class Given(Request, frozen=True):
    """A request with something of everything."""

    name: Annotated[str, Meta(max_length=10)]
    count: Seq = 0
    inner: Inner | None = None
    many: list[str] = []  # noqa: RUF012 - msgspec copies it
    notes: dict[str, str] = {}  # noqa: RUF012 - msgspec copies it
    maybe: str | UnsetType = UNSET


def fields_refused(body: bytes) -> dict[str, str]:
    """Return which fields of a body are refused."""
    with pytest.raises(Invalid) as caught:
        decode(Given, body)
    return caught.value.fields


@pytest.mark.parametrize(
    ("body", "place"),
    [
        (b"{}", "name"),
        (b'{"name": 1}', "name"),
        (b'{"name": null}', "name"),
        (b'{"name": "longer than ten"}', "name"),
        (b'{"name": "x", "count": -1}', "count"),
        (b'{"name": "x", "count": 1.5}', "count"),
        (b'{"name": "x", "count": 9007199254740993}', "count"),
        (b'{"name": "x", "inner": {}}', "inner.text"),
        (b'{"name": "x", "inner": {"text": []}}', "inner.text"),
        (b'{"name": "x", "many": ["a", 1]}', "many[1]"),
        (b'{"name": "x", "other": 1}', "other"),
        (b'{"name": "a\\u0000b"}', "name"),
        (b'{"name": "x", "inner": {"text": "\\u0000"}}', "text"),
        (b'{"name": "x", "many": ["\\u0000"]}', "many"),
        (b'{"name": "x", "notes": {"a": "\\u0000"}}', "notes"),
        (b'{"name": "x", "notes": {"\\u0000": "a"}}', "notes"),
        (b'{"name": "x", "maybe": "\\u0000"}', "maybe"),
    ],
)
def test_a_refusal_names_the_field(body: bytes, place: str) -> None:
    assert list(fields_refused(body)) == [place]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"nonsense",
        b'{"name": "x"',
        b'{"name": "x"} {}',
        b'{"name": "\\ud800"}',
        b'{"name": "\xff"}',
        b'{"name": "a\x00b"}',
        b'{"name": NaN}',
        b"[" * 100_000,
        b'{"name":' + b"[" * 50_000 + b"]" * 50_000 + b"}",
    ],
)
def test_what_is_no_json_is_refused_without_a_place(body: bytes) -> None:
    with pytest.raises(Invalid) as caught:
        decode(Given, body)
    assert len(caught.value.detail) < 300


def test_what_fits_is_taken() -> None:
    given = decode(Given, b'{"name": "x\\\\u0000", "count": 9007199254740992}')
    assert given == Given("x\\u0000", 2**53)
    assert given.maybe is UNSET


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (Id, ["a", "A-b_9", "x" * 64], ["", "x" * 65, "a b", "a/b", "ä", "a\n"]),
        (Key, ["x" * 8, "A-b_9999", "x" * 64], ["x" * 7, "x" * 65, "aaaaaaa!", "aaaaaaaa\n"]),
    ],
)
def test_names_have_a_narrow_alphabet(kind: Any, good: list[str], bad: list[str]) -> None:
    for text in good:
        assert decode(kind, bytes(encoded(text))) == text
    for text in bad:
        with pytest.raises(Invalid):
            decode(kind, bytes(encoded(text)))


def test_a_query_is_read_as_text_and_checked_alike() -> None:
    assert convert(Given, {"name": "x", "count": "7"}) == Given("x", 7)
    for wrong in ({"name": "x", "count": "7.5"}, {"name": "x\0"}, {"count": "1"}, {"nam": "x"}):
        with pytest.raises(Invalid):
            convert(Given, wrong)


def test_what_was_sent_is_not_repeated_at_length() -> None:
    with pytest.raises(Invalid) as caught:
        decode(Given, b'{"' + b"x" * 100_000 + b'": 1, "name": "x"}')
    (place, problem), *_ = caught.value.fields.items()
    assert max(len(place), len(problem)) <= MAX_QUOTED + 1
    assert len(caught.value.detail) <= 2 * MAX_QUOTED + 100


def test_a_sentence_without_a_place_stays_a_sentence() -> None:
    assert refused("Expected `object`, got `array`").fields == {}
    assert refused("Expected `int` - at `$.a.b[2]`").fields == {"a.b[2]": "Expected `int`"}


class Keyed(Request, frozen=True):
    """A request with a key against duplicates."""

    key: Key


@pytest.mark.parametrize("key", ["short", "x" * 65, "with a space", "ends\n_line\n"])
def test_a_refused_key_says_what_a_key_is(key: str) -> None:
    with pytest.raises(Invalid) as caught:
        convert(Keyed, {"key": key})
    assert caught.value.fields == {
        "key": "must have 8 to 64 letters, digits, hyphens or underscores"
    }
