"""Verifies a backup: restores its database to a temporary location, counts, and reads every file."""

import tempfile
from contextlib import closing
from pathlib import Path

from echosphere.backup.create import Keys
from echosphere.backup.errors import DamagedError
from echosphere.backup.manifest import Manifest
from echosphere.backup.progress import Progress
from echosphere.backup.repository import KEYS, Point, Repository, file_order
from echosphere.backup.restore import load_database, require_same
from echosphere.backup.store import integrity_problem, open_source


def verify_backup(
    path: Path,
    *,
    passphrase: str | None = None,
    name: str | None = None,
    aside: Path | None = None,
    progress: Progress,
) -> tuple[str, Manifest]:
    """Verify a restore point, by default the newest; return its name and what it has.

    Args:
        path: The folder of the backup.
        passphrase: Of an encrypted one.
        name: Of the restore point.
        aside: Where there is room for the database; by default the folder for temporary files.
        progress: Is told how far it has come.

    Raises:
        BackupError: It is no good; the sentence says why.
    """
    point = Repository.open(path, passphrase).find(name)
    manifest = point.manifest()
    point.check_parts(manifest)
    point.read_sealed(KEYS, Keys)
    progress.step("Reading the files …")
    for number, entry in enumerate(point.entries(), 1):
        progress.count("files", number)
        if entry.sha256:
            require_same(entry, point.repository.hash_file(entry).sha256)
    with tempfile.TemporaryDirectory(prefix="echosphere-verify-", dir=aside) as folder:
        database = Path(folder) / "app.db"
        progress.step("Restoring the database to a temporary location …")
        load_database(point, manifest, f"sqlite:///{database}", progress)
        if problem := integrity_problem(database):
            raise DamagedError(f"the restored database is not intact ({problem})")
        _require_every_file(point, database)
    return point.name, manifest


def _require_every_file(point: Point, database: Path) -> None:
    """Compare the list of files with what the restored database refers to."""
    with closing(open_source(f"sqlite:///{database}")) as source:
        entries = point.entries()
        for one in source.files():
            entry = next(entries, None)
            if entry is None or file_order(entry) != tuple(one):
                raise DamagedError("its list of files lacks files that messages refer to")
    if next(entries, None) is not None:
        raise DamagedError("its list of files has files that nothing refers to")
