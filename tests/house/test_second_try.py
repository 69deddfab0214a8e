"""What `bin/test` runs once more, and what it does not."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.collected_whole import NOT_COLLECTED

ROOT = Path(__file__).parents[2]

FAILS = "def test_it(): assert False\n"
CANNOT_BE_LOADED = "import nothing_of_this_name\n"
DIFFERS = """
import os, pytest
@pytest.mark.parametrize("process", [os.getpid()])
def test_it(process): pass
"""

HAS_AN_ADDRESS_FOR_A_NAME = """
import pytest
@pytest.mark.parametrize("thing", [object()], ids=str)
def test_it(thing): pass
"""


@pytest.mark.parametrize(
    ("tests", "code"),
    [
        (FAILS, 1),
        (CANNOT_BE_LOADED, NOT_COLLECTED),
        (DIFFERS, NOT_COLLECTED),
        (HAS_AN_ADDRESS_FOR_A_NAME, 4),
    ],
    ids=["fails", "cannot be loaded", "differs between processes", "has an address for a name"],
)
@pytest.mark.parametrize("processes", [[], ["--numprocesses", "2"]], ids=["one", "two"])
def test_a_collection_error_is_not_a_failed_test(
    tests: str, code: int, processes: list[str], tmp_path: Path
) -> None:
    if tests == DIFFERS and not processes:
        code = 0
    if tests == HAS_AN_ADDRESS_FOR_A_NAME and processes:
        code = NOT_COLLECTED  # this differs, too
    (tmp_path / "test_one.py").write_text(tests)
    command = [sys.executable, "-m", "pytest", "-p", "tests.collected_whole", *processes]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [*command, "--rootdir", str(tmp_path), "-c", os.devnull, str(tmp_path)],
        check=False,
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.returncode == code, done.stdout


@pytest.mark.parametrize(("first", "tries"), [(1, 2), (NOT_COLLECTED, 1), (2, 1), (0, 1)])
def test_only_tests_that_failed_have_a_second_try(first: int, tries: int, tmp_path: Path) -> None:
    script = (ROOT / "bin" / "test").read_text()
    function = script[script.index("twice_at_most() {") :].split("\n}\n")[0] + "\n}\n"
    python = tmp_path / "python"
    python.write_text(f"#!/bin/sh\necho try >> {tmp_path}/tries\nexit {first}\n")
    python.chmod(0o755)
    lines = f"set -euo pipefail\npython={python}\n{function}\ntwice_at_most tests || exit $?"
    done = subprocess.run(["bash", "-c", lines], check=False, capture_output=True, text=True)
    assert done.returncode == first
    assert (tmp_path / "tries").read_text().count("try") == tries
