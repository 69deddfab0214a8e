"""Makes a backup while the server runs: the database of one moment, and every file it refers to."""

import asyncio
import errno
import hashlib
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path

import msgspec

from echosphere import __version__
from echosphere.backup.archive import write_archive
from echosphere.backup.errors import BackupError
from echosphere.backup.files import storages
from echosphere.backup.manifest import FileEntry, FileTotals, Manifest, TableCount
from echosphere.backup.progress import Progress
from echosphere.backup.repository import (
    DATABASE,
    FILE_LIST,
    HEAD,
    KEYS,
    Point,
    Repository,
    file_order,
)
from echosphere.backup.store import Source, open_source
from echosphere.core.clock import system_clock
from echosphere.database import dialect_for
from echosphere.media import Storage
from echosphere.settings import Settings

WANTED = "wanted.jsonl.gz"
"""The files that the database refers to, before they are copied."""

EXPORTS = "exports"
"""The folder of downloads of people's own data: they are made again in a moment, and hold all of it."""

AT_A_TIME = 4
"""Files that are copied at a time: an object store takes a moment for each."""

NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


class Keys(msgspec.Struct, frozen=True):
    """The secrets of an instance."""

    secret_key: str
    vapid_key: str
    secret_key_previous: str = ""


class Backup(msgspec.Struct, frozen=True):
    """A finished restore point.

    Attributes:
        name: Its name.
        manifest: What it has.
        copied: How many files were copied; the others were there from earlier ones.
        removed: How many old restore points were removed.
    """

    name: str
    manifest: Manifest
    copied: int
    removed: int


def create_backup(
    settings: Settings,
    path: Path,
    *,
    passphrase: str | None = None,
    keep: int | None = None,
    progress: Progress,
) -> Backup:
    """Add a restore point to the backup in a folder, which is made if it is missing.

    Args:
        settings: Of the instance.
        path: The folder.
        passphrase: Encrypts it.
        keep: How many restore points stay, with the new one; None for all.
        progress: Is told how far it has come.

    Raises:
        BackupError: It cannot be made there; the sentence says why.
    """
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        with Repository(path, None).locked():
            repository = _open_or_create(path, passphrase)
            return _Creation(settings, repository, progress).run(keep)
    except OSError as error:
        if error.errno in NO_ROOM:
            raise BackupError(
                f"There is no space left in {path}. Free up space and run the command again: "
                "files that were copied are kept, and earlier restore points are intact."
            ) from error
        if str(error.filename or "").startswith(str(path)):
            raise BackupError(f"{path} cannot be written: {error.strerror}.") from error
        raise


def _open_or_create(path: Path, passphrase: str | None) -> Repository:
    if (path / HEAD).exists():
        return Repository.open(path, passphrase)
    return Repository.create(path, passphrase)


