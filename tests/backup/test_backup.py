"""A backup contains all rows and files of one moment, and is restored into an empty place."""

import os
import re
import stat
from pathlib import Path

import pytest
from sqlalchemy import text

from echosphere.backup import (
    Backup,
    BackupError,
    Progress,
    Repository,
    create_backup,
    restore_backup,
    verify_backup,
)
from echosphere.backup.files import FOLDERS
from echosphere.backup.store.tables import FILES
from echosphere.core.in_use import InUseError
from echosphere.database import create_tables, dialect_for
from echosphere.settings import Settings
from tests.backup.instances import (
    blob_of,
    content_of,
    counts_of,
    file_of,
    files_in,
    put_file,
    settings_of,
)
from tests.house.repository import PACKAGE
from tests.small_disk import fill as fill_disk
from tests.small_disk import small_disk

PASSPHRASE = "six words that nobody else knows"


def back_up(settings: Settings, path: Path, passphrase: str | None = None, **more: int) -> Backup:
    return create_backup(settings, path, passphrase=passphrase, progress=Progress(), **more)


def restore(settings: Settings, path: Path, passphrase: str | None = None) -> None:
    restore_backup(settings, path, passphrase=passphrase, progress=Progress())


@pytest.mark.parametrize("passphrase", [None, PASSPHRASE])
def test_what_is_restored_on_any_database_is_what_was_there(
    instance: Settings, elsewhere: Settings, tmp_path: Path, passphrase: str | None
) -> None:
    back_up(instance, tmp_path / "backup", passphrase)
    restore(elsewhere, tmp_path / "backup", passphrase)
    assert counts_of(elsewhere.database_url) == counts_of(instance.database_url)
    assert files_in(elsewhere.data / "files") == files_in(instance.data / "files")
    for key in ("secret.key", "vapid.key"):
        assert (elsewhere.data / key).read_text().strip() == (instance.data / key).read_text()
        assert stat.S_IMODE((elsewhere.data / key).stat().st_mode) == 0o600
    assert not (elsewhere.data / "restoring").exists()


class Interrupted(Progress):
    """Breaks off where the database is about to be restored."""

    def step(self, sentence: str) -> None:
        if "database" in sentence:
            raise KeyboardInterrupt


def test_the_keys_are_there_before_the_database_and_a_restore_that_broke_off_goes_on(
    small_instance: Settings, elsewhere: Settings, tmp_path: Path
) -> None:
    back_up(small_instance, tmp_path / "backup")
    with pytest.raises(KeyboardInterrupt):
        restore_backup(elsewhere, tmp_path / "backup", progress=Interrupted())
    for key in ("secret.key", "vapid.key"):
        assert (elsewhere.data / key).read_text().strip() == (small_instance.data / key).read_text()
    restore(elsewhere, tmp_path / "backup")
    assert counts_of(elsewhere.database_url) == counts_of(small_instance.database_url)


def test_numbers_go_on_after_the_highest_that_was_ever_given(
    instance: Settings, elsewhere: Settings, tmp_path: Path
) -> None:
    back_up(instance, tmp_path / "backup")
    restore(elsewhere, tmp_path / "backup")
    both_count = "postgresql" in instance.database_url and "postgresql" in elsewhere.database_url
    engine = dialect_for(elsewhere.database_url).writing_engine()
    with engine.begin() as connection:
        said = (
            "INSERT INTO messages (conversation_id, seq, version, author_id, key, body, created_at,"
            " deleted, files) VALUES ('talk', 99, 99, 'ada', 'new', '', 1, false, 0) RETURNING id"
        )
        assert connection.execute(text(said)).scalar_one() == (36 if both_count else 31)
        begun = "INSERT INTO epochs (id, started_at) VALUES ('next', 1) RETURNING number"
        assert connection.execute(text(begun)).scalar_one() == 2
        if engine.dialect.name == "sqlite":
            found = "SELECT count(*) FROM search_index WHERE search_index MATCH '\"d 3\"'"
            assert connection.execute(text(found)).scalar_one() == 2  # 3 and 30
        # PostgreSQL's number of a transaction means nothing to another server.
        assert connection.execute(text("SELECT horizon FROM search_progress")).scalar() is None
    engine.dispose()


@pytest.mark.parametrize("passphrase", [None, PASSPHRASE])
def test_verifying_reads_everything_and_changes_nothing(
    instance: Settings, tmp_path: Path, passphrase: str | None
) -> None:
    made = back_up(instance, tmp_path / "backup", passphrase)
    before = files_in(tmp_path / "backup")
    name, manifest = verify_backup(tmp_path / "backup", passphrase=passphrase, progress=Progress())
    assert (name, manifest) == (made.name, made.manifest)
    assert manifest.tables["messages"].rows == 30
    assert (manifest.files.count, manifest.files.missing) == (8, 0)
    assert files_in(tmp_path / "backup") == before


