"""What an operation says of itself follows from its function."""

from typing import Any

import pytest

from echosphere.api import DeviceOperation, Existing, Operation
from echosphere.core.caller import Caller
from echosphere.wire import Request, Shape


class AddCall(Request, frozen=True):
    """What is added."""

    title: str


class Added(Shape, frozen=True):
    """What was added."""

    title: str


async def add(_caller: Caller, call: AddCall) -> Added | Existing:
    """Add something.

    More about it.
    """
    return Added(call.title)


async def find(_caller: Caller, call: AddCall) -> Added | None:
    """Find something, or not."""
    return Added(call.title) if call.title else None


async def forget(_caller: Caller, _call: AddCall) -> None:
    """Forget something."""


async def nod(_caller: Caller, _device: str, _call: AddCall) -> None:
    """Nod on a device."""


@pytest.mark.parametrize(
    ("run", "answer", "status"), [(add, Added, 200), (find, Added, 200), (forget, None, 204)]
)
def test_shapes_and_status_follow_from_the_annotations(
    run: Any, answer: type[Shape] | None, status: int
) -> None:
    operation = Operation(run)
    assert (operation.shape, operation.answer) == (AddCall, answer)
    assert operation.status == status
    assert Operation(run, status=202).status == 202


def test_the_first_line_of_a_docstring_is_the_summary() -> None:
    assert Operation(add).summary == "Add something."
    assert DeviceOperation(nod, name="nod").summary == "Nod on a device."
    assert DeviceOperation(nod, name="nod").shape is AddCall


class AddedLater(Shape, frozen=True):
    """Something else."""


async def shapeless(_caller: Caller, _call: str) -> None:
    """Take no shape."""


async def ambiguous(_caller: Caller, _call: AddCall) -> Added | AddedLater:
    """Answer one of two shapes."""
    return AddedLater()


async def says_nothing(_caller, _call):  # type: ignore[no-untyped-def]
    """Say nothing of shapes."""


@pytest.mark.parametrize("run", [shapeless, ambiguous, says_nothing])
def test_a_function_without_shapes_is_a_mistake(run: Any) -> None:
    with pytest.raises(TypeError):
        Operation(run)
