"""A damaged backup is detected, and a message says what to do."""

import random
import shutil
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import msgspec
import pytest

from echosphere.backup import BackupError, Progress, create_backup, restore_backup, verify_backup
from echosphere.backup.cipher import (
    CHUNK,
    SCRYPT,
    DecryptingReader,
    EncryptingWriter,
    encrypted_size,
)
from echosphere.backup.manifest import Head, Manifest, seal, unseal
from echosphere.settings import Settings
from tests.backup.instances import files_in, settings_of

PASSPHRASE = "six words that nobody else knows"
SENTENCE = (
    r"This backup is damaged: .*\. Use another one|There is no backup in|The passphrase is wrong"
)


def flip(path: Path, place: int) -> None:
    content = bytearray(path.read_bytes())
    content[place] ^= 1 << random.randrange(8)
    path.write_bytes(content)


def flip_first(path: Path) -> None:
    flip(path, 0)


def flip_middle(path: Path) -> None:
    flip(path, path.stat().st_size // 2)


def flip_last(path: Path) -> None:
    flip(path, -1)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def cut_at_a_chunk(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // CHUNK * CHUNK // 2])


def grow(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\n")


def remove(path: Path) -> None:
    path.unlink()


@pytest.fixture(autouse=True)
def cheap_passphrases(monkeypatch: pytest.MonkeyPatch) -> None:
    """Guessing them costs nothing here: they are tried a hundred times."""
    monkeypatch.setitem(SCRYPT, "n", 1024)


HARMS = [flip_first, flip_middle, flip_last, cut, cut_at_a_chunk, grow, remove]


@pytest.mark.parametrize("harm", HARMS, ids=lambda harm: harm.__name__)
@pytest.mark.parametrize("passphrase", [None, PASSPHRASE], ids=["plain", "encrypted"])
def test_each_file_of_a_backup_counts(
    small_instance: Settings, tmp_path: Path, passphrase: str | None, harm: Callable[[Path], None]
) -> None:
    backup = tmp_path / "backup"
    create_backup(small_instance, backup, passphrase=passphrase, progress=Progress())
    for name, content in files_in(backup).items():
        if name == ".lock" or not content:  # an empty file has nothing to be harmed
            continue
        harmed = tmp_path / "harmed"
        shutil.copytree(backup, harmed)
        harm(harmed / name)
        with pytest.raises(BackupError, match=SENTENCE):
            verify_backup(harmed, passphrase=passphrase, progress=Progress())
        shutil.rmtree(harmed)
    verify_backup(backup, passphrase=passphrase, progress=Progress())


def test_a_damaged_backup_leaves_no_database_behind(
    small_instance: Settings, elsewhere: Settings, tmp_path: Path
) -> None:
    create_backup(small_instance, tmp_path / "backup", progress=Progress())
    manifest = next((tmp_path / "backup").rglob("manifest.json"))
    known = unseal(manifest.read_bytes(), Manifest, "manifest")
    wrong = known.tables | {"jobs": msgspec.structs.replace(known.tables["jobs"], rows=2)}
    manifest.write_bytes(seal(msgspec.structs.replace(known, tables=wrong)))
    with pytest.raises(BackupError, match="the rows of jobs differ from those that were written"):
        restore_backup(elsewhere, tmp_path / "backup", progress=Progress())
    manifest.write_bytes(seal(known))
    restore_backup(elsewhere, tmp_path / "backup", progress=Progress())


def test_a_file_under_the_name_of_another_is_noticed(
    small_instance: Settings, tmp_path: Path
) -> None:
    for passphrase in (None, PASSPHRASE):
        backup = tmp_path / f"backup {passphrase}"
        create_backup(small_instance, backup, passphrase=passphrase, progress=Progress())
        avatar = next((backup / "files" / "avatars").rglob("0*"))
        picture = next(one for one in (backup / "files" / "previews").rglob("1*") if one.is_file())
        picture.write_bytes(
            next(one for one in [avatar, *avatar.iterdir()] if one.is_file()).read_bytes()
        )
        with pytest.raises(BackupError, match=r"previews/11/1+ is changed"):
            verify_backup(backup, passphrase=passphrase, progress=Progress())


def test_a_backup_of_a_newer_version_is_refused(small_instance: Settings, tmp_path: Path) -> None:
    create_backup(small_instance, tmp_path / "backup", progress=Progress())
    head = tmp_path / "backup" / "echosphere-backup.json"
    known = head.read_bytes()
    head.write_bytes(seal(Head(format=2)))
    with pytest.raises(BackupError, match="This backup was made by a newer EchoSphere"):
        verify_backup(tmp_path / "backup", progress=Progress())
    head.write_bytes(known)
    path = next((tmp_path / "backup").rglob("manifest.json"))
    manifest = unseal(path.read_bytes(), Manifest, "manifest")
    path.write_bytes(seal(msgspec.structs.replace(manifest, revision="9999")))
    with pytest.raises(RuntimeError, match="made by a newer EchoSphere"):
        restore_backup(
            settings_of(tmp_path / "elsewhere"), tmp_path / "backup", progress=Progress()
        )
    assert not (tmp_path / "elsewhere" / "app.db").exists() or not (
        (tmp_path / "elsewhere" / "app.db").stat().st_size
    )


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 7])
def test_what_is_encrypted_comes_back_in_bounded_pieces(size: int) -> None:
    content, file, key = random.randbytes(size), BytesIO(), bytes(32)
    writer = EncryptingWriter(file, key, "a name")
    for begin in range(0, size, 50_000):
        writer.write(content[begin : begin + 50_000])
    writer.finish()
    encrypted = file.getvalue()
    assert len(encrypted) == encrypted_size(size)
    assert decrypted(encrypted, key, "a name") == content
    for other in ((bytes(31) + b"1", "a name"), (key, "another name")):
        with pytest.raises(BackupError, match="changed or truncated"):
            decrypted(encrypted, *other)
    body = encrypted[:22] + encrypted[22 + CHUNK + 16 :]  # without the first chunk
    with pytest.raises(BackupError, match="changed or truncated"):
        decrypted(body, key, "a name")


def decrypted(encrypted: bytes, key: bytes, name: str) -> bytes:
    reader = DecryptingReader(BytesIO(encrypted), key, name, "it")
    found = b""
    while piece := reader.read(10_000):
        assert len(piece) <= 10_000
        found += piece
    return found
