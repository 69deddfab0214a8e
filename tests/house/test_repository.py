"""What is in the repository: lock files that fit, scripts that run, no traces of one machine."""

import json
import os
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import echosphere
from tests.house.repository import ROOT, npm_locks, our_files

SCRIPTS = [
    Path("bin/setup"),
    Path("bin/serve"),
    Path("bin/test"),
    Path("bin/check"),
    Path("bin/long"),
    Path("bin/release"),
    Path(".ci/run"),
]
LOCKS = ["requirements.lock", "requirements-dev.lock"]
# Put together here, so that this file does not find itself.
ONE_MACHINE = re.compile(r"(?<![\w.-])/" + "work/|/" + "root/|/home/" + r"[a-z]+/")


def project() -> dict[str, object]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def asked_for() -> list[Requirement]:
    about = project()["project"]
    assert isinstance(about, dict)
    extras = [text for extra in about["optional-dependencies"].values() for text in extra]
    return [Requirement(text) for text in [*about["dependencies"], *extras]]


def asked_for_by_developers() -> list[Requirement]:
    groups = project()["dependency-groups"]
    assert isinstance(groups, dict)
    return [Requirement(text) for text in groups["dev"]]


def locked(name: str) -> dict[str, set[str]]:
    """Return the versions by package: one, or one for each kind of Python or machine."""
    pin = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^ ;\\]+)", re.MULTILINE)
    pins: dict[str, set[str]] = {}
    for found in pin.finditer(_text(ROOT / name)):
        pins.setdefault(canonicalize_name(found[1]), set()).add(found[2])
    return pins


def unmet(requirements: list[Requirement], pins: dict[str, set[str]]) -> list[str]:
    return [str(requirement) for requirement in requirements if not _is_met(requirement, pins)]


def _is_met(requirement: Requirement, pins: dict[str, set[str]]) -> bool:
    versions = pins.get(canonicalize_name(requirement.name), set())
    allowed = requirement.specifier
    return bool(versions) and all(allowed.contains(version) for version in versions)


def test_the_lock_files_fulfil_what_the_project_asks_for() -> None:
    assert unmet(asked_for(), locked("requirements.lock")) == []
    assert unmet(asked_for() + asked_for_by_developers(), locked("requirements-dev.lock")) == []


def test_developers_use_the_versions_that_are_shipped() -> None:
    shipped, developed = locked("requirements.lock"), locked("requirements-dev.lock")
    assert shipped
    assert {name: developed.get(name) for name in shipped} == shipped


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_carries_its_hash(lock: str) -> None:
    blocks = re.split(r"^(?=[A-Za-z0-9])", _text(ROOT / lock), flags=re.MULTILINE)
    blocks = [block for block in blocks if "==" in block]
    assert len(blocks) >= len(locked(lock)) > 0
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []


@pytest.mark.parametrize("lock", npm_locks(), ids=lambda file: str(file.relative_to(ROOT)))
def test_npm_packages_come_from_the_public_registry_with_their_hash(lock: Path) -> None:
    packages = json.loads(_text(lock))["packages"]
    installed = {name: package for name, package in packages.items() if name}
    assert installed
    for name, package in installed.items():
        source = package.get("resolved", "https://registry.npmjs.org/")
        assert source.startswith("https://registry.npmjs.org/"), name
        assert "integrity" in package, name


def test_the_version_is_written_the_same_everywhere() -> None:
    about = project()["project"]
    assert isinstance(about, dict)
    client = json.loads(_text(ROOT / "client" / "package.json"))
    assert about["version"] == echosphere.__version__ == client["version"]


@pytest.mark.parametrize("script", SCRIPTS, ids=str)
def test_scripts_are_executable_and_bash_can_read_them(script: Path) -> None:
    assert os.access(ROOT / script, os.X_OK)
    subprocess.run(["bash", "-n", ROOT / script], check=True)


def test_no_file_names_a_path_of_the_machine_it_was_written_on() -> None:
    found = [
        f"{file.relative_to(ROOT)}:{number}: {line.strip()[:80]}"
        for file in our_files()
        for number, line in _lines(file)
        if ONE_MACHINE.search(line)
    ]
    assert found == []


def _lines(file: Path) -> Iterator[tuple[int, str]]:
    try:
        yield from enumerate(_text(file).splitlines(), start=1)
    except UnicodeDecodeError:
        return  # a picture or a font


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8")
