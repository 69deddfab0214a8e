"""Refusals and random names."""

import inspect
import re

import pytest

from echosphere import web
from echosphere.core import errors
from echosphere.core.errors import (
    ConfirmationNeeded,
    FactorNeeded,
    Invalid,
    ProofNeeded,
    Refusal,
    TooMany,
)
from echosphere.core.ids import new_id, new_token, token_hash
from echosphere.realtime.delivery.call_dispatcher import error_response, success_response
from echosphere.web.errors import CODES
from echosphere.web.problem import problem_of
from echosphere.wire import Id, Shape, decode, encode

KINDS = [
    kind
    for _, kind in inspect.getmembers(errors, inspect.isclass)
    if issubclass(kind, Refusal) and kind is not Refusal
]

KINDS_OF_FORBIDDEN = (ConfirmationNeeded, FactorNeeded, ProofNeeded)
"""They have the status of `forbidden`, and codes that say what lifts it."""


@pytest.mark.parametrize("kind", KINDS)
def test_a_refusal_reads_the_same_over_http_and_sockets(kind: type[Refusal]) -> None:
    refusal = kind("Do something else.", fields={"name": "is wrong"}, retry_after=7)
    problem = decode(dict, encode(problem_of(refusal)))
    error = decode(dict, error_response(refusal))["error"]
    assert problem == {
        "type": "about:blank",
        "title": kind.title,
        "status": kind.status,
        "detail": "Do something else.",
        "code": kind.code,
        "fields": {"name": "is wrong"},
    }
    assert error == {
        "code": kind.code,
        "detail": "Do something else.",
        "fields": {"name": "is wrong"},
        "retry_after": 7,
    }
    code = "forbidden" if kind in KINDS_OF_FORBIDDEN else kind.code
    assert CODES.get(kind.status, "unavailable") == code


def test_a_plain_refusal_says_no_more_than_it_must() -> None:
    assert decode(dict, error_response(Invalid("No."))) == {
        "ok": False,
        "error": {"code": "invalid", "detail": "No."},
    }
    assert "fields" not in decode(dict, encode(problem_of(Invalid("No."))))
    assert TooMany("Slowly.", retry_after=3).retry_after == 3


def test_an_acknowledgement_has_ok_before_the_fields_of_the_answer() -> None:
    class Answer(Shape, frozen=True):
        seq: int

    class Nothing(Shape, frozen=True):
        pass

    assert success_response(Answer(5)) == b'{"ok":true,"seq":5}'
    assert success_response(None) == success_response(Nothing()) == b'{"ok":true}'


def test_names_and_tokens_are_long_random_and_fit_the_wire() -> None:
    ids, tokens = {new_id() for _ in range(200)}, {new_token() for _ in range(200)}
    assert len(ids) == len(tokens) == 200
    assert all(re.fullmatch(r"[0-9a-f]{20}", one) for one in ids)
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{43}", one) for one in tokens)
    for one in ids:
        assert decode(Id, encode(one)) == one


def test_only_a_tokens_hash_is_kept() -> None:
    known = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
    assert token_hash("test") == known
    assert token_hash("test ") != known


def test_every_public_name_of_the_web_is_there() -> None:
    assert all(hasattr(web, name) for name in web.__all__)
