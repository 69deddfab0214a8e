"""Where the files of this repository are."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "echosphere"


def our_files() -> list[Path]:
    """Return every file that git knows or would add: nothing built, nothing installed."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    files = [ROOT / name for name in listed.stdout.split("\0") if name]
    return [file for file in files if file.is_file()]


def npm_locks() -> list[Path]:
    """Return the lock file of each folder with npm packages."""
    folders = [ROOT / "client", ROOT / "sdk" / "node", ROOT / "tests" / "realtime" / "js"]
    return [folder / "package-lock.json" for folder in folders]