def test_no_one_else_may_read_a_backup(small_instance: Settings, tmp_path: Path) -> None:
    back_up(small_instance, tmp_path / "backup")
    for path in (tmp_path / "backup").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_an_encrypted_backup_shows_nothing(small_instance: Settings, tmp_path: Path) -> None:
    back_up(small_instance, tmp_path / "backup", PASSPHRASE)
    written = b"".join(files_in(tmp_path / "backup").values())
    secrets = [content_of(1)[:32], content_of(3), b"an avatar", b"messages", b"\x1f\x8b"]
    secrets.append(small_instance.secret_key.encode())
    assert [secret for secret in secrets if secret in written] == [b"\x1f\x8b"] * (
        b"\x1f\x8b" in written  # two bytes may come by chance
    )


def test_files_that_are_there_are_not_copied_again(
    instance: Settings, elsewhere: Settings, tmp_path: Path
) -> None:
    first = back_up(instance, tmp_path / "backup")
    kept = file_of(instance, "", blob_of(1))
    copy = tmp_path / "backup" / "files" / kept.parent.name / kept.name
    written_at = copy.stat().st_mtime_ns
    add_file(instance, 40)
    second = back_up(instance, tmp_path / "backup")
    assert (first.copied, second.copied) == (8, 1)
    assert copy.stat().st_mtime_ns == written_at
    restore(elsewhere, tmp_path / "backup")
    assert file_of(elsewhere, "", blob_of(40)).read_bytes() == content_of(40)


def add_file(settings: Settings, number: int) -> None:
    put_file(settings, "", blob_of(number), content_of(number))
    change(
        settings,
        "INSERT INTO attachments (id, owner_id, name, type, size, thumbnail, created_at)"
        f" VALUES ('{blob_of(number)}', 'ada', 'x', 'x', 1, false, 1)",
    )


def change(settings: Settings, statement: str) -> None:
    engine = dialect_for(settings.database_url).writing_engine()
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


def test_a_copy_that_was_cut_short_is_made_again(small_instance: Settings, tmp_path: Path) -> None:
    for passphrase in (None, PASSPHRASE):
        backup = tmp_path / f"backup {passphrase}"
        back_up(small_instance, backup, passphrase)
        copy = next((backup / "files").rglob(blob_of(1)))
        os.truncate(copy, copy.stat().st_size - 1)
        assert back_up(small_instance, backup, passphrase).copied == 1
        verify_backup(backup, passphrase=passphrase, progress=Progress())


def test_an_earlier_restore_point_is_restored_by_its_name(
    small_instance: Settings, tmp_path: Path
) -> None:
    expected = counts_of(small_instance.database_url)
    first = back_up(small_instance, tmp_path / "backup")
    change(small_instance, "DELETE FROM attachments")
    file_of(small_instance, "", blob_of(1)).unlink()
    back_up(small_instance, tmp_path / "backup")
    restored = settings_of(tmp_path / "elsewhere")
    restore_backup(restored, tmp_path / "backup", name=first.name, progress=Progress())
    assert counts_of(restored.database_url) == expected
    assert file_of(restored, "", blob_of(1)).read_bytes() == content_of(1)
    with pytest.raises(BackupError, match=f"no such restore point.*It has: {first.name}"):
        verify_backup(tmp_path / "backup", name="2001", progress=Progress())


def test_old_restore_points_go_with_the_files_that_only_they_needed(
    small_instance: Settings, tmp_path: Path
) -> None:
    back_up(small_instance, tmp_path / "backup")
    change(small_instance, f"DELETE FROM attachments WHERE id = '{blob_of(4)}'")
    change(small_instance, "DELETE FROM preview_images")
    made = back_up(small_instance, tmp_path / "backup", keep=1)
    assert made.removed == 1
    [point] = Repository.open(tmp_path / "backup", None).points()
    assert point.name == made.name
    left = {name.rpartition("/")[2] for name in files_in(tmp_path / "backup" / "files")}
    # The file of the fourth is still that of the fifth, a forwarded one.
    assert left == {entry.name.rpartition("/")[2] for entry in point.entries()}
    assert "1" * 20 not in left
    verify_backup(tmp_path / "backup", progress=Progress())


def test_old_restore_points_go_without_files_of_any_folder_that_newer_ones_need(
    small_instance: Settings, tmp_path: Path
) -> None:
    engine = dialect_for(small_instance.database_url).writing_engine()
    with engine.begin() as connection:
        ready = "('ada', :id, 'ready', 1, 1, 6, 9000000000000)"
        columns = "user_id, id, state, requested_at, starts, size, expires_at"
        statement = text(f"INSERT INTO data_exports ({columns}) VALUES {ready}")
        connection.execute(statement, {"id": "2" * 20})
    engine.dispose()
    put_file(small_instance, "exports", "2" * 20, b"a copy")
    for _ in range(2):
        back_up(small_instance, tmp_path / "backup", keep=1)
    verify_backup(tmp_path / "backup", progress=Progress())


