"""Fields that path and method do not determine go into the query or the body, with their rules."""

from typing import Annotated

import msgspec
import pytest
from msgspec import UNSET, Meta, UnsetType

from echosphere.api import Empty, get, post, put
from echosphere.api.endpoint import ArgumentBuilder, without_fields
from echosphere.core.errors import Invalid, NotFound
from echosphere.wire import Id, Request, Seq, decode


class AddCall(Request, frozen=True, kw_only=True):
    """What is added."""

    shelf: Id
    seq: Seq
    title: Annotated[str, Meta(max_length=5)]
    source: str | None = msgspec.field(default=None, name="from")
    tags: list[str] = msgspec.field(default_factory=list)
    until: int | UnsetType = UNSET


AT = post("/shelves/<shelf>/<seq>")


def test_the_rest_keeps_names_rules_and_defaults() -> None:
    assembler = ArgumentBuilder(AddCall, AT)
    body = assembler.payload
    assert body is not None
    assert body.__name__ == "AddBody"
    assert body.__doc__ == AddCall.__doc__
    sent = decode(body, b'{"title": "Bees", "from": "a"}')
    call = assembler.build(sent, {"shelf": "s", "seq": "4"})
    assert call == AddCall(shelf="s", seq=4, title="Bees", source="a")
    assert call.tags == []
    for wrong in (b"{}", b'{"title": "Beetle"}', b'{"title": "B", "shelf": "s"}', b'{"x": 1}'):
        with pytest.raises(Invalid):
            decode(body, wrong)


def test_equal_rests_are_one_shape() -> None:
    taken = frozenset({"shelf", "seq"})
    assert without_fields(AddCall, taken, "Body") is without_fields(AddCall, taken, "Body")
    assert without_fields(AddCall, frozenset(), "Body") is AddCall
    assert without_fields(AddCall, frozenset(AddCall.__struct_fields__), "Body") is None
    assert without_fields(Empty, frozenset(), "Query") is None


def test_what_the_method_says_is_not_sent() -> None:
    assembler = ArgumentBuilder(AddCall, put("/shelves/<shelf>/<seq>", title="A", source=None))
    body = assembler.payload
    assert body is not None
    assert body.__struct_fields__ == ("tags", "until")
    call = assembler.build(decode(body, b"{}"), {"shelf": "s", "seq": "0"})
    assert call == AddCall(shelf="s", seq=0, title="A")


@pytest.mark.parametrize("seq", ["", "-1", "1.0", " 1", "²", "1" * 17])
def test_a_number_in_a_path_is_a_number(seq: str) -> None:
    assembler = ArgumentBuilder(AddCall, AT)
    assert assembler.payload is not None
    sent = decode(assembler.payload, b'{"title": "B"}')
    with pytest.raises(NotFound):
        assembler.build(sent, {"shelf": "s", "seq": seq})


def test_a_path_with_a_name_that_is_not_a_field_is_a_mistake() -> None:
    with pytest.raises(TypeError, match="drawer"):
        ArgumentBuilder(AddCall, get("/drawers/<drawer>"))
