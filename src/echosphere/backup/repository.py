"""The folder of a backup: restore points, and the stored files that they share.

echosphere-backup.json          the head: format, encryption
points/2026-11-29T141626Z/      a restore point; it has its name only when it is complete
    manifest.json               counts, checksums, versions
    database.jsonl.gz           all rows
    files.jsonl.gz              the list of stored files, with checksums
    keys.json                   SECRET_KEY and the key of Web Push
files/ab/abcdef…                stored files, each once for all restore points
"""

import gzip
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from io import BufferedReader
from pathlib import Path
from time import sleep
from typing import IO, TypeVar, cast

import filelock
import msgspec

from echosphere.backup.cipher import (
    KEY,
    SALT,
    SCRYPT,
    DecryptingReader,
    EncryptingWriter,
    encrypted_size,
    key_of_passphrase,
    unwrap_key,
    wrap_key,
)
from echosphere.backup.errors import BackupError, DamagedError
from echosphere.backup.manifest import (
    Encryption,
    FileEntry,
    Head,
    Manifest,
    StoredPart,
    seal,
    unseal,
)
from echosphere.core.durable_files import OWNER_ONLY, sync_folder

HEAD = "echosphere-backup.json"
POINTS = "points"
FILES = "files"
UNFINISHED = ".unfinished"
LOCK = ".lock"

MANIFEST = "manifest.json"
DATABASE = "database.jsonl.gz"
FILE_LIST = "files.jsonl.gz"
KEYS = "keys.json"

MIN_PASSPHRASE = 12
"""Characters."""

READ_SIZE = 256 * 1024
"""Bytes that are read at a time."""

COMPRESSION = 3
"""Of gzip's nine levels: the next ones take twice the time for a twentieth less."""

SHARD_LENGTH = 2
"""Characters of an id that name its folder."""

T = TypeVar("T")


