"""bin/test: all of it without arguments, a part when asked for, and it says what failed."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.house.repository import ROOT

CLIENT = "hatch_build.py npm client test"
SDK = "hatch_build.py npm sdk/node test"
PYTEST = "-m pytest"
STARTS = "from tests.product.conftest import"
"""What a conftest.py has whose fixtures start the product."""


@dataclass
class Finished:
    """What bin/test did: how it ended, what it said, and what it had Python run."""

    code: int
    said: str
    ran: list[list[str]]
    printed: str = ""


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

    def run(*arguments: str, failing: str = "", venv: str = ".venv") -> Finished:
        finished = subprocess.run(
            [tmp_path / "bin" / "test", *arguments],
            env=dict(os.environ) | {"FAILING": failing, "VENV": venv},
            capture_output=True,
            text=True,
            check=False,
        )
        ran = (tmp_path / "ran").read_text().strip().split("\n\n")
        told = [one.splitlines() for one in ran]
        return Finished(finished.returncode, finished.stderr, told, finished.stdout)

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
    client, sdk, product, browser = run().ran
    assert [" ".join(client), " ".join(sdk)] == [CLIENT, SDK]
    [option, left_out] = chosen(product)
    assert option == "--ignore"
    assert chosen(browser) == [left_out]


def test_quick_runs_some_of_each(run: Run) -> None:
    client, sdk, product, browser = run("quick").ran
    assert [" ".join(client), " ".join(sdk)] == [CLIENT, SDK]
    assert "not postgresql" in chosen(product)
    named = [one.removeprefix("--ignore=") for one in chosen(product)]
    paths = [one for one in (*named, *chosen(browser)) if one.startswith("tests/")]
    assert {"tests/browser", "tests/bench"} <= set(paths)
    assert [path for path in paths if not (ROOT / path).exists()] == []
    assert [path for path in chosen(browser) if not path.startswith("tests/browser/test_")] == []


@pytest.mark.parametrize("words", [("processes",), ("processes", "all")])
def test_over_several_processes_runs_what_is_there(run: Run, words: tuple[str, ...]) -> None:
    product, browser = run(*words).ran
    assert "tests/product" in chosen(product)
    paths = [*chosen(product), *chosen(browser)]
    assert len(set(paths)) == len(paths)
    assert [path for path in paths if not (ROOT / path).exists()] == []
    everything = "all" in words
    assert (chosen(browser) == ["tests/browser"]) is everything
    starting = {str(one.parent.relative_to(ROOT)) for one in (ROOT / "tests").glob("*/conftest.py")}
    starting = {one for one in starting if STARTS in (ROOT / one / "conftest.py").read_text()}
    assert len(starting) > 5
    assert not everything or starting - {"tests/faults"} <= set(chosen(product))


def test_the_minutes_of_each_part_are_printed_at_the_end(run: Run) -> None:
    lines = run("quick").printed.splitlines()
    assert lines[0] == "bin/test: minutes"
    assert [line.split("  ")[-1] for line in lines[1:]] == [
        "tests of the client",
        "tests of the SDK for Node.js",
        "tests of the product",
        "tests in the browser",
    ]


@pytest.mark.parametrize("part", ["client", "sdk", "product", "browser"])
def test_one_part_runs_alone_and_nothing_is_printed_after_its_runner(run: Run, part: str) -> None:
    finished = run(part)
    assert (len(finished.ran), finished.printed) == (1, "")
    assert run(part, failing=" ").code == 1


def test_another_environment_is_taken_when_asked_for(run: Run, tmp_path: Path) -> None:
    (tmp_path / ".venv").rename(tmp_path / ".venv-other")
    assert len(run(venv=".venv-other").ran) == 4


def test_long_forms_are_listed_and_each_has_tests() -> None:
    script = ROOT / "bin" / "long"
    said = subprocess.run([script], capture_output=True, text=True, check=True).stdout
    text = script.read_text()
    names = re.findall(r"^  (\w+)  +\S", said, re.M)
    assert {"kill", "laws", "properties"} <= set(names)
    for name in names:
        assert f"\n  {name})\n" in text
        assert f"`bin/long {name}`" in (ROOT / "docs" / "reliability.md").read_text()
    for path in re.findall(r"tests/[\w/]+\.py", text):
        assert (ROOT / path).is_file()
    assert subprocess.run([script, "nonsense"], capture_output=True, check=False).returncode == 2


def test_other_arguments_are_for_pytest(run: Run) -> None:
    assert run("tests/messages", "-k", "not quick").ran == [
        ["-m", "pytest", "tests/messages", "-k", "not quick"]
    ]


@pytest.mark.parametrize("mode", [(), ("quick",)])
def test_all_is_well_when_everything_passes(run: Run, mode: tuple[str, ...]) -> None:
    finished = run(*mode)
    assert (finished.code, finished.said) == (0, "")


@pytest.mark.parametrize(
    "failing", [CLIENT, SDK, "--ignore tests/browser", "worksteal tests/browser"]
)
def test_the_rest_runs_after_something_failed_which_is_said(run: Run, failing: str) -> None:
    finished = run(failing=failing)
    assert finished.code == 1
    assert finished.said.count("failed, see above.") == 1
    first_tries = [ran for ran in finished.ran[2:] if "--last-failed" not in ran]
    assert {" ".join(chosen(ran)) for ran in first_tries} == {
        "--ignore tests/browser",
        "tests/browser",
    }


@pytest.mark.parametrize("failing", ["worksteal --ignore tests/browser", "worksteal tests/browser"])
def test_what_fails_has_one_more_try_which_is_said(run: Run, failing: str) -> None:
    finished = run(failing=failing)
    [second] = [ran for ran in finished.ran if "--last-failed" in ran]
    first = finished.ran[finished.ran.index(second) - 1]
    assert second == [*first[:2], "--last-failed", "--last-failed-no-failures", "none", *first[2:]]
    assert "is run once more" in finished.said
    assert finished.code == 1


def test_a_test_that_passes_on_a_second_try_is_not_a_failure(run: Run) -> None:
    finished = run(failing="-m pytest --numprocesses 3 --dist worksteal tests/browser")
    assert (finished.code, len(finished.ran)) == (0, 5)
    assert "is run once more" in finished.said


def test_what_fails_in_the_client_has_no_more_tries(run: Run) -> None:
    assert len(run(failing=CLIENT).ran) == 4


def test_serving_installs_nothing_for_tests(tmp_path: Path) -> None:
    for name in ("bin", ".venv/bin"):
        (tmp_path / name).mkdir(parents=True)
    shutil.copy(ROOT / "bin" / "serve", tmp_path / "bin" / "serve")
    script(tmp_path / "bin" / "setup", 'echo "setup $*"')
    script(tmp_path / ".venv" / "bin" / "echosphere", 'echo "echosphere $*"')
    said = subprocess.run(
        [tmp_path / "bin" / "serve", "--help"],
        env=dict(os.environ) | {"VENV": ".venv"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert said.splitlines() == ["setup --to-serve", "echosphere serve --help"]
