"""The parser of the command line: every command has help with examples, and shells complete it."""

import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from echosphere.commands.declared import COMMANDS, GROUPS, Command
from echosphere.commands.shown import SENTENCES

LINES_OF_JSON = {"audit export"}


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.words)
def test_each_command_is_run_and_shown_by_something(command: Command) -> None:
    assert command.words.partition(" ")[0] in GROUPS
    assert command.words in set(SENTENCES) | LINES_OF_JSON
    assert command.examples
    assert all(example.startswith(command.words) for example in command.examples)
    module, _, function = command.place.partition(".")
    run = getattr(import_module(f"echosphere.commands.{module}"), function)
    shape = list(run.__annotations__.values())[-2]
    given = {argument.name.lstrip("-").replace("-", "_") for argument in command.arguments}
    if command.password:
        given.add("password")
    assert given <= set(shape.__struct_fields__)


def test_the_help_does_not_wait_for_the_database() -> None:
    said = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "echosphere", "user", "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "suspend" in said.stdout
    loaded = {line.rpartition("|")[2].strip() for line in said.stderr.splitlines()}
    assert "echosphere.cli" in loaded
    assert loaded & {"sqlalchemy", "quart", "uvicorn", "argcomplete", "asyncio"} == set()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_gets_its_script(shell: str, tmp_path: Path) -> None:
    printed = subprocess.run(
        [sys.executable, "-m", "echosphere", "completion", shell],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"ECHOSPHERE_DATA": str(tmp_path / "none")},
    )
    assert "echosphere" in printed.stdout
    assert not (tmp_path / "none").exists()


def test_a_shell_is_told_what_could_come_next(tmp_path: Path) -> None:
    found = tmp_path / "found"
    subprocess.run(
        [sys.executable, "-m", "echosphere"],
        check=False,
        env=os.environ
        | {
            "_ARGCOMPLETE": "1",
            "_ARGCOMPLETE_STDOUT_FILENAME": str(found),
            "_ARGCOMPLETE_IFS": "\n",
            "COMP_LINE": "echosphere user su",
            "COMP_POINT": "18",
        },
    )
    assert found.read_text().split() == ["suspend"]