class _Creation:
    """Makes one restore point."""

    def __init__(self, settings: Settings, repository: Repository, progress: Progress) -> None:
        self._settings = settings
        self._repository = repository
        self._progress = progress
        self._copied = 0

    def run(self, keep: int | None) -> Backup:
        """Make it.

        From before the database is read until the last file is copied, no one deletes files: so a
        message in the backup never lacks its file.
        """
        earlier = self._repository.points()[-1:]
        point = self._repository.begin()
        with dialect_for(self._settings.database_url).hold_deletions():
            now, source = system_clock(), open_source(self._settings.database_url)
            with closing(source):
                tables = self._write_database(source, point)
                about = (source.dialect, source.revision, source.next_numbers())
            self._progress.step("Copying the files …")
            totals = asyncio.run(self._write_files(point, earlier))
        keys = self._settings
        point.write_sealed(KEYS, Keys(keys.secret_key, keys.vapid_key, keys.secret_key_previous))
        (point.path / WANTED).unlink()
        manifest = _manifest(point, now, about, tables, totals)
        point.finish(manifest)
        removed = 0 if keep is None else self._repository.remove_oldest(keep)
        return Backup(point.name, manifest, self._copied, removed)

    def _write_database(self, source: Source, point: Point) -> dict[str, TableCount]:
        if source.revision is None:
            raise BackupError("The database has no tables yet. Start the server once.")
        self._progress.step("Copying the database …")
        with point.create_file(DATABASE) as file:
            tables = write_archive(source, file, self._progress)
        with point.create_file(WANTED) as file:
            for ref in source.files():
                if ref.folder == EXPORTS:
                    continue
                entry = FileEntry(ref.folder, ref.blob_id, ref.thumbnail)
                file.write(msgspec.json.encode(entry) + b"\n")
        return tables

    async def _write_files(self, point: Point, earlier: list[Point]) -> FileTotals:
        count = size = missing = 0
        known = earlier[0].entries() if earlier else iter(())
        copying = self._stored(_wanted(point), known)
        with point.create_file(FILE_LIST) as file:
            async for entry in copying:
                file.write(msgspec.json.encode(entry) + b"\n")
                count, size = count + 1, size + entry.size
                missing += not entry.sha256
                self._progress.count("files", count)
        return FileTotals(count, size, missing)

    async def _stored(
        self, wanted: Iterator[FileEntry], known: Iterator[FileEntry]
    ) -> AsyncIterator[FileEntry]:
        """Bring files into the backup, some at a time, and give them in their order."""
        copier = _Copier(self._repository, self._settings)
        running: deque[asyncio.Task[FileEntry]] = deque()
        for entry, before in _paired(wanted, known):
            running.append(asyncio.create_task(copier.store(entry, before)))
            if len(running) == AT_A_TIME:
                yield await running.popleft()
        while running:
            yield await running.popleft()
        self._copied = copier.copied


class _Copier:
    """Copies files from the storage into a backup."""

    def __init__(self, repository: Repository, settings: Settings) -> None:
        self._repository = repository
        self._storages = storages(settings)
        self.copied = 0

    async def store(self, entry: FileEntry, before: FileEntry | None) -> FileEntry:
        """Copy a file unless it is there; stored files never change.

        Args:
            entry: The file.
            before: The same file in the restore point before, if it had it.

        Returns:
            The entry with size and checksum; without them where the storage has no such file.
        """
        if before is not None and before.sha256 and self._repository.has_file(before):
            return before
        path = self._repository.file(entry)
        if before is None and path.exists():  # from a backup that was interrupted
            return await asyncio.to_thread(self._repository.hash_file, entry)
        try:
            return await self._copy(entry, path)
        except FileNotFoundError:
            return entry

    async def _copy(self, entry: FileEntry, path: Path) -> FileEntry:
        storage: Storage = self._storages[entry.folder]
        size = await storage.size(entry.blob_id, thumbnail=entry.thumbnail)
        digest = hashlib.sha256()
        with self._repository.create_file(path, entry.name) as file:
            if size:
                pieces = storage.read(entry.blob_id, 0, size, thumbnail=entry.thumbnail)
                async for piece in await pieces:
                    digest.update(piece)
                    file.write(piece)
        self.copied += 1
        return msgspec.structs.replace(entry, size=size, sha256=digest.hexdigest())


def _wanted(point: Point) -> Iterator[FileEntry]:
    decode = msgspec.json.Decoder(FileEntry).decode
    with point.reading(WANTED) as lines:
        for line in lines:
            yield decode(line)


def _paired(
    wanted: Iterator[FileEntry], known: Iterator[FileEntry]
) -> Iterator[tuple[FileEntry, FileEntry | None]]:
    """Give each wanted file with its entry in a sorted list, if it is in there."""
    head = next(known, None)
    for entry in wanted:
        while head is not None and file_order(head) < file_order(entry):
            head = next(known, None)
        is_same = head is not None and file_order(head) == file_order(entry)
        yield entry, head if is_same else None


def _manifest(
    point: Point,
    now: int,
    about: tuple[str, str, dict[str, int]],
    tables: dict[str, TableCount],
    totals: FileTotals,
) -> Manifest:
    dialect, revision, next_numbers = about
    return Manifest(
        created_at=now,
        version=__version__,
        revision=revision,
        dialect=dialect,
        tables=tables,
        next_numbers=next_numbers,
        files=totals,
        parts={part: point.stored_part(part) for part in (DATABASE, FILE_LIST, KEYS)},
    )
