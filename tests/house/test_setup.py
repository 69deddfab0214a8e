"""bin/setup and the build of the client: what they say and what they leave out."""

import importlib.util
import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

from tests.house.repository import ROOT


@pytest.fixture(scope="module")
def build() -> ModuleType:
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A tree with a client that no one could build, and what was built from it."""
    client, built = tmp_path / "client", tmp_path / "src/echosphere/web/static/client"
    (client / "src").mkdir(parents=True)
    (client / "src" / "messenger.ts").write_text("export {};\n")
    (client / "package.json").write_text('{"name": "not to be installed", "scripts": {}}')
    built.mkdir(parents=True)
    return tmp_path


def mark_as_built(build: ModuleType, tree: Path) -> None:
    stamp = tree / build.BUILT / build.BUILT_STAMP
    stamp.write_text(build._digest_of_sources(tree))


def test_a_client_built_from_these_sources_is_not_built_again(
    build: ModuleType, tree: Path
) -> None:
    mark_as_built(build, tree)
    build.build_client(tree)


@pytest.mark.parametrize("change", ["edited", "added", "removed", "never built"])
def test_a_client_whose_sources_changed_is_built(
    build: ModuleType, tree: Path, change: str
) -> None:
    source = tree / "client" / "src" / "messenger.ts"
    if change != "never built":
        mark_as_built(build, tree)
    if change == "edited":
        source.write_text("export const edited = true;\n")
    elif change == "added":
        source.with_name("pages.ts").write_text("export {};\n")
    elif change == "removed":
        source.unlink()
    # There is no lock file, so npm refuses at once: that it was asked is what counts.
    with pytest.raises(build.BuildError, match="npm ci"):
        build.build_client(tree)


def test_tests_and_installed_packages_are_not_sources(build: ModuleType, tree: Path) -> None:
    mark_as_built(build, tree)
    for folder in ("tests", "node_modules", ".svelte-kit"):
        (tree / "client" / folder).mkdir()
        (tree / "client" / folder / "file.ts").write_text("export {};\n")
    build.build_client(tree)


def test_a_tree_without_a_client_is_refused_with_a_clear_sentence(
    build: ModuleType, tmp_path: Path
) -> None:
    with pytest.raises(build.BuildError, match="sources of the client are missing"):
        build.build_client(tmp_path)


@pytest.mark.parametrize("version", ["v20.19.0", "v20.20.2", "v22.12.0", "v24.1.0", "v30.0.0"])
def test_the_build_runs_on_this_node(build: ModuleType, version: str) -> None:
    assert build.recent_enough(version)


@pytest.mark.parametrize("version", ["", "v18.20.0", "v20.18.9", "v21.7.0", "v22.11.0", "nonsense"])
def test_the_build_does_not_run_on_this_node(build: ModuleType, version: str) -> None:
    assert not build.recent_enough(version)


def test_an_old_node_on_the_path_gives_way_to_the_one_from_pypi(
    build: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("node", "npm"):
        script(tmp_path / name, "echo v18.0.0")
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    node = build.find_node()
    assert node.folder != tmp_path
    node.run(ROOT, "--version")


@pytest.mark.parametrize("version", ["", "3.10", "3.14", "4.0"])
def test_setup_refuses_a_python_that_is_not_known_to_work(tmp_path: Path, version: str) -> None:
    said = run_setup(tmp_path, python=script(tmp_path / "other", f"echo {version}"))
    assert f"is known to work with Python 3.11, 3.12, 3.13; here is {version or 'none'}." in said


def test_setup_takes_the_first_known_python_among_several(tmp_path: Path) -> None:
    for name, version in (("python3", "3.14"), ("python3.13", "3.13"), ("python3.11", "3.11")):
        script(tmp_path / name, f"echo {version}")
    found = subprocess.run(
        [ROOT / "bin" / "setup", "--pythons"],
        env={"PATH": f"{tmp_path}:/usr/bin:/bin", "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\n")
    assert f"3.13 {tmp_path / 'python3.13'}" in found
    assert f"3.11 {tmp_path / 'python3.11'}" in found
    assert "3.14" not in " ".join(found)


def test_the_same_pythons_are_known_everywhere() -> None:
    listed = re.search(r"^known=\((.*)\)$", text_of("bin/setup"), re.M)
    project = tomllib.loads(text_of("pyproject.toml"))["project"]
    assert listed is not None
    known = listed[1].split()
    classifier = "Programming Language :: Python :: "
    assert known == [
        one.removeprefix(classifier)
        for one in project["classifiers"]
        if re.fullmatch(re.escape(classifier) + r"\d\.\d+", one)
    ]
    oldest, newest = (tuple(map(int, version.split("."))) for version in (known[0], known[-1]))
    assert project["requires-python"] == f">=3.{oldest[1]},<3.{newest[1] + 1}"


def test_setup_says_what_debian_lacks(tmp_path: Path) -> None:
    without_ensurepip = 'case "$2" in *ensurepip*) exit 1 ;; *) echo 3.12 ;; esac'
    said = run_setup(tmp_path, python=script(tmp_path / "debian", without_ensurepip))
    assert "apt install python3-venv" in said


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def script(path: Path, body: str) -> Path:
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path


def run_setup(tree: Path, python: Path) -> str:
    """Run bin/setup in a tree of its own, where nothing is set up; return its complaint."""
    (tree / "bin").mkdir()
    shutil.copy(ROOT / "bin" / "setup", tree / "bin" / "setup")
    finished = subprocess.run(
        [tree / "bin" / "setup"],
        env={"PATH": os.environ["PATH"], "PYTHON": str(python), "HOME": str(tree)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert finished.returncode == 1
    assert not (tree / ".venv").exists()
    return finished.stderr
