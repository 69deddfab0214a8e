"""A copy of the product that a test changes, as someone who works on it would."""

import shutil
import subprocess
import sys
from pathlib import Path

from tests import launcher
from tests.house.repository import PACKAGE, ROOT

LEFT_OUT = shutil.ignore_patterns("static", "__pycache__")


def copied_to(folder: Path) -> Path:
    """Copy the package to a folder, and return where it is."""
    return Path(shutil.copytree(PACKAGE, folder / "src" / "echosphere", ignore=LEFT_OUT))


def add_line(file: Path, line: str, after: str) -> None:
    """Add a line behind the first one that is like this."""
    text = file.read_text(encoding="utf-8")
    assert after in text
    file.write_text(text.replace(after, f"{after}{line}", 1), encoding="utf-8")


def add_part(copy: Path, name: str, text: str) -> None:
    """Add a part of messages to a copy: one new file and one line."""
    parts = copy / "messages" / "parts"
    (parts / f"{name}.py").write_text(text, encoding="utf-8")
    add_line(parts / "__init__.py", f"    {name},\n", after="    pin,\n")


def python(copy: Path, code: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run code with a copy."""
    environment = launcher.without_settings()
    environment |= {"PYTHONPATH": str(copy.parent), **more}
    return subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
