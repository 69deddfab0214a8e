"""Moving to another database and back: equal by count and checksum, even after an interruption."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from echosphere.backup import BackupError, Progress, create_backup, move_database
from echosphere.backup import move as moving
from echosphere.core.in_use import InUseError
from echosphere.database import Database, dialect_for, latest_revision
from echosphere.settings import Settings
from tests.backup.instances import counts_of, environment_of, fill, settings_of
from tests.conftest import new_database, with_tables

POSTS = int(os.environ.get("ECHOSPHERE_TEST_MOVED_MESSAGES", "3000"))
FILES = int(os.environ.get("ECHOSPHERE_TEST_MOVED_FILES", "30"))
"""How much is moved; 100,000 messages and 1,000 files in the long run."""


@pytest.fixture
def new_postgresql(postgresql_server: str) -> Iterator[str]:
    """An empty PostgreSQL database."""
    with new_database(postgresql_server) as url:
        yield url


def move(url: str, to: str) -> moving.Move:
    return move_database(url, to, progress=Progress())


def test_to_postgresql_and_back_it_stays_equal_also_after_breaks(
    tmp_path: Path, new_postgresql: str
) -> None:
    first = f"sqlite:///{tmp_path / 'app.db'}"
    back = f"sqlite:///{tmp_path / 'back' / 'app.db'}"
    with_tables(first)
    settings = settings_of(tmp_path, first)
    fill(settings, posts=POSTS, files=FILES)
    before = counts_of(first)
    for url, to in ((first, new_postgresql), (new_postgresql, back)):
        breaks = interrupt(tmp_path, url, to)
        moved = move(url, to)
        print(f"moved in {moved.seconds:.1f} s to {to[:10]}, after {breaks} breaks")
        assert moved.tables == before == counts_of(to)
        assert moved.resumed
    assert before["messages"].rows == POSTS
    # The files are those of before, and a backup of what came back finds each.
    made = create_backup(settings_of(tmp_path, back), tmp_path / "backup", progress=Progress())
    assert made.manifest.files.missing == 0
    assert made.manifest.files.count >= FILES * 2 // 3


def interrupt(folder: Path, url: str, to: str) -> int:
    """Kill the command as it moves messages; return how often that was tried."""
    for tries in range(1, 10):
        process = subprocess.Popen(
            [sys.executable, "-m", "echosphere", "move", "--to", to],
            env=environment_of(folder, url),
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stderr is not None
        for line in process.stderr:
            if "Moving messages" in line:
                break
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stderr.close()
        if process.returncode == -signal.SIGKILL:
            return tries
    raise AssertionError("the command always was quicker")


def test_a_move_that_was_not_finished_is_no_database_to_serve(
    small_instance: Settings, tmp_path: Path
) -> None:
    to = f"sqlite:///{tmp_path / 'new' / 'app.db'}"
    change(small_instance.database_url, "UPDATE alembic_version SET version_num = '0001'")
    with pytest.raises(BackupError, match="Run echosphere db upgrade first"):
        move(small_instance.database_url, to)
    change(
        small_instance.database_url,
        f"UPDATE alembic_version SET version_num = '{latest_revision()}'",
    )
    begin_only(small_instance.database_url, to)
    with pytest.raises(RuntimeError, match=r"was not finished\. Run `echosphere move` again"):
        with_tables(to)
    moved = move(small_instance.database_url, to)
    assert moved.resumed
    with_tables(to)


def begin_only(url: str, to: str) -> None:
    """Break off as soon as anything was moved."""

    class Broken(Progress):
        def step(self, line: str) -> None:
            if "members" in line:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        move_database(url, to, progress=Broken())


def change(url: str, statement: str) -> None:
    engine = dialect_for(url).writing_engine()
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


async def test_what_changed_since_a_break_is_moved_too(
    small_instance: Settings, tmp_path: Path
) -> None:
    url, to = small_instance.database_url, f"sqlite:///{tmp_path / 'new' / 'app.db'}"
    begin_only(url, to)
    database = Database(url)
    await database.start()  # a server ran
    await database.stop()
    change(url, "UPDATE users SET name = 'Somebody else' WHERE id = 'ada'")
    moved = move(url, to)
    assert not moved.resumed
    assert moved.tables == counts_of(to) == counts_of(url)


def test_what_is_not_equal_in_the_end_is_not_served(
    small_instance: Settings, tmp_path: Path
) -> None:
    url, to = small_instance.database_url, f"sqlite:///{tmp_path / 'new' / 'app.db'}"
    begin_only(url, to)
    change(to, "UPDATE users SET about = 'somebody was here' WHERE id = 'ada'")
    with pytest.raises(BackupError, match=r"differs in users\. Empty the new database"):
        move(url, to)
    with pytest.raises(RuntimeError, match="was not finished"):
        with_tables(to)


def test_a_database_in_use_is_neither_left_nor_filled(
    instance: Settings, elsewhere: Settings
) -> None:
    with_tables(elsewhere.database_url)
    with pytest.raises(BackupError, match="Backups and instances can be restored or moved only"):
        move(instance.database_url, elsewhere.database_url)
    with pytest.raises(BackupError, match="That database is already in use"):
        move(instance.database_url, instance.database_url)
    dialect = dialect_for(instance.database_url)
    dialect.claim()
    try:
        with pytest.raises(InUseError, match="already running"):
            move(instance.database_url, elsewhere.database_url)
    finally:
        dialect.release()