def test_what_the_storage_lacks_is_told_and_the_rest_is_saved(
    small_instance: Settings, tmp_path: Path
) -> None:
    file_of(small_instance, "", blob_of(1)).unlink()
    made = back_up(small_instance, tmp_path / "backup")
    assert (made.manifest.files.count, made.manifest.files.missing) == (8, 1)
    verify_backup(tmp_path / "backup", progress=Progress())
    restored = settings_of(tmp_path / "elsewhere")
    restore(restored, tmp_path / "backup")
    assert not file_of(restored, "", blob_of(1)).exists()
    assert file_of(restored, "", blob_of(3)).exists()
    put_file(small_instance, "", blob_of(1), content_of(1))
    assert back_up(small_instance, tmp_path / "backup").manifest.files.missing == 0


def test_an_interrupted_backup_is_none_and_the_next_one_goes_on(
    small_instance: Settings, tmp_path: Path
) -> None:
    backup = tmp_path / "backup"

    class Broken(Progress):
        def count(self, what: str, number: int, total: int | None = None) -> None:
            if (what, number) == ("files", 3):
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        create_backup(small_instance, backup, progress=Broken())
    with pytest.raises(BackupError, match="It has: none; the backup was not finished"):
        verify_backup(backup, progress=Progress())
    copied = len(files_in(backup / "files"))
    assert copied > 0
    assert back_up(small_instance, backup).copied == 8 - copied
    verify_backup(backup, progress=Progress())
    assert not list((backup / "points").glob("*.unfinished"))


def test_a_full_disk_is_told_and_earlier_restore_points_stay(
    small_instance: Settings, tmp_path: Path
) -> None:
    with small_disk(tmp_path / "disk", kib=2048) as disk:
        back_up(small_instance, disk / "backup")
        add_file(small_instance, 1_000)
        rest = fill_disk(disk)
        with pytest.raises(
            BackupError, match=r"no space left in .*Free up space and run the command"
        ):
            back_up(small_instance, disk / "backup")
        verify_backup(disk / "backup", progress=Progress())
        rest.unlink()
        assert back_up(small_instance, disk / "backup").copied == 1
        verify_backup(disk / "backup", progress=Progress())


def test_two_backups_at_once_are_refused(instance: Settings, tmp_path: Path) -> None:
    back_up(instance, tmp_path / "backup")
    with dialect_for(instance.database_url).hold_deletions():
        assert dialect_for(instance.database_url).deletions_held()
        with pytest.raises(InUseError, match="Another backup"):
            back_up(instance, tmp_path / "other")
    assert not dialect_for(instance.database_url).deletions_held()
    with (
        Repository(tmp_path / "backup", None).locked(),
        pytest.raises(BackupError, match="Another command is using"),
    ):
        back_up(instance, tmp_path / "backup")


@pytest.mark.parametrize(
    ("first", "second", "sentence"),
    [
        (PASSPHRASE, "another long passphrase", "The passphrase is wrong"),
        (PASSPHRASE, None, "is encrypted. Give a file that contains its passphrase"),
        (None, PASSPHRASE, "is not encrypted. Omit the passphrase"),
    ],
)
def test_a_passphrase_that_does_not_fit_is_refused_everywhere(
    small_instance: Settings, tmp_path: Path, first: str, second: str, sentence: str
) -> None:
    backup = tmp_path / "backup"
    back_up(small_instance, backup, first)
    before = files_in(backup)
    with pytest.raises(BackupError, match=sentence):
        back_up(small_instance, backup, second)
    with pytest.raises(BackupError, match=sentence):
        verify_backup(backup, passphrase=second, progress=Progress())
    with pytest.raises(BackupError, match=sentence):
        restore(settings_of(tmp_path / "elsewhere"), backup, second)
    assert files_in(backup) == before


def test_a_short_passphrase_and_a_folder_in_use_are_refused(
    small_instance: Settings, tmp_path: Path
) -> None:
    with pytest.raises(BackupError, match=r"too short\. Use at least 12 characters"):
        back_up(small_instance, tmp_path / "backup", "short")
    (tmp_path / "holidays").mkdir()
    (tmp_path / "holidays" / "beach.jpg").touch()
    with pytest.raises(BackupError, match="contains other files"):
        back_up(small_instance, tmp_path / "holidays")
    with pytest.raises(BackupError, match="There is no backup in"):
        verify_backup(tmp_path / "holidays", progress=Progress())