class Repository:
    """The folder of a backup.

    Args:
        path: The folder.
        key: The key of an encrypted one; None for one that is not.
    """

    def __init__(self, path: Path, key: bytes | None) -> None:
        self.path = path
        self._key = key

    @classmethod
    def create(cls, path: Path, passphrase: str | None) -> "Repository":
        """Begin a backup in a new or empty folder.

        Raises:
            BackupError: The folder has something else in it, or the passphrase is too short.
        """
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        if any(one.name != LOCK for one in path.iterdir()):
            raise BackupError(f"{path} contains other files. Choose a new or empty folder.")
        key = None if passphrase is None else os.urandom(KEY)
        encryption = None if key is None else _encryption(key, passphrase or "")
        _write_whole(path / HEAD, seal(Head(encryption=encryption)))
        return cls(path, key)

    @classmethod
    def open(cls, path: Path, passphrase: str | None) -> "Repository":
        """Open a backup.

        Raises:
            BackupError: There is none, or the passphrase is wrong, missing or too much.
        """
        if not (path / HEAD).is_file():
            raise BackupError(f"There is no backup in {path}: the file {HEAD} is missing.")
        head = unseal((path / HEAD).read_bytes(), Head, HEAD)
        return cls(path, _unlock(head.encryption, passphrase))

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other commands from writing to it.

        Raises:
            BackupError: One does.
        """
        lock = filelock.FileLock(self.path / LOCK, mode=OWNER_ONLY, thread_local=False)
        try:
            lock.acquire(timeout=0)
        except filelock.Timeout:
            raise BackupError(
                f"Another command is using {self.path}. Wait until it ends."
            ) from None
        try:
            yield
        finally:
            lock.release()

    def points(self) -> list["Point"]:
        """Return the complete restore points, the oldest first."""
        folder = self.path / POINTS
        names = sorted(one.name for one in folder.iterdir()) if folder.is_dir() else []
        return [Point(self, folder / one) for one in names if not one.endswith(UNFINISHED)]

    def find(self, name: str | None) -> "Point":
        """Return a restore point by its name, or the newest one.

        Raises:
            BackupError: There is none.
        """
        points = self.points()
        wanted = [point for point in points if name in (None, point.name)]
        if not wanted:
            known = ", ".join(point.name for point in points) or "none; the backup was not finished"
            raise BackupError(f"There is no such restore point in {self.path}. It has: {known}.")
        return wanted[-1]

    def begin(self) -> "Point":
        """Begin a restore point; what an earlier command left unfinished is removed."""
        folder = self.path / POINTS
        folder.mkdir(exist_ok=True, mode=0o700)
        for left in folder.glob(f"*{UNFINISHED}"):
            shutil.rmtree(left)
        while (folder / (stamp := f"{datetime.now(UTC):%Y-%m-%dT%H%M%SZ}")).exists():
            sleep(0.1)
        begun = folder / f"{stamp}{UNFINISHED}"
        begun.mkdir(mode=0o700)
        return Point(self, begun)

    def remove_oldest(self, keep: int) -> int:
        """Remove restore points but the newest, and files that none needs; return how many points."""
        points = self.points()
        surplus = points[: max(len(points) - keep, 0)]
        for point in surplus:
            hidden = point.path.with_name(f"{point.name}{UNFINISHED}")
            point.path.rename(hidden)
            shutil.rmtree(hidden)
        if surplus:
            self._remove_unneeded_files()
        return len(surplus)

    def file(self, entry: FileEntry) -> Path:
        """Return where a stored file lies."""
        return self.path / FILES / entry.name

    @contextmanager
    def create_file(self, path: Path, name: str) -> Iterator[IO[bytes]]:
        """Write a file that has its name only when it is complete and on the disk.

        Args:
            path: Where.
            name: What it is, for the encryption.
        """
        _make_folder(path.parent)
        part = path.with_name(f"{path.name}.part")
        try:
            with _open_new(part) as file:
                if self._key is None:
                    yield file
                else:
                    writer = EncryptingWriter(file, self._key, name)
                    yield cast("IO[bytes]", writer)
                    writer.finish()
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)

    def reading(self, path: Path, name: str) -> IO[bytes]:
        """Open a file to read it.

        Raises:
            DamagedError: It is missing, or not what was written.
        """
        shown = str(path.relative_to(self.path))
        try:
            file = path.open("rb")
        except FileNotFoundError:
            raise DamagedError(f"{shown} is missing") from None
        if self._key is None:
            return file
        reader = DecryptingReader(file, self._key, name, shown)
        return cast("IO[bytes]", BufferedReader(reader, READ_SIZE))

    def has_file(self, entry: FileEntry) -> bool:
        """Return whether a stored file is there in the size of its entry."""
        size = entry.size if self._key is None else encrypted_size(entry.size)
        with suppress(FileNotFoundError):
            return self.file(entry).stat().st_size == size
        return False

    def hash_file(self, entry: FileEntry) -> FileEntry:
        """Return the entry of a stored file with the size and the checksum of what lies there.

        Raises:
            DamagedError: It is missing, or not what was written.
        """
        digest, size = hashlib.sha256(), 0
        for piece in self.pieces(entry):
            digest.update(piece)
            size += len(piece)
        return msgspec.structs.replace(entry, size=size, sha256=digest.hexdigest())

    def pieces(self, entry: FileEntry) -> Iterator[bytes]:
        """Give the content of a stored file.

        Raises:
            DamagedError: It is missing, or not what was written.
        """
        with self.reading(self.file(entry), entry.name) as file:
            while piece := file.read(READ_SIZE):
                yield piece

    def _remove_unneeded_files(self) -> None:
        """Remove files that no restore point lists; all lists are in the same order."""
        lists = [point.entries() for point in self.points()]
        needed = _Merged(lists)
        for path in _files_in_order(self.path / FILES):
            if not needed.has(_order_of_path(path)):
                path.unlink()


class _Merged:
    """Asks sorted lists for one file after the other."""

    def __init__(self, lists: list[Iterator[FileEntry]]) -> None:
        self._lists = lists
        self._heads = [next(one, None) for one in lists]

    def has(self, place: tuple[str, str, bool]) -> bool:
        """Return whether a list has a file; asked for in the order of the lists."""
        found = False
        for number, one in enumerate(self._lists):
            while (head := self._heads[number]) is not None and file_order(head) < place:
                self._heads[number] = next(one, None)
            found = found or (head is not None and file_order(head) == place)
        return found


def file_order(entry: FileEntry) -> tuple[str, str, bool]:
    """Return by what lists of files are sorted."""
    return entry.folder, entry.blob_id, entry.thumbnail


def _files_in_order(folder: Path) -> Iterator[Path]:
    """Give stored files as lists are sorted, with those of one small folder in memory."""
    below = sorted(one for one in folder.glob("*") if one.is_dir())
    of_attachments = [one for one in below if len(one.name) == SHARD_LENGTH]
    others = [one for one in below if len(one.name) != SHARD_LENGTH]
    for shard in [*of_attachments, *(shard for one in others for shard in sorted(one.iterdir()))]:
        yield from sorted(shard.iterdir(), key=_order_of_path)


def _order_of_path(path: Path) -> tuple[str, str, bool]:
    folder = path.parent.parent.name
    name = path.name.removesuffix(".thumbnail")
    return "" if folder == FILES else folder, name, name != path.name


class Point:
    """A restore point: the database of one moment, and the list of its files.

    Args:
        repository: The folder of the backup.
        path: Its own folder.
    """

    def __init__(self, repository: Repository, path: Path) -> None:
        self.repository = repository
        self.path = path

    @property
    def name(self) -> str:
        """Its name: when it was made."""
        return self.path.name.removesuffix(UNFINISHED)

    @contextmanager
    def create_file(self, part: str) -> Iterator[IO[bytes]]:
        """Write one of its files; compressed if its name says so."""
        with self.repository.create_file(self.path / part, part) as file:
            if not part.endswith(".gz"):
                yield file
                return
            with gzip.GzipFile(
                fileobj=file, mode="wb", compresslevel=COMPRESSION, mtime=0, filename=""
            ) as packed:
                yield cast("IO[bytes]", packed)

    @contextmanager
    def reading(self, part: str) -> Iterator[IO[bytes]]:
        """Read one of its files.

        Raises:
            DamagedError: It is missing, or not what was written.
        """
        with self.repository.reading(self.path / part, part) as file:
            if not part.endswith(".gz"):
                yield file
                return
            try:
                yield cast("IO[bytes]", gzip.GzipFile(fileobj=file, mode="rb"))
            except (EOFError, gzip.BadGzipFile, ValueError) as error:
                raise DamagedError(f"{part} of {self.name} is changed or truncated") from error

    def manifest(self) -> Manifest:
        """Read what it says about itself.

        Raises:
            DamagedError: It is not what was written.
        """
        return self.read_sealed(MANIFEST, Manifest)

    def read_sealed(self, part: str, kind: type[T]) -> T:
        """Read one of its small files.

        Raises:
            DamagedError: It is not what was written.
        """
        with self.reading(part) as file:
            return unseal(file.read(), kind, f"{part} of {self.name}")

    def write_sealed(self, part: str, content: msgspec.Struct) -> None:
        """Write one of its small files."""
        with self.create_file(part) as file:
            file.write(seal(content))

    def entries(self) -> Iterator[FileEntry]:
        """Give the list of its files, in order."""
        decode = msgspec.json.Decoder(FileEntry).decode
        with self.reading(FILE_LIST) as lines:
            for line in lines:
                yield decode(line)

    def stored_part(self, part: str) -> StoredPart:
        """Return size and checksum of one of its files as it lies on the disk.

        Raises:
            DamagedError: It is missing.
        """
        digest = hashlib.sha256()
        try:
            with (self.path / part).open("rb") as file:
                while piece := file.read(READ_SIZE):
                    digest.update(piece)
                return StoredPart(file.tell(), digest.hexdigest())
        except FileNotFoundError:
            raise DamagedError(f"{part} of {self.name} is missing") from None

    def check_parts(self, manifest: Manifest) -> None:
        """Compare its files with what the manifest says.

        Raises:
            DamagedError: One is missing, changed or cut short.
        """
        for part, expected in manifest.parts.items():
            if self.stored_part(part) != expected:
                raise DamagedError(f"{part} of {self.name} is changed or truncated")

    def finish(self, manifest: Manifest) -> None:
        """Write the manifest, and give the point its name: from now on it is one."""
        self.write_sealed(MANIFEST, manifest)
        sync_folder(self.path)
        complete = self.path.with_name(self.name)
        self.path.rename(complete)
        sync_folder(complete.parent)
        self.path = complete


def _encryption(key: bytes, passphrase: str) -> Encryption:
    if len(passphrase) < MIN_PASSPHRASE:
        raise BackupError(
            f"The passphrase is too short. Use at least {MIN_PASSPHRASE} characters, such as "
            "six words."
        )
    salt = os.urandom(SALT)
    return Encryption(salt, SCRYPT, wrap_key(key, key_of_passphrase(passphrase, salt, SCRYPT)))


def _unlock(encryption: Encryption | None, passphrase: str | None) -> bytes | None:
    if encryption is None:
        if passphrase is not None:
            raise BackupError(
                "This backup is not encrypted. Omit the passphrase, or use another folder."
            )
        return None
    if passphrase is None:
        raise BackupError(
            "This backup is encrypted. Give a file that contains its passphrase with "
            "--passphrase-file FILE, or - to type it."
        )
    key = key_of_passphrase(passphrase, encryption.salt, encryption.costs)
    return unwrap_key(encryption.key, key)


def _make_folder(path: Path) -> None:
    """Make a folder and those above it; `parents=True` would let others read those."""
    if not path.is_dir():
        _make_folder(path.parent)
        path.mkdir(exist_ok=True, mode=0o700)


def _open_new(path: Path) -> IO[bytes]:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ONLY)
    return os.fdopen(descriptor, "wb")


def _write_whole(path: Path, content: bytes) -> None:
    part = path.with_name(f"{path.name}.part")
    with _open_new(part) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    with suppress(OSError):
        sync_folder(path.parent)
