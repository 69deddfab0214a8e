"""`docs/a-message-travels.md` names the files that a posted message really passes."""

import ast
import asyncio
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from tests.house.repository import PACKAGE, ROOT
from tests.product.conftest import Running, settings_for
from tests.product.people import people_on

TEXT = (ROOT / "docs" / "a-message-travels.md").read_text(encoding="utf-8")
OPERATION = "messages/operations/posting.py"
SOCKET, HTTP = "socket", "http"
REPEATS = 3
"""What the server does by itself now and then is not seen each time, and left out."""


class Witness:
    """Notes the files of the product whose functions run, in the order of their first call."""

    def __init__(self) -> None:
        self.files: dict[str, None] = {}
        self._looking = False

    @contextmanager
    def looking(self) -> Iterator[None]:
        """Note what runs in this block."""
        self.files.clear()
        self._looking = True
        yield
        self._looking = False

    def __call__(self, frame: FrameType, event: str, _argument: Any) -> None:
        if self._looking and event == "call":
            file = _file_of(frame)
            if file is not None:
                self.files[file] = None


def _file_of(frame: FrameType) -> str | None:
    name = frame.f_code.co_filename
    if name.startswith(f"{PACKAGE}/"):
        return name.removeprefix(f"{PACKAGE}/")
    if name == "<string>":  # a dataclass is being made: the file is that of its class
        module = type(frame.f_locals.get("self")).__module__
        if module.startswith("echosphere."):
            return f"{module.removeprefix('echosphere.').replace('.', '/')}.py"
    return None


def listed(heading: str) -> dict[str, int]:
    """Return the files of the table under a heading, and their lines where these are given."""
    section = TEXT.split(f"## {heading}")[1].split("\n## ")[0]
    rows = re.findall(r"^\|(?: \d \|)? `([\w/]+\.py)` \| (\d*)", section, re.MULTILINE)
    return {file: int(lines or 0) for file, lines in rows}


PATH, GROUND = listed("The path"), listed("What it walks on")
# Values that msgspec makes without a line of Python, so that nothing sees the message pass there.
UNSEEN = {"messages/events.py", "realtime/delivery/deliveries.py"}


@pytest.fixture(scope="module")
def passed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """The files that one message passed over the socket, and one over REST."""
    witness = Witness()
    before = threading.getprofile(), sys.getprofile()
    # Threads take over the function when they start: it has to be there before the server.
    threading.setprofile(witness)
    sys.setprofile(witness)
    try:
        return asyncio.run(_post_twice(tmp_path_factory.mktemp("travel"), witness))
    finally:
        threading.setprofile(before[0])
        sys.setprofile(before[1])


async def _post_twice(folder: Path, witness: Witness) -> dict[str, list[str]]:
    running = Running(settings_for(folder, f"sqlite:///{folder / 'app.db'}"))
    base = await running.start()
    found: dict[str, list[str]] = {}
    async with people_on(base, "Ada Example", "Ben Example") as (ada, ben):
        conversation = await ada.talk_to(ben)
        sender, receiver = await ada.connect(), await ben.connect()
        first = await sender.say(conversation, "The audience is loaded now.")
        await receiver.next("message", version=first["version"])
        for door, say in ((SOCKET, sender.say), (HTTP, ada.say)):
            seen = []
            for _ in range(REPEATS):
                with witness.looking():
                    sent = await say(conversation, "Hello")
                    await receiver.next("message", version=sent["version"])
                seen.append(list(witness.files))
            found[door] = [file for file in seen[0] if all(file in one for one in seen)]
    await running.stop()
    return found


def test_the_page_lists_the_files_that_a_message_passes_and_no_others(
    passed: dict[str, list[str]],
) -> None:
    assert set(passed[SOCKET]) == (PATH.keys() | GROUND.keys()) - UNSEEN


@pytest.mark.parametrize("file", sorted(UNSEEN))
def test_what_no_one_sees_it_pass_is_values(file: str) -> None:
    defined = ast.parse((PACKAGE / file).read_text(encoding="utf-8")).body
    classes = [one for one in defined if isinstance(one, ast.ClassDef)]
    assert classes
    assert not any(isinstance(line, ast.FunctionDef) for one in classes for line in one.body)


def test_the_path_begins_at_the_operation_and_ends_at_what_is_sent(
    passed: dict[str, list[str]],
) -> None:
    order = [file for file in passed[SOCKET] if file in PATH]
    assert order[0] == OPERATION == next(iter(PATH))
    assert (
        order[-2:]
        == ["realtime/delivery/fan_out.py", "messages/live/posting.py"]
        == list(PATH)[-2:]
    )
    assert len(PATH) == 8


def test_both_doors_lead_to_the_same_operation(passed: dict[str, list[str]]) -> None:
    assert PATH.keys() - UNSEEN <= set(passed[SOCKET]) & set(passed[HTTP])
    assert "api/endpoint.py" in passed[HTTP]
    assert "api/endpoint.py" not in passed[SOCKET]


def test_only_posting_and_forwarding_insert_messages() -> None:
    callers = {
        str(file.relative_to(PACKAGE))
        for file in PACKAGE.rglob("*.py")
        if re.search(r"\binsert_message\b|insert\(messages\)", file.read_text(encoding="utf-8"))
    }
    store = {f"messages/store/{name}.py" for name in ("__init__", "posting", "imported")}
    assert callers == {"messages/forward.py", "messages/post.py"} | store


def test_the_lines_are_about_as_many_as_the_page_says() -> None:
    for file, lines in PATH.items():
        written = len((PACKAGE / file).read_text(encoding="utf-8").splitlines())
        assert abs(written - lines) <= max(5, lines // 10), f"{file} has {written} lines"
    total = re.search(r"About (\d+) lines", TEXT)
    assert total is not None
    assert abs(sum(PATH.values()) - int(total[1])) <= 20