def test_nothing_is_restored_over_anything(
    instance: Settings, elsewhere: Settings, tmp_path: Path
) -> None:
    back_up(instance, tmp_path / "backup")
    before = (counts_of(instance.database_url), files_in(instance.data))
    with pytest.raises(RuntimeError, match=r"only into (empty storage|an empty database)"):
        restore(instance, tmp_path / "backup")
    assert (counts_of(instance.database_url), files_in(instance.data)) == before
    put_file(elsewhere, "avatars", "5" * 20, b"of somebody else")
    with pytest.raises(BackupError, match="file storage is not empty"):
        restore(elsewhere, tmp_path / "backup")
    assert list(files_in(elsewhere.data / "files")) == [f"avatars/55/{'5' * 20}"]


def test_an_interrupted_restore_goes_on(
    small_instance: Settings, elsewhere: Settings, tmp_path: Path
) -> None:
    backup = tmp_path / "backup"
    back_up(small_instance, backup)
    copy = next((backup / "files").rglob("1" * 20))
    content = copy.read_bytes()
    copy.unlink()
    with pytest.raises(BackupError, match="is missing"):
        restore(elsewhere, backup)
    there = file_of(elsewhere, "", blob_of(1))
    written_at = there.stat().st_mtime_ns
    copy.write_bytes(content)
    restore(elsewhere, backup)
    assert there.stat().st_mtime_ns == written_at
    assert counts_of(elsewhere.database_url) == counts_of(small_instance.database_url)


def test_a_key_that_is_set_must_be_that_of_the_backup(
    small_instance: Settings, tmp_path: Path
) -> None:
    back_up(small_instance, tmp_path / "backup")
    other = "another-key-" + "xyz1234567890abcdefghij" * 2
    with pytest.raises(BackupError, match="SECRET_KEY differs from the one in the backup"):
        restore(settings_of(tmp_path / "a", SECRET_KEY=other), tmp_path / "backup")
    assert not (tmp_path / "a" / "app.db").exists()
    same = settings_of(tmp_path / "b", SECRET_KEY=small_instance.secret_key)
    restore(same, tmp_path / "backup")


def test_a_database_of_an_earlier_version_is_restored_and_brought_up_to_date(
    bare_database_url: str, elsewhere: Settings, tmp_path: Path
) -> None:
    engine = dialect_for(bare_database_url).writing_engine()
    with engine.begin() as connection:
        create_tables(connection, "0020")
        connection.execute(
            text(
                "INSERT INTO users (id, name, about, role, settings, created_at)"
                " VALUES ('ada', 'Ada', '', 'administrator', '{}', 1)"
            )
        )
    engine.dispose()
    old = settings_of(tmp_path / "data", bare_database_url)
    assert back_up(old, tmp_path / "backup").manifest.revision == "0020"
    verify_backup(tmp_path / "backup", progress=Progress())
    restore(elsewhere, tmp_path / "backup")
    engine = dialect_for(elsewhere.database_url).writing_engine()
    with engine.connect() as connection:
        roles = connection.execute(text("SELECT id, role FROM users")).all()
    engine.dispose()
    assert [tuple(row) for row in roles] == [("ada", "owner")]


def test_an_instance_without_a_database_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="There is no database at"):
        back_up(settings_of(tmp_path / "data"), tmp_path / "backup")


def test_an_instance_larger_than_what_is_held_in_memory(
    instance: Settings, elsewhere: Settings, tmp_path: Path
) -> None:
    fill_more(instance, 4_000)
    back_up(instance, tmp_path / "backup")
    restore(elsewhere, tmp_path / "backup")
    assert counts_of(elsewhere.database_url)["jobs"].rows == 4_001
    assert counts_of(elsewhere.database_url) == counts_of(instance.database_url)


def fill_more(settings: Settings, count: int) -> None:
    engine = dialect_for(settings.database_url).writing_engine()
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO jobs (kind, payload, run_at, attempts, created_at)"
                " VALUES ('x', :payload, 1, 0, 1)"
            ),
            [{"payload": f"{number}"} for number in range(count)],
        )
    engine.dispose()


def test_a_backup_knows_every_folder_of_stored_files() -> None:
    """Who stores files in a folder of their own, by a table of their own, adds it to these."""
    of_features = {
        match
        for file in PACKAGE.rglob("*.py")
        if file.parent.name not in ("media", "backup")
        for match in re.findall(r"\.subfolder\((\w+)\)", file.read_text(encoding="utf-8"))
    }
    assert of_features == {"FOLDER", "AVATARS"}  # the latter is another name of the former
    declared = {
        found[1]
        for file in PACKAGE.rglob("*.py")
        if (found := re.search(r'^FOLDER = "(\w+)"', file.read_text(encoding="utf-8"), re.M))
        and file.parent.name != "database"
    }
    assert declared == set(FOLDERS)
    assert [of.folder for of in FILES] == sorted({"", *FOLDERS})  # lists of files are sorted
