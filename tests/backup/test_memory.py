"""However much is saved, restored or moved, only a little of it is in memory at a time."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from echosphere.settings import Settings
from tests.backup.instances import environment_of, put_file

MOST = 180 * 1024
"""KiB that a command takes at most, most of it for its modules."""

LARGE = 300 * 1024 * 1024
"""Bytes of all messages, and of one file."""

BODY = 100_000


MEASURED = """
import resource
import subprocess
import sys

subprocess.run(sys.argv[1:], check=True, stdout=sys.stderr)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
"""Run by a process of its own: what a child used at most begins with what its parent had."""


def memory_of(folder: Path, *words: str | Path) -> int:
    """Run a command and return the most memory it took, in KiB."""
    command = [sys.executable, "-m", "echosphere", *map(str, words)]
    measured = subprocess.run(
        [sys.executable, "-c", MEASURED, *command],
        env=environment_of(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=True,
    )
    return int(measured.stdout)


def test_commands_take_little_memory_for_a_large_instance(
    small_instance: Settings, tmp_path: Path
) -> None:
    data = small_instance.data
    # The commands look for the database in the data folder.
    (tmp_path / "app.db").rename(data / "app.db")
    with closing(sqlite3.connect(data / "app.db")) as connection, connection:
        connection.executemany(
            "INSERT INTO messages (conversation_id, seq, version, author_id, key, body, created_at,"
            " deleted, files) VALUES ('talk', ?, 1, 'ada', ?, ?, 1, false, 0)",
            (
                (seq, f"{seq}", f"{seq} " * (BODY // 5))
                for seq in range(1_000, 1_000 + LARGE // BODY)
            ),
        )
    put_file(small_instance, "avatars", "0" * 20, b"")
    with (data / "files" / "avatars" / "00" / ("0" * 20)).open("wb") as file:
        file.truncate(LARGE)
    passphrase = tmp_path / "passphrase"
    passphrase.write_text("six words that nobody else knows")
    given = ("--passphrase-file", passphrase)
    used = {
        "backup": memory_of(data, "backup", tmp_path / "backup", *given),
        "restore": memory_of(tmp_path / "new", "restore", tmp_path / "backup", *given),
        "move": memory_of(data, "move", "--to", f"sqlite:///{tmp_path / 'moved' / 'app.db'}"),
    }
    print(used)
    # scrypt alone takes 128 MiB for a moment.
    assert used["backup"] < 2 * MOST
    assert used["restore"] < 2 * MOST
    assert used["move"] < MOST
