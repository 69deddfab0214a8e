"""Snapshots of an SQLite file before its tables are changed, and putting one back."""

import logging
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from echosphere.core.clock import DAY
from echosphere.core.durable_files import OWNER_ONLY, sync_folder

FOLDER = "snapshots"
KEPT = 2
"""Snapshots that stay: that of the last upgrade, and of the one before."""

MAX_AGE = 30 * DAY
"""Milliseconds after which one goes: it has what people have deleted since."""

ROOM = 2
"""Times the size of the database: for the snapshot, and for what the migration writes."""

PAGES = 2_000
"""Pages that are copied at a time."""

log = logging.getLogger(__name__)


class NoRoomError(Exception):
    """There is no room for a snapshot."""


def take_snapshot(path: Path, revision: str) -> Path:
    """Copy a database that no one writes to, and return the copy, which is on the disk.

    Raises:
        NoRoomError: There is no room for it.
        sqlite3.DatabaseError: It is damaged.
    """
    folder = path.parent / FOLDER
    folder.mkdir(exist_ok=True, mode=0o700)
    _require_room(path, folder)
    name = f"{path.stem}-{revision}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.db"
    part = folder / f"{name}.part"
    with _told_of_no_room(folder):
        try:
            part.unlink(missing_ok=True)
            part.touch(mode=OWNER_ONLY)
            _copy(path, part)
            _close_log(part)
            with part.open("rb+") as file:
                os.fsync(file.fileno())
            part.replace(folder / name)
        finally:
            part.unlink(missing_ok=True)
    sync_folder(folder)
    log.info("A snapshot of the database was taken: %s", folder / name)
    return folder / name


def put_back(snapshot: Path, path: Path) -> None:
    """Make a database what it was; in one transaction, so a power cut leaves no half of it."""
    _copy(snapshot, path)


def prune_snapshots(path: Path, now: int) -> None:
    """Remove snapshots but the newest, and those that are too old.

    Args:
        path: The database.
        now: In milliseconds since 1970 UTC.
    """
    kept = sorted((path.parent / FOLDER).glob(f"{path.stem}-*.db"), key=_taken_at)
    for place, snapshot in enumerate(reversed(kept)):
        if place >= KEPT or _taken_at(snapshot) * 1000 < now - MAX_AGE:
            snapshot.unlink(missing_ok=True)


def _copy(source: Path, target: Path) -> None:
    with (
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as reading,
        closing(sqlite3.connect(target)) as writing,
    ):
        reading.backup(writing, pages=PAGES)


def _close_log(path: Path) -> None:
    """Make a copy one file, to which SQLite adds none when it is read."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")


def _taken_at(snapshot: Path) -> float:
    return snapshot.stat().st_mtime


def _require_room(path: Path, folder: Path) -> None:
    log_size = path.with_name(f"{path.name}-wal")
    size = path.stat().st_size + (log_size.stat().st_size if log_size.exists() else 0)
    free = shutil.disk_usage(folder).free
    if free < ROOM * size:
        raise NoRoomError(f"{(ROOM * size - free) // 1024**2 + 1} MiB more are needed in {folder}")


@contextmanager
def _told_of_no_room(folder: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.OperationalError) as error:
        raise NoRoomError(f"{error} in {folder}") from error
