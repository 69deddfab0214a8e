"""Where programs find Node.js and the SDK for it."""

import subprocess
import sys
from pathlib import Path

import filelock

from tests.house.repository import ROOT

SDK = ROOT / "sdk" / "node"


def node() -> str:
    """Return the path of the Node.js that the build uses."""
    found = subprocess.run(
        [sys.executable, ROOT / "hatch_build.py", "path"],
        capture_output=True,
        text=True,
        check=True,
    )
    return str(Path(found.stdout.strip()) / "node")


def install_sdk(folder: Path) -> None:
    """Build the SDK, and let programs in a folder import it as an installed package."""
    with filelock.FileLock(SDK / "node_modules" / ".building"):
        if not _is_built():
            build = [
                sys.executable,
                "hatch_build.py",
                "npm",
                "sdk/node",
                "run",
                "--silent",
                "build",
            ]
            subprocess.run(build, cwd=ROOT, check=True)
    scope = folder / "node_modules" / "@echosphere"
    scope.mkdir(parents=True)
    (scope / "bot").symlink_to(SDK)


def _is_built() -> bool:
    built = SDK / "dist" / "index.js"
    sources = [SDK / "package.json", *(SDK / "src").iterdir()]
    newest = max(file.stat().st_mtime for file in sources)
    return built.is_file() and built.stat().st_mtime > newest
