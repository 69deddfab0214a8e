"""`docs/a-message-travels.md` names the client's functions that a message really passes."""

import re
from dataclasses import dataclass
from itertools import pairwise

import pytest

from tests.house.repository import ROOT

TEXT = (ROOT / "docs" / "a-message-travels.md").read_text(encoding="utf-8")
CLIENT = ROOT / "client" / "src"
LOOKED_UP = {"handle": "eventHandlers", "bubbleOf": ""}
"""What is called by another name than it has, and the component that a function has no part in."""

ROW = re.compile(
    r"^\| `([\w./-]+)` \| (?:`([#\w]+)`)? ?\| (?:`([^`]+)`)? ?\| \S.*\|$", re.MULTILINE
)


@dataclass(frozen=True)
class Step:
    """One row: a function in a file, and what it calls next."""

    file: str
    function: str
    callee: str
    """Empty where the step before goes on with someone else."""

    target: str
    """The function that was given as `callee`, where that is a callback."""


def steps(heading: str) -> list[Step]:
    section = TEXT.split(f"## {heading}\n")[1].split("\n## ")[0]
    found = []
    for file, function, callee in ROW.findall(section):
        name, _, target = callee.partition(" = ")
        found.append(Step(file, function, name, target))
    assert len(found) == section.count("\n| `")
    return found


SENDING, SHOWING = steps("From the key to the socket"), steps("On the other screens")


def source_of(step: Step) -> str:
    return (CLIENT / step.file).read_text(encoding="utf-8")


def body_of(step: Step) -> str:
    """Return the text of a function, or of a derived value; all of a component without a name."""
    source = source_of(step)
    if not step.function:
        return source
    name = re.escape(step.function)
    method = re.compile(
        rf"^( *)(?:export )?(?:private )?(?:async )?(?:function )?{name}(?:<.*>)?\([^;]*?\{{\n.*?^\1\}}$"
        rf"|^( *)const {name} = \$derived\(.*?^\2\);$",
        re.MULTILINE | re.DOTALL,
    )
    found = method.search(source)
    assert found is not None, f"{step.file} has no {step.function}"
    return found[0]


@pytest.mark.parametrize("step", SENDING + SHOWING, ids=lambda step: f"{step.file}:{step.function}")
def test_each_function_is_there_and_calls_what_the_page_says(step: Step) -> None:
    body = body_of(step)
    if step.callee:
        assert re.search(rf"{re.escape(step.callee)}\(|<{step.callee}\b", body)


@pytest.mark.parametrize(
    "step", [step for step in SENDING + SHOWING if step.target], ids=lambda step: step.callee
)
def test_a_callback_is_what_the_page_says(step: Step) -> None:
    given = re.compile(rf"\b{step.callee.split('.')[-1]}(?:=\{{|: ).*\b{step.target.lstrip('#')}\(")
    sources = [path.read_text(encoding="utf-8") for path in CLIENT.rglob("*.*t*")]
    assert [source for source in sources if given.search(source)]


@pytest.mark.parametrize("way", [SENDING, SHOWING], ids=["sending", "showing"])
def test_each_step_leads_to_the_next_one(way: list[Step]) -> None:
    for step, after in pairwise(way):
        called = (step.target or step.callee.split(".")[-1]).lstrip("#")
        if called:
            assert LOOKED_UP.get(called, called) == after.function.lstrip("#")


@pytest.mark.parametrize("way", [SENDING, SHOWING], ids=["sending", "showing"])
def test_where_a_step_ends_the_file_before_goes_on_or_what_is_shown_follows(
    way: list[Step],
) -> None:
    for before, step, after in zip(way, way[1:], way[2:], strict=False):
        if not step.callee:
            assert after.file in (before.file, "conversation/MessageList.svelte")


def test_the_ways_meet_the_server() -> None:
    assert "'post'" in body_of(next(step for step in SENDING if step.callee == "call"))
    assert SENDING[-1].callee == "emitWithAck"
    assert "onAny" in body_of(SHOWING[0])
