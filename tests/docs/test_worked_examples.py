"""CONTRIBUTING.md's examples do what it says: they are added to a copy of the product, and used."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import launcher
from tests.house.repository import PACKAGE, ROOT
from tests.product.people import Person, people_on
from tests.product.push_service import PushService
from tests.served import Served

TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```python\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
LEFT_OUT = shutil.ignore_patterns("static", "__pycache__")


def example(beginning: str) -> str:
    """Return the example that begins like this."""
    [wanted] = [str(one) for one in EXAMPLES if one.startswith(beginning)]
    return wanted


def added_line(file: Path, line: str, after: str) -> None:
    """Add a line behind the first one that is like this."""
    text = file.read_text(encoding="utf-8")
    assert after in text
    file.write_text(text.replace(after, f"{after}{line}", 1), encoding="utf-8")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the package that can be changed."""
    return Path(shutil.copytree(PACKAGE, tmp_path / "src" / "echosphere", ignore=LEFT_OUT))


def python(copy: Path, code: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run code with the copy."""
    environment = launcher.without_settings()
    environment |= {"PYTHONPATH": str(copy.parent), **more}
    return subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def with_places(copy: Path, tmp_path: Path) -> Iterator[str]:
    """The address of a server that knows places: by one new file and one line."""
    parts = copy / "messages" / "parts"
    (parts / "place.py").write_text(example('"""Place:'), encoding="utf-8")
    [line] = re.findall(r"With the line `(    place,)`", TEXT)
    added_line(parts / "__init__.py", f"{line}\n", after="    pin,\n")
    (tmp_path / "data").mkdir()
    served = Served(tmp_path / "data", ECHOSPHERE_REGISTRATION="open")
    yield served.start(PYTHONPATH=str(copy.parent), ECHOSPHERE_ALLOW_PRIVATE_ADDRESSES="on")
    served.stop()


async def found(person: Person, words: str) -> list[str]:
    """Return the texts that a search finds."""
    answer = await person.get("/search", q=words)
    return [result["message"]["body"] for result in answer["results"]]


async def test_a_part_is_one_new_file_and_one_line(with_places: str) -> None:
    async with people_on(with_places, "Ada Example", "Ben Example", "Cleo Example") as people:
        ada, ben, cleo = people
        conversation, other = await ada.talk_to(ben), await ben.talk_to(cleo)
        path = f"/conversations/{conversation}/messages"
        nowhere = {"key": "nowhere-0001", "body": "Meet me at geo:95.0,13.4"}
        refused = await ada.post(path, nowhere, 400)
        assert refused["fields"] == {"body": "names a place that is not on earth"}

        async with PushService() as service:
            keys = await service.subscribe(ben)
            sent = await ada.say(conversation, "Meet me at geo:52.51627,13.37770")
            [pushed] = await service.next_to(keys)
            assert keys.read(pushed)["body"] == "Meet me at 📍"

        forwarded = {"to": [{"conversation": other, "key": "copy-0001"}]}
        answer = await ben.post(f"{path}/{sent['seq']}/forward", forwarded)
        assert answer["messages"][0]["body"] == "Meet me at geo:52.52,13.38"

        assert await found(ada, "place") == ["Meet me at geo:52.51627,13.37770"]
        assert await found(cleo, "place") == ["Meet me at geo:52.52,13.38"]
        await ada.delete(f"{path}/{sent['seq']}", 200)
        assert await found(ada, "place") == []
        assert await found(cleo, "place") == ["Meet me at geo:52.52,13.38"]


def test_without_the_line_there_are_no_places(copy: Path) -> None:
    code = (
        "from echosphere.messages.parts import PARTS; print([type(one).__name__ for one in PARTS])"
    )
    known = python(copy, code)
    assert "Files" in known.stdout
    assert "Place" not in known.stdout


def test_a_setting_is_one_place_and_a_line_of_the_made_table(copy: Path) -> None:
    field = example("    max_shelves:")
    added_line(copy / "settings" / "settings.py", field, after='"""the data folder"""\n')

    table = python(
        copy, "from tests.docs.settings_table import settings_table; print(settings_table())"
    )
    assert (
        "| `ECHOSPHERE_MAX_SHELVES` | 1 to 1000 | `40` |  | how many shelves one person may have |"
        in table.stdout
    ), table.stderr

    show = "from echosphere.settings import load_settings; print(load_settings().max_shelves)"
    given = {"ECHOSPHERE_DATA": str(copy.parent / "data")}
    assert python(copy, show, **given).stdout == "40\n"
    assert python(copy, show, ECHOSPHERE_MAX_SHELVES="7", **given).stdout == "7\n"
    refused = python(copy, show, ECHOSPHERE_MAX_SHELVES="1001", **given)
    assert (
        "ECHOSPHERE_MAX_SHELVES must be a whole number from 1 to 1000, not '1001'."
        in refused.stderr
    )
