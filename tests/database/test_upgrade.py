"""An upgrade that fails leaves every row as it was, and the previous version usable."""

import asyncio
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from echosphere.cli import main
from echosphere.core.clock import DAY
from echosphere.database import Database, dialect_for, latest_revision, schema_migration
from echosphere.database.schema_upgrade import upgrade_tables
from echosphere.database.snapshots import FOLDER, KEPT, prune_snapshots
from tests.backup.instances import counts_of, fill, settings_of
from tests.conftest import new_database, with_tables
from tests.small_disk import fill as fill_disk
from tests.small_disk import small_disk

HEAD = """
import sqlalchemy as sa
from alembic import op

revision = "9998"
down_revision = "{before}"


def upgrade() -> None:
    op.add_column("users", sa.Column("colour", sa.Text))
    op.execute("UPDATE users SET name = 'changed'")
"""
GOOD = HEAD
FAILS = HEAD + "    op.execute('SELECT nothing FROM nowhere')\n"
COMMITS_AND_FAILS = HEAD + "    op.execute('COMMIT')\n    raise ValueError('too late')\n"
LEAVES_BROKEN_REFERENCES = HEAD + (
    "    op.execute('PRAGMA defer_foreign_keys=ON')\n"
    "    op.execute(\"UPDATE messages SET author_id = 'nobody' WHERE seq = 1\")\n"
)
WRONG_NUMBER = (
    HEAD
    + "    op.execute(\"UPDATE alembic_version SET version_num = '1'\")\n"
    + (
        "    op.execute(\"UPDATE alembic_version SET version_num = '0001'\")\n    raise KeyError('x')\n"
    )
)


@pytest.fixture
def next_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Makes this the next version, with one more migration."""
    before = latest_revision()
    folder = tmp_path / "migrations"

    def install(migration: str) -> None:
        shutil.copytree(schema_migration.MIGRATIONS, folder)
        (folder / "versions" / "9998_next.py").write_text(migration.format(before=before))
        monkeypatch.setattr(schema_migration, "MIGRATIONS", folder)

    return install


def upgrade(url: str, *, snapshot: bool) -> bool:
    dialect = dialect_for(url)
    engine = dialect.writing_engine()
    try:
        return upgrade_tables(dialect, engine, snapshot=snapshot)
    finally:
        engine.dispose()


def snapshots_of(folder: Path) -> list[Path]:
    return sorted((folder / FOLDER).glob("*"))


@pytest.mark.parametrize("migration", [FAILS, WRONG_NUMBER])
async def test_after_a_migration_that_fails_the_previous_version_goes_on(
    tmp_path: Path,
    database_url: str,
    next_version: Callable[[str], None],
    monkeypatch: pytest.MonkeyPatch,
    migration: str,
) -> None:
    fill(settings_of(tmp_path, database_url))
    before = counts_of(database_url)
    next_version(migration)
    with pytest.raises(RuntimeError, match="failed, and the database is unchanged"):
        upgrade(database_url, snapshot="sqlite" in database_url)
    assert counts_of(database_url) == before
    monkeypatch.undo()
    database = Database(database_url)
    await database.start()
    await database.stop()
    assert counts_of(database_url)["messages"] == before["messages"]


@pytest.mark.parametrize("migration", [COMMITS_AND_FAILS, LEAVES_BROKEN_REFERENCES])
async def test_on_sqlite_the_snapshot_is_put_back_whatever_the_migration_did(
    tmp_path: Path, sqlite_url: str, next_version: Callable[[str], None], migration: str
) -> None:
    fill(settings_of(tmp_path, sqlite_url))
    before = counts_of(sqlite_url)
    next_version(migration)
    with pytest.raises(RuntimeError, match="the database is unchanged"):
        upgrade(sqlite_url, snapshot=True)
    assert counts_of(sqlite_url) == before
    with closing(sqlite3.connect(tmp_path / "app.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_snapshot_is_kept_and_old_ones_go(
    tmp_path: Path, sqlite_url: str, next_version: Callable[[str], None]
) -> None:
    fill(settings_of(tmp_path, sqlite_url))
    before, revision = counts_of(sqlite_url), latest_revision()
    next_version(GOOD)
    (tmp_path / FOLDER).mkdir()
    for number in range(KEPT):
        old = tmp_path / FOLDER / f"app-0001-{number}.db"
        old.touch()
        os.utime(old, (old.stat().st_mtime - 10 + number,) * 2)
    assert upgrade(sqlite_url, snapshot=True)
    assert not upgrade(sqlite_url, snapshot=True)
    first, second = snapshots_of(tmp_path)
    assert first.name == "app-0001-1.db"
    assert second.name.startswith(f"app-{revision}-")
    assert second.stat().st_mode & 0o077 == 0
    assert counts_of(f"sqlite:///{second}") == before
    now = int(second.stat().st_mtime * 1000) + 31 * DAY
    prune_snapshots(tmp_path / "app.db", now)
    assert snapshots_of(tmp_path) == []


def test_a_full_disk_is_told_before_anything_is_changed(
    tmp_path: Path, upgraded_file: Path, next_version: Callable[[str], None]
) -> None:
    next_version(GOOD)
    with small_disk(tmp_path / "disk", kib=8 * 1024) as disk:
        shutil.copy(upgraded_file, disk / "app.db")
        url = f"sqlite:///{disk / 'app.db'}"
        rest = fill_disk(disk)
        os.truncate(rest, rest.stat().st_size - 300 * 1024)  # SQLite itself needs some
        before = (disk / "app.db").read_bytes()
        with pytest.raises(RuntimeError, match=r"no space for a snapshot.*Nothing was changed"):
            upgrade(url, snapshot=True)
        assert (disk / "app.db").read_bytes() == before
        assert snapshots_of(disk) == []
        rest.unlink()
        assert upgrade(url, snapshot=True)


def test_postgresql_asks_for_a_backup(
    tmp_path: Path, postgresql_server: str, next_version: Callable[[str], None],
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    with new_database(postgresql_server) as url:
        with_tables(url)
        settings = settings_of(tmp_path, url)
        fill(settings)
        before = counts_of(url)
        next_version(GOOD)
        with pytest.raises(RuntimeError, match="db upgrade --snapshot FOLDER"):
            asyncio.run(Database(url).start())
        for name in [name for name in os.environ if name.startswith("ECHOSPHERE_")]:
            monkeypatch.delenv(name)
        monkeypatch.setenv("ECHOSPHERE_DATA", str(tmp_path))
        monkeypatch.setenv("ECHOSPHERE_DATABASE_URL", url)
        assert main(["db", "upgrade"]) == 1
        assert "Nothing was changed" in capsys.readouterr().err
        assert counts_of(url) == before
        assert main(["db", "upgrade", "--snapshot", str(tmp_path / "backup")]) == 0
        assert list((tmp_path / "backup" / "points").iterdir())
        assert counts_of(url)["users"] != before["users"]
        assert main(["db", "upgrade", "--no-snapshot"]) == 0
