"""Cursors: only the server that made one can read it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from echosphere.core.errors import Invalid
from echosphere.search.cursor import CursorCodec

OURS, THEIRS = CursorCodec("our secret"), CursorCodec("their secret")


@given(st.integers(0, 2**62))
def test_a_cursor_is_opened_to_what_was_sealed(number: int) -> None:
    assert OURS.decode(OURS.encode(number)) == number


def test_two_cursors_of_one_place_look_different() -> None:
    assert OURS.encode(7) != OURS.encode(7)


@given(st.text(max_size=40))
def test_what_the_server_did_not_make_is_refused(cursor: str) -> None:
    with pytest.raises(Invalid):
        OURS.decode(cursor)


def test_the_cursor_of_another_server_is_refused() -> None:
    with pytest.raises(Invalid):
        OURS.decode(THEIRS.encode(7))
