"""The SDKs stand alone, and are of the same version and for the same Pythons as the server."""

import ast
import json
import re
import tomllib
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import echosphere_bot
from tests.house.repository import ROOT
from tests.house.test_dependencies import imported
from tests.house.test_repository import locked, project, unmet

PYTHON = ROOT / "sdk" / "python"
PACKAGE = PYTHON / "src" / "echosphere_bot"


def about() -> dict[str, Any]:
    text = (PYTHON / "pyproject.toml").read_text(encoding="utf-8")
    found: dict[str, Any] = tomllib.loads(text)["project"]
    return found


def asked_for() -> list[Requirement]:
    return [Requirement(text) for text in about()["dependencies"]]


def modules_used(folder: Path) -> set[str]:
    """Return the modules at the top that the files below a folder import."""
    trees = [ast.parse(file.read_text(encoding="utf-8")) for file in folder.rglob("*.py")]
    names = {
        name.name if isinstance(node, ast.Import) else node.module or ""
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in node.names
    }
    return {name.partition(".")[0] for name in names}


def test_nothing_of_the_sdk_knows_the_server() -> None:
    used = modules_used(PYTHON)
    assert "echosphere_bot" in used
    assert not used & {"echosphere", "tests"}


def test_the_server_does_not_know_the_sdk() -> None:
    assert "echosphere_bot" not in modules_used(ROOT / "src")


def test_the_sdk_declares_what_it_imports_and_nothing_else() -> None:
    own = {"echosphere-bot"}
    used = imported(sorted(PACKAGE.rglob("*.py"))) - own
    assert used == {str(canonicalize_name(one.name)) for one in asked_for()}


def test_developers_have_what_the_sdk_asks_for() -> None:
    assert unmet(asked_for(), locked("requirements-dev.lock")) == []


def test_the_sdk_has_the_version_and_the_pythons_of_the_server() -> None:
    server = project()["project"]
    assert isinstance(server, dict)
    assert about()["version"] == server["version"] == echosphere_bot.__version__
    assert about()["requires-python"] == server["requires-python"]
    languages = [
        [one for one in each["classifiers"] if one.startswith("Programming Language")]
        for each in (about(), server)
    ]
    assert languages[0] == languages[1]


def test_the_sdk_is_typed_and_brings_its_licence() -> None:
    assert (PACKAGE / "py.typed").is_file()
    assert (PYTHON / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()


def test_the_sdk_for_node_has_the_version_of_the_server_and_the_licence() -> None:
    node = ROOT / "sdk" / "node"
    package = json.loads((node / "package.json").read_text(encoding="utf-8"))
    lock = json.loads((node / "package-lock.json").read_text(encoding="utf-8"))
    said = re.search(r"'(.+)'", (node / "src" / "version.ts").read_text(encoding="utf-8"))
    assert said is not None
    assert package["version"] == lock["version"] == said[1] == echosphere_bot.__version__
    assert (node / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()
