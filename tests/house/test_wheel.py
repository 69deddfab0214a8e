"""A release has its parts; all that runs is in the wheel, which serves the client without Node.js."""

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import httpx
import pytest

from echosphere import __version__
from tests.house.repository import ROOT, our_files
from tests.house.serving import free_port, running, settings_for

CLIENT = "echosphere/web/static/client"


NAME = f"echosphere-{__version__}"


def git(tree: Path, *arguments: str) -> None:
    by = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
    subprocess.run(["git", *by, *arguments], cwd=tree, check=True, capture_output=True)


def release(tree: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [tree / "bin" / "release", *arguments],
        env=dict(os.environ) | {"VENV": sys.prefix},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of this tree, all of it committed, so that this one stays as it is."""
    tree = tmp_path_factory.mktemp("release") / "tree"
    for file in our_files():
        copy = tree / file.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, copy)
    git(tree, "init", "--quiet")
    git(tree, "add", "--all")
    git(tree, "commit", "--quiet", "--message", "Everything")
    return tree


@pytest.fixture(scope="module")
def dist(tree: Path) -> Path:
    """What bin/release makes of it."""
    done = release(tree, "--draft")
    assert done.returncode == 0, done.stdout + done.stderr
    return tree / "dist"


@pytest.fixture(scope="module")
def wheel(dist: Path) -> zipfile.Path:
    """The wheel of the release."""
    (built,) = dist.glob("echosphere-*.whl")
    return zipfile.Path(built)


def test_a_release_has_its_parts_and_their_checksums(dist: Path) -> None:
    assert {file.name for file in dist.iterdir()} == {
        f"{NAME}-py3-none-any.whl",
        f"{NAME}.tar.gz",
        f"{NAME}-image.tar.gz",
        f"{NAME}-deploy.tar.gz",
        f"echosphere_bot-{__version__}-py3-none-any.whl",
        f"echosphere_bot-{__version__}.tar.gz",
        f"echosphere-bot-{__version__}.tgz",
        "NOTES.md",
        "SHA256SUMS",
    }
    check = ["sha256sum", "--check", "--strict", "SHA256SUMS"]
    done = subprocess.run(check, cwd=dist, capture_output=True, text=True, check=True)
    assert done.stdout.count(": OK\n") == 8
    assert (dist / "NOTES.md").read_text().startswith("The first version of the new EchoSphere.")


def test_the_image_is_built_from_all_that_its_steps_copy(dist: Path) -> None:
    with tarfile.open(dist / f"{NAME}-image.tar.gz") as context:
        inside = set(context.getnames())
    assert {"Dockerfile", ".dockerignore", "requirements.lock", "src/echosphere/app.py"} <= inside
    assert not {name for name in inside if name.startswith(("tests", "docs"))}


def test_the_manifests_of_a_release_run_its_image(dist: Path) -> None:
    with tarfile.open(dist / f"{NAME}-deploy.tar.gz") as files:
        found = files.extractfile(f"{NAME}/deploy/kubernetes/kustomization.yaml")
        assert found is not None
        assert f'newTag: "{__version__}"' in found.read().decode()


def test_the_source_of_a_release_has_what_the_wheel_is_built_from(dist: Path) -> None:
    with tarfile.open(dist / f"{NAME}.tar.gz") as source:
        inside = set(source.getnames())
    needed = {"pyproject.toml", "hatch_build.py", "client/package-lock.json", "CHANGELOG.md"}
    assert {f"{NAME}/{name}" for name in needed} <= inside


def test_the_sdk_for_node_is_built_and_without_its_tests(dist: Path) -> None:
    with tarfile.open(dist / f"echosphere-bot-{__version__}.tgz") as package:
        inside = set(package.getnames())
    needed = {"package.json", "README.md", "LICENSE", "dist/index.js", "dist/index.d.ts"}
    assert {f"package/{name}" for name in needed} <= inside
    assert not {name for name in inside if "test" in name or "/src/" in name}


def test_a_release_without_notes_or_of_something_uncommitted_is_refused(
    tree: Path, tmp_path: Path
) -> None:
    subprocess.run(["git", "clone", "--quiet", tree, tmp_path / "other"], check=True)
    refused = release(tmp_path / "other")
    assert refused.returncode == 1
    assert f'nothing under "## {__version__}"' in refused.stderr
    (tmp_path / "other" / "README.md").write_text("changed")
    refused = release(tmp_path / "other", "--draft")
    assert refused.returncode == 1
    assert "commit first" in refused.stderr
    assert not (tmp_path / "other" / "dist").exists()


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
