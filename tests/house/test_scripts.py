"""bin/test: all of it without arguments, a part when asked for, and it says what failed."""

import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.house.repository import ROOT

CLIENT = "hatch_build.py npm client test"
PYTEST = "-m pytest"


@dataclass
class Finished:
    """What bin/test did: how it ended, what it said, and what it had Python run."""

    code: int
    said: str
    ran: list[list[str]]


Run = Callable[..., Finished]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs bin/test in a tree where Python only notes what it is asked for."""
    (tmp_path / "bin").mkdir()
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    shutil.copy(ROOT / "bin" / "test", tmp_path / "bin" / "test")
    script(tmp_path / "bin" / "setup", "")
    noting = (
        'case "$1" in -c) echo 2; exit ;; esac\n'
        'case "$*" in "hatch_build.py path") echo /usr/bin; exit ;; esac\n'
        '{ printf "%s\\n" "$@"; echo; } >>ran\n'
        '[[ -z $FAILING || "$*" != *"$FAILING"* ]]'
    )
    script(tmp_path / ".venv" / "bin" / "python", noting)

    def run(*arguments: str, failing: str = "") -> Finished:
        finished = subprocess.run(
            [tmp_path / "bin" / "test", *arguments],
            env=dict(os.environ) | {"FAILING": failing},
            capture_output=True,
            text=True,
            check=False,
        )
        ran = (tmp_path / "ran").read_text().strip().split("\n\n")
        return Finished(finished.returncode, finished.stderr, [one.splitlines() for one in ran])

    return run


def script(path: Path, body: str) -> None:
    path.write_text(f"#!/usr/bin/env bash\n{body}\n")
    path.chmod(0o755)


def chosen(ran: list[str]) -> list[str]:
    """Return what a run of pytest was told about which tests to run."""
    assert " ".join(ran).startswith(PYTEST), ran
    how, rest = ran[2:6], ran[6:]
    assert how == ["--numprocesses", how[1], "--dist", "worksteal"]
    return rest


def test_without_arguments_nothing_is_left_out(run: Run) -> None:
    client, product, browser = run().ran
    assert " ".join(client) == CLIENT
    [option, left_out] = chosen(product)
    assert option == "--ignore"
    assert chosen(browser) == [left_out]


def test_quick_runs_some_of_each(run: Run) -> None:
    client, product, browser = run("quick").ran
    assert " ".join(client) == CLIENT
    assert "not postgresql" in chosen(product)
    named = [one.removeprefix("--ignore=") for one in chosen(product)]
    paths = [one for one in (*named, *chosen(browser)) if one.startswith("tests/")]
    assert {"tests/browser", "tests/bench"} <= set(paths)
    assert [path for path in paths if not (ROOT / path).exists()] == []
    assert [path for path in chosen(browser) if not path.startswith("tests/browser/test_")] == []


def test_other_arguments_are_for_pytest(run: Run) -> None:
    assert run("tests/messages", "-k", "not quick").ran == [
        ["-m", "pytest", "tests/messages", "-k", "not quick"]
    ]


@pytest.mark.parametrize("mode", [(), ("quick",)])
def test_all_is_well_when_everything_passes(run: Run, mode: tuple[str, ...]) -> None:
    finished = run(*mode)
    assert (finished.code, finished.said) == (0, "")


@pytest.mark.parametrize("failing", [CLIENT, "--ignore tests/browser", "worksteal tests/browser"])
def test_the_rest_runs_after_something_failed_which_is_said(run: Run, failing: str) -> None:
    finished = run(failing=failing)
    assert finished.code == 1
    assert finished.said.count("failed, see above") == 1
    assert {" ".join(chosen(ran)) for ran in finished.ran[1:3]} == {
        "--ignore tests/browser",
        "tests/browser",
    }


def test_what_fails_in_the_browser_has_one_more_try_which_is_said(run: Run) -> None:
    finished = run(failing="worksteal tests/browser")
    *_, first, second = finished.ran
    assert second == [*first[:2], "--last-failed", "--last-failed-no-failures", "none", *first[2:]]
    assert "is run once more" in finished.said
    assert finished.code == 1


def test_what_passes_when_it_is_tried_again_is_no_failure(run: Run) -> None:
    finished = run(failing="-m pytest --numprocesses 2 --dist worksteal tests/browser")
    assert (finished.code, len(finished.ran)) == (0, 4)
    assert "is run once more" in finished.said


def test_what_fails_elsewhere_has_no_more_tries(run: Run) -> None:
    assert len(run(failing="--ignore tests/browser").ran) == 3
