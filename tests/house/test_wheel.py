"""The wheel: everything that runs is in it, and it serves the client without any Node.js."""

import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import httpx
import pytest

from tests.house.repository import ROOT
from tests.house.serving import free_port, running, settings_for

MADE_FROM = ["pyproject.toml", "hatch_build.py", "README.md", "LICENSE", ".gitignore"]
LEFT_OUT = shutil.ignore_patterns("node_modules", "__pycache__")
CLIENT = "echosphere/web/static/client"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.Path:
    """The wheel of this tree, built in a copy so that the tree stays as it is."""
    folder = tmp_path_factory.mktemp("wheel")
    for name in ("src", "client"):
        shutil.copytree(ROOT / name, folder / "tree" / name, ignore=LEFT_OUT)
    for name in MADE_FROM:
        shutil.copy(ROOT / name, folder / "tree" / name)
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder],
        cwd=folder / "tree",
        check=True,
        timeout=300,
    )
    (built,) = folder.glob("*.whl")
    return zipfile.Path(built)


def names(wheel: zipfile.Path) -> set[str]:
    return set(wheel.root.namelist())


def test_the_wheel_holds_every_module_template_and_migration(wheel: zipfile.Path) -> None:
    package = ROOT / "src" / "echosphere"
    files = [file for pattern in ("*.py", "*.html") for file in package.rglob(pattern)]
    expected = {str(file.relative_to(package.parent)) for file in files}
    assert "echosphere/web/templates/layout.html" in expected
    assert any(name.startswith("echosphere/database/migrations/versions/") for name in expected)
    assert expected <= names(wheel)


def test_the_wheel_holds_every_file_of_the_built_client(wheel: zipfile.Path) -> None:
    manifest = json.loads((wheel / CLIENT / ".vite" / "manifest.json").read_text())
    entries = {"src/messenger.ts", "src/pages.ts"}
    assert entries <= set(manifest)
    for chunk in manifest.values():
        for asset in [chunk["file"], *chunk.get("css", []), *chunk.get("assets", [])]:
            assert f"{CLIENT}/{asset}" in names(wheel)


def test_the_wheel_holds_nothing_else(wheel: zipfile.Path) -> None:
    tops = {name.partition("/")[0] for name in names(wheel)}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"echosphere"}
    assert not {name for name in names(wheel) if "node_modules" in name or name.endswith(".ts")}


def test_the_wheel_brings_the_command_and_the_licence(wheel: zipfile.Path) -> None:
    about = next(name for name in names(wheel) if name.endswith(".dist-info/entry_points.txt"))
    assert "echosphere = echosphere.cli:run" in (wheel / about).read_text()
    licence = Path(about).with_name("licenses") / "LICENSE"
    assert "MIT License" in (wheel / str(licence)).read_text()


def test_what_is_in_the_wheel_serves_the_client(wheel: zipfile.Path, tmp_path: Path) -> None:
    unpacked = tmp_path / "unpacked"
    wheel.root.extractall(unpacked)
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    environment = settings_for(tmp_path / "data", port, url, PYTHONPATH=str(unpacked))
    where = "import echosphere, sys; sys.exit(not echosphere.__file__.startswith(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", where, unpacked], env=environment, check=True)
    with running([sys.executable, "-m", "echosphere", "serve"], url, environment, tmp_path):
        page = httpx.get(f"{url}/login")
        assets = re.findall(r'(?:src|href)="(/static/client/assets/[^"]+)"', page.text)
        assert {asset.rpartition(".")[2] for asset in assets} >= {"js", "css"}
        assert {httpx.get(url + asset).status_code for asset in assets} == {200}
