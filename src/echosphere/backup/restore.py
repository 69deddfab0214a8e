"""Restores a backup into an empty place."""

import asyncio
import hashlib
from collections.abc import Callable
from contextlib import closing, suppress
from functools import partial
from pathlib import Path

from echosphere.backup.archive import measure, read_archive
from echosphere.backup.create import Keys
from echosphere.backup.errors import BackupError, DamagedError
from echosphere.backup.files import has_files, storages
from echosphere.backup.manifest import FileEntry, Manifest
from echosphere.backup.progress import Progress
from echosphere.backup.quiet import quieten
from echosphere.backup.repository import DATABASE, KEYS, Point, Repository
from echosphere.backup.store import Target, require_empty, sqlite_path
from echosphere.core.durable_files import OWNER_ONLY, sync_folder, write_durably
from echosphere.core.ids import new_id
from echosphere.database import dialect_for, latest_revision, migrate
from echosphere.media import Storage
from echosphere.settings import Settings

MARKER = "restoring"
"""In the data folder while files are restored: the same restore point may go on."""

PREVIOUS = "secret.key.previous"
OTHER_KEY = (
    "{name} differs from the one in the backup. Remove it from the settings; the one from the "
    "backup is then written to the data folder."
)


def restore_backup(
    settings: Settings,
    path: Path,
    *,
    passphrase: str | None = None,
    name: str | None = None,
    sign_out: bool = False,
    progress: Progress,
) -> Manifest:
    """Restore a restore point, by default the newest, into the empty place of the settings.

    The database comes last, and as a whole: a server does not start on half of it. Links that open an
    account once are void in it, and mail that waited does not go out; with `sign_out`, no one is
    signed in.

    Raises:
        BackupError: The place is not empty, or the backup is no good.
    """
    point = Repository.open(path, passphrase).find(name)
    manifest = point.manifest()
    point.check_parts(manifest)
    keys = point.read_sealed(KEYS, Keys)
    _check_keys(settings, keys)
    require_empty(settings.database_url)
    dialect = dialect_for(settings.database_url)
    dialect.claim()
    try:
        progress.step("Restoring the files …")
        asyncio.run(_Files(settings, point, progress).restore())
        _put_keys(settings, keys)  # before the database: without them a server would make others
        progress.step("Restoring the database …")
        finish = partial(quieten, sign_out=sign_out)
        load_database(point, manifest, settings.database_url, progress, finish)
        (settings.data / MARKER).unlink()
    finally:
        dialect.release()
    return manifest


def load_database(
    point: Point,
    manifest: Manifest,
    url: str,
    progress: Progress,
    finish: Callable[[Target], None] = lambda _target: None,
) -> None:
    """Make a database of a restore point: whole, or not at all.

    Args:
        point: The restore point.
        manifest: What it has.
        url: Where the database is to be.
        progress: Is told how far it has come.
        finish: Changes it once it has proved to be what was written.

    Raises:
        DamagedError: The restore point is not as it was written.
        RuntimeError: It is of a newer version.
    """
    path = sqlite_path(url)
    if path is None:
        _fill(point, manifest, url, progress, finish)
        return
    part = path.with_name(f"{path.name}.part")
    _remove_database(part)
    try:
        part.touch(mode=OWNER_ONLY)
        _fill(point, manifest, f"sqlite:///{part}", progress, finish)
        part.replace(path)
        sync_folder(path.parent)
    finally:
        _remove_database(part)


def _fill(
    point: Point,
    manifest: Manifest,
    url: str,
    progress: Progress,
    finish: Callable[[Target], None],
) -> None:
    with closing(Target(url)) as target:
        with target.connection.begin():
            target.create(manifest.revision)
            loader = target.loader()
            loader.delete_all()
            with point.reading(DATABASE) as file:
                read_archive(file, loader, manifest.tables, progress)
            loader.finish(manifest.next_numbers)
            if measure(loader, progress) != manifest.tables:
                raise DamagedError("the restored data differs from what was written")
            finish(target)
        target.settle()
    if manifest.revision != latest_revision():
        _bring_up_to_date(url)


def _bring_up_to_date(url: str) -> None:
    engine = dialect_for(url).writing_engine()
    try:
        migrate(engine)
    finally:
        engine.dispose()


def _remove_database(path: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _check_keys(settings: Settings, keys: Keys) -> None:
    """Refuse a key that is set and would win over that of the backup."""
    given = {
        "SECRET_KEY": ("secret_key", keys.secret_key),
        "SECRET_KEY_PREVIOUS": ("secret_key_previous", keys.secret_key_previous),
        "ECHOSPHERE_VAPID_KEY": ("vapid_key", keys.vapid_key),
    }
    for name, (field, of_backup) in given.items():
        if field in settings.given and of_backup and getattr(settings, field) != of_backup:
            raise BackupError(OTHER_KEY.format(name=name))


def _put_keys(settings: Settings, keys: Keys) -> None:
    # One that an operator chose is shorter than those that are made: its end shows that it is whole.
    write_durably(settings.data / "secret.key", f"{keys.secret_key}\n")
    write_durably(settings.data / "vapid.key", keys.vapid_key)
    if keys.secret_key_previous:
        write_durably(settings.data / PREVIOUS, keys.secret_key_previous)


class _Files:
    """Restores the stored files of a restore point."""

    def __init__(self, settings: Settings, point: Point, progress: Progress) -> None:
        self._point = point
        self._progress = progress
        self._storages = storages(settings)
        self._marker = settings.data / MARKER

    async def restore(self) -> None:
        """Restore them; what an interrupted command has restored is not restored again.

        Raises:
            BackupError: The storage is not empty.
        """
        goes_on = self._marker.exists() and self._marker.read_text() == self._point.name
        if not goes_on and await has_files(self._storages):
            raise BackupError(
                "The file storage is not empty. A backup can be restored only into empty "
                "storage: choose another data folder or storage (ECHOSPHERE_DATA, "
                "ECHOSPHERE_STORAGE_URL)."
            )
        write_durably(self._marker, self._point.name)
        for number, entry in enumerate(self._point.entries()):
            if entry.sha256 and not (goes_on and await self._is_there(entry)):
                await self._put(entry)
            self._progress.count("files", number)

    async def _is_there(self, entry: FileEntry) -> bool:
        storage: Storage = self._storages[entry.folder]
        with suppress(FileNotFoundError):
            return await storage.size(entry.blob_id, thumbnail=entry.thumbnail) == entry.size
        return False

    async def _put(self, entry: FileEntry) -> None:
        storage: Storage = self._storages[entry.folder]
        path = storage.incoming / f"{new_id()}.part"
        digest = hashlib.sha256()
        try:
            with path.open("wb") as file:
                for piece in self._point.repository.pieces(entry):
                    digest.update(piece)
                    file.write(piece)
            require_same(entry, digest.hexdigest())
            await storage.put(path, entry.blob_id, thumbnail=entry.thumbnail)
        finally:
            path.unlink(missing_ok=True)


def require_same(entry: FileEntry, sha256: str) -> None:
    """Return if a stored file is as it was written.

    Raises:
        DamagedError: It is not.
    """
    if entry.sha256 != sha256:
        raise DamagedError(f"the file {entry.name} is changed or truncated")
