"""Disks and files that fail under a running server, and work again afterwards."""

import contextlib
import os
import resource
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults.processes import ServerProcess
from tests.small_disk import fill, small_disk

UNREADABLE = b"\xff" * 4096
WRITTEN_ALONE = {"write_probe", "epochs", "jobs"}
"""Tables that are looked at when something is written, and not to read messages."""


@contextmanager
def full_disk(server: ServerProcess) -> Iterator[None]:
    """The disk has no block left."""
    rest = fill(server.folder)
    try:
        yield
    finally:
        rest.unlink()


@contextmanager
def failing_sync(server: ServerProcess) -> Iterator[None]:
    """What is written is taken, and cannot be brought to the disk: behind it there is no room."""
    rest = fill(server.folder.parent / "below")
    try:
        yield
    finally:
        rest.unlink()


@contextmanager
def bounded_files(server: ServerProcess) -> Iterator[None]:
    """The server may write to no file: the quota of its account is used up."""
    pid = server.process.pid
    _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, hard))


@contextmanager
def held_lock(server: ServerProcess) -> Iterator[None]:
    """Another program writes and comes to no end."""
    database = server.folder / "app.db"
    with contextlib.closing(sqlite3.connect(database, isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        yield
        holder.execute("ROLLBACK")


@contextmanager
def damaged_file(server: ServerProcess) -> Iterator[None]:
    """Pages that are needed to write are overwritten with what is no page."""
    database = server.folder / "app.db"
    with contextlib.closing(sqlite3.connect(database, isolation_level=None)) as other:
        busy, _, _ = other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        assert not busy
        roots = [
            root
            for name, root in other.execute("SELECT name, rootpage FROM sqlite_master")
            if name in WRITTEN_ALONE or _is_index_of_keys(other, name)
        ]
    with database.open("r+b", buffering=0) as file:
        kept = {}
        for root in roots:
            place = (root - 1) * len(UNREADABLE)
            kept[place] = os.pread(file.fileno(), len(UNREADABLE), place)
            os.pwrite(file.fileno(), UNREADABLE, place)
        try:
            yield
        finally:
            for place, content in kept.items():
                os.pwrite(file.fileno(), content, place)


def _is_index_of_keys(connection: sqlite3.Connection, name: str) -> bool:
    """Whether this finds the messages of an author by their keys."""
    columns = [row[2] for row in connection.execute("SELECT * FROM pragma_index_info(?)", [name])]
    return columns == ["author_id", "conversation_id", "key"]


@contextmanager
def disk_over_a_small_one(folder: Path) -> Iterator[Path]:
    """Mount a disk of 32 MiB whose blocks come from one of 8 MiB, as thin volumes do."""
    with small_disk(folder / "below", kib=8 * 1024) as below:
        image, disk = below / "image", folder / "disk"
        with image.open("wb") as file:
            file.truncate(32 * 1024 * 1024)
        disk.mkdir()
        for command in (
            ["mkfs.ext2", "-q", "-F", str(image)],
            ["mount", "-o", "loop", str(image), str(disk)],
        ):
            try:
                done = subprocess.run(command, capture_output=True, text=True, check=False)
            except FileNotFoundError as missing:
                pytest.skip(f"there is no {missing.filename} here")
            if done.returncode != 0:
                pytest.skip(f"nothing can be mounted here: {done.stderr.strip()}")
        try:
            yield disk
        finally:
            subprocess.run(["umount", str(disk)], check=True)
