"""Runs the mutations: each in a copy of the source, against the attacks that must detect it."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from tests.attacks.mutations import MUTATIONS, Mutation
from tests.house.repository import ROOT

HERE = Path(__file__).parent
SECONDS = 600
COPIED = ("src", "tests", "pyproject.toml", "client", "hatch_build.py")


class Copy:
    """A copy of the project, in which one check at a time is switched off."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in COPIED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, folder / name, ignore=_left_out, symlinks=True)
            else:
                shutil.copy(source, folder / name)
        (folder / "client" / "node_modules").symlink_to(ROOT / "client" / "node_modules")

    def run(self, attacks: Iterable[str]) -> tuple[bool, str]:
        """Run attacks; return whether the product withstood all, and what pytest said."""
        tests = [os.path.normpath(Path("tests") / "attacks" / attack) for attack in attacks]
        options = ["-x", "-q", "-p", "no:cacheprovider", "--tb", "line", "-o", "addopts="]
        done = subprocess.run(
            [sys.executable, "-m", "pytest", *options, *tests],
            cwd=self.folder,
            env=os.environ | {"PYTHONPATH": str(self.folder / "src")},
            capture_output=True,
            text=True,
            check=False,
            timeout=SECONDS,
        )
        if done.returncode not in (0, 1):
            raise RuntimeError(done.stdout[-3_000:] + done.stderr[-3_000:])
        return done.returncode == 0, done.stdout

    def with_mutation(self, mutation: Mutation) -> tuple[bool, str]:
        """Run a mutation's attacks with its check switched off."""
        path = self.folder / mutation.file
        before = path.read_text()
        path.write_text(before.replace(mutation.old, mutation.new))
        try:
            if mutation.file.startswith("client/"):
                self._build()
            return self.run(mutation.attacks)
        finally:
            path.write_text(before)
            if mutation.file.startswith("client/"):
                self._build()

    def _build(self) -> None:
        command = [sys.executable, "hatch_build.py", "npm", "client", "run", "--silent", "build"]
        subprocess.run(command, cwd=self.folder, check=True, capture_output=True)


def _left_out(_folder: str, names: list[str]) -> set[str]:
    return {name for name in names if name in ("node_modules", "__pycache__", ".hypothesis")}


def chosen_of(wanted: Iterable[str]) -> list[Mutation]:
    """Return the mutations whose name, file or attack has one of these texts; without any, all."""
    texts = tuple(wanted) or ("",)
    return [
        one
        for one in MUTATIONS
        if any(text in part for text in texts for part in (one.name, one.file, *one.attacks))
    ]


def run_mutations(*wanted: str) -> int:
    """Run all mutations whose name, file or attack has one of these texts; return 0 if each was noticed."""
    chosen = chosen_of(wanted)
    if not chosen:
        print(f"no mutation has {' or '.join(wanted)} in its name, its file or its attacks")
        return 2
    began, unnoticed = time.monotonic(), []
    with tempfile.TemporaryDirectory() as folder:
        copy = Copy(Path(folder) / "copy")
        attacks = dict.fromkeys(attack for one in chosen for attack in one.attacks)
        print(f"without a mutation: {len(attacks)} attacks …", flush=True)
        withstood, said = copy.run(attacks)
        if not withstood:
            print(said)
            return 1
        for number, mutation in enumerate(chosen, 1):
            withstood, _ = copy.with_mutation(mutation)
            if withstood:
                unnoticed.append(mutation.name)
            verdict = "NOT NOTICED" if withstood else "noticed"
            print(f"{number:3} {verdict}: the product {mutation.name}", flush=True)
    minutes = (time.monotonic() - began) / 60
    print(f"{len(chosen) - len(unnoticed)} of {len(chosen)} noticed in {minutes:.0f} minutes")
    return 1 if unnoticed else 0
