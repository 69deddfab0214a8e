"""Checks for known vulnerabilities in our dependencies: `bin/long advisories`, also in CI.

Both services are on the internet. Where one does not answer that is printed, and is no failure; what one
does know is.
"""

import json
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from tests.house.repository import ROOT

LOCKS = ("requirements.lock", "requirements-dev.lock")
SECONDS = 120
PIP_AUDIT = "2.10.1"
SILENT = (
    "Connection",
    "connect",
    "timed out",
    "ENOTFOUND",
    "ECONN",
    "EAI_AGAIN",
    "503",
    "404",
    "403",
    "NewConnectionError",
)


def run(*command: str) -> tuple[int, str]:
    """Run a program in the root of the project."""
    try:
        done = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=SECONDS
        )
    except (OSError, subprocess.TimeoutExpired) as reason:
        return -1, f"Connection: {reason}"
    return done.returncode, done.stdout + done.stderr


def audit_python(folder: Path) -> list[bool]:
    """Return for each lock file whether nothing is known of its packages.

    The tool has an environment of its own: what it is made of is none of ours.
    """
    venv.create(folder, with_pip=True)
    python = str(folder / "bin" / "python")
    install = (python, "-m", "pip", "--no-input", "install", "--quiet", f"pip-audit=={PIP_AUDIT}")
    code, said = run(*install)
    if code:
        return [verdict("pip-audit", code, f"Connection: {said}")]
    options = ("--require-hashes", "--disable-pip", "--progress-spinner", "off", "-r")
    return [
        verdict(f"pip-audit, {lock}", *run(python, "-m", "pip_audit", *options, lock))
        for lock in LOCKS
    ]


def audit_client() -> bool:
    """Return whether nothing is known of what the client is built from."""
    command = [sys.executable, "hatch_build.py", "npm", "client", "audit", "--json"]
    code, said = run(*command)
    if '"auditReportVersion"' not in said:  # a mirror, or no one
        return verdict("npm audit", -1, f"Connection: {said.strip()[-200:]}")
    found = json.loads(said[said.index("{") : said.rindex("}") + 1])
    names = sorted(found.get("vulnerabilities", {}))
    return verdict("npm audit", code, f"known: {', '.join(names)}")


def verdict(what: str, code: int, said: str) -> bool:
    """Print what came of it; return False if something is known."""
    if code == 0:
        print(f"{what}: nothing is known")
        return True
    last = said.strip().splitlines()[-1:] or ["no answer"]
    if "known" not in said and any(sign in said for sign in SILENT):
        print(f"{what}: skipped, the service does not answer: {last[0][:200]}")
        return True
    print(f"{what}: {said}")
    return False


def main() -> int:
    """Return 0 if nothing is known, or no one answers."""
    with tempfile.TemporaryDirectory() as folder:
        results = [*audit_python(Path(folder) / "venv"), audit_client()]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
