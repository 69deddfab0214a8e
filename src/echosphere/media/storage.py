"""Stores files by id: in a folder of this machine, or in an S3-compatible object store."""

import asyncio
import os
import secrets
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from urllib.request import url2pathname

import msgspec

from echosphere.core.errors import Unavailable
from echosphere.media.storage_trouble import storage_error
from echosphere.settings import SettingsError

if TYPE_CHECKING:
    from obstore.store import ObjectStore, RetryConfig

INCOMING = "incoming"
"""The folder of files that are being received or inspected; old ones are deleted."""

CHUNK = 256 * 1024
"""Bytes of one download that are held in memory."""

FOLDER_ID = ".folder-id"
"""The file that tells one folder from another that has the same path elsewhere."""

THUMBNAIL = ".thumbnail"
SHARD_LENGTH = 2
"""Characters of an id that name its folder."""

LISTING_PAGE = 500
MAX_UPLOADS = 4

TIMEOUT_SECONDS = 15.0
"""For the response of an object store; the transfer of a file may take longer."""

RETRIES: "RetryConfig" = {"max_retries": 2, "retry_timeout": timedelta(seconds=20)}
"""obstore gives each request thirty seconds; its default is to retry for three minutes."""


class StoredObject(msgspec.Struct, frozen=True):
    """An entry of a listing; `changed_at` in milliseconds since 1970 UTC."""

    key: str
    blob_id: str
    changed_at: int


class Storage:
    """Stores files by their blob ids; the names that users give them are never used as paths.

    A file is received into the `incoming` folder and moved to its key when it is complete, so a
    crash leaves either an old file there or a complete file without a row; both are deleted later.

    Args:
        store: Holds complete files; without one, a folder does.
        incoming: A local folder for incomplete files.
        root: The folder of a local store, which must contain `incoming`.
        prefix: A folder that all keys begin with; empty for those of attachments.
    """

    def __init__(
        self,
        store: "ObjectStore | None",
        incoming: Path,
        root: Path | None = None,
        prefix: str = "",
    ) -> None:
        self._given_store = store
        self._root = root
        self._prefix = prefix
        self.incoming = incoming
        # Uploads to an object store hold parts of 5 MiB in memory.
        self._uploads = asyncio.Semaphore(MAX_UPLOADS)
        incoming.mkdir(parents=True, exist_ok=True, mode=0o700)

    @classmethod
    def from_url(cls, url: str, data: Path) -> "Storage":
        """Return the storage of a `file://` or `s3://` URL; `data` is the instance's data folder."""
        if not url.startswith("file:"):
            from obstore.exceptions import BaseError  # noqa: PLC0415 - 5 MB; a folder can wait
            from obstore.store import from_url as obstore_from_url  # noqa: PLC0415 - as above

            try:
                return cls(obstore_from_url(url, retry_config=RETRIES), data / INCOMING)
            except (BaseError, ValueError) as error:
                raise SettingsError(
                    "ECHOSPHERE_STORAGE_URL cannot be used; it must look like s3://bucket or "
                    f"file:///folder: {str(error).strip().splitlines()[0]}"
                ) from error
        root = Path(url2pathname(urlsplit(url).path))
        root.mkdir(parents=True, exist_ok=True, mode=0o700)
        return cls(None, root / INCOMING, root)

    def folder_id(self) -> str | None:
        """Return what only this folder is called; None for an object store, or if nothing can be kept.

        It is written once. A copy of the folder has it, too, so two folders with one id may differ;
        two ids never belong to one folder.
        """
        if self._root is None:
            return None
        path = self._root / FOLDER_ID
        new = self._root / f"{FOLDER_ID}-{secrets.token_hex(8)}"
        try:
            if not path.exists():
                new.write_text(secrets.token_hex(16))
                with suppress(FileExistsError):  # another process was faster
                    os.link(new, path)
                new.unlink()
            return path.read_text()
        except OSError:
            return None

    def subfolder(self, name: str) -> "Storage":
        """Return a storage in a folder of this one, for files other than attachments.

        The name must have more than two characters: the folders of attachments have two.
        """
        return Storage(self._given_store, self.incoming, self._root, f"{name}/")

    @cached_property
    def _store(self) -> "ObjectStore":
        from obstore.store import LocalStore  # noqa: PLC0415 - 5 MB that only files need

        return self._given_store or LocalStore(self._root)

    async def put(self, path: Path, blob_id: str, *, thumbnail: bool = False) -> None:
        """Move a complete file into the storage, flushed to disk.

        Raises:
            Unavailable: The storage does not accept it.
        """
        key = self._key(blob_id, thumbnail=thumbnail)
        try:
            if self._root is None:
                async with self._uploads:
                    await self._store.put_async(key, path, max_concurrency=2)
                await asyncio.to_thread(path.unlink)
            else:
                await asyncio.to_thread(_sync, path)
                await self._store.rename_async(f"{INCOMING}/{path.name}", key)
                await asyncio.to_thread(_sync_folders, self._root, Path(key).parent)
        except (OSError, _store_error()) as error:
            raise _unavailable() from error

    async def read(
        self, blob_id: str, start: int, end: int, *, thumbnail: bool = False
    ) -> AsyncIterator[bytes]:
        """Return the bytes from `start` to before `end`, in chunks.

        Raises:
            FileNotFoundError: There is no such file.
            Unavailable: The storage does not answer.
        """
        key = self._key(blob_id, thumbnail=thumbnail)
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                found = await self._store.get_async(key, options={"range": (start, end)})
        except (_store_error(), TimeoutError) as error:
            raise _unavailable() from error
        return aiter(found.stream(min_chunk_size=CHUNK))

    async def size(self, blob_id: str, *, thumbnail: bool = False) -> int:
        """Return the size of a file in bytes.

        Raises:
            FileNotFoundError: There is no such file.
            Unavailable: The storage does not answer.
        """
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                found = await self._store.head_async(self._key(blob_id, thumbnail=thumbnail))
        except (_store_error(), TimeoutError) as error:
            raise _unavailable() from error
        return found["size"]

    async def remove(self, blob_id: str) -> None:
        """Delete a file and its thumbnail, whichever of them exist."""
        for thumbnail in (False, True):
            await self.remove_key(self._key(blob_id, thumbnail=thumbnail))

    async def remove_key(self, key: str) -> None:
        """Delete one object of a listing, if it still exists."""
        with suppress(FileNotFoundError):
            async with asyncio.timeout(TIMEOUT_SECONDS):
                await self._store.delete_async(key)

    async def listing(self) -> AsyncIterator[list[StoredObject]]:
        """Yield all stored objects in pages, without incomplete files and those of subfolders."""
        if self._root is not None and self._is_empty(self._root):
            return
        prefix = self._prefix or None
        async for objects in self._store.list(prefix=prefix, chunk_size=LISTING_PAGE):
            yield [
                StoredObject(
                    key=found["path"],
                    blob_id=found["path"].rpartition("/")[2].removesuffix(THUMBNAIL),
                    changed_at=int(found["last_modified"].timestamp() * 1000),
                )
                for found in objects
                if found["path"].removeprefix(self._prefix).find("/") == SHARD_LENGTH
            ]

    def _is_empty(self, root: Path) -> bool:
        folder = root / self._prefix
        paths = folder.iterdir() if folder.is_dir() else ()
        return not any(len(path.name) == SHARD_LENGTH for path in paths)

    def _key(self, blob_id: str, *, thumbnail: bool) -> str:
        return self._prefix + storage_key(blob_id, thumbnail=thumbnail)

    async def ready(self) -> None:
        """Check that the storage answers, and has the bucket.

        Raises:
            StorageError: It does not; the text says why, to the operator.
        """
        try:
            if self._root is not None:
                await asyncio.to_thread(os.listdir, self._root)
                return
            async with asyncio.timeout(TIMEOUT_SECONDS):
                # Asked for one object, a store says the same of a missing bucket as of a missing object.
                async for _ in self._store.list(prefix="ready", chunk_size=1):
                    break
        except (OSError, _store_error()) as error:
            raise storage_error(error) from error


def storage_key(blob_id: str, *, thumbnail: bool = False) -> str:
    """Return the key of a file; ids are spread over 256 folders, so that none of them gets large."""
    return f"{blob_id[:SHARD_LENGTH]}/{blob_id}{THUMBNAIL if thumbnail else ''}"


def _sync(path: Path) -> None:
    """Flush a file to disk, so that no row can refer to a file that a power cut erased."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _sync_folders(root: Path, folder: Path) -> None:
    """Flush a folder below the root and its parents to disk."""
    if os.name != "posix":  # Windows cannot open folders
        return
    for one in (folder, *folder.parents):
        descriptor = os.open(root / one, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _store_error() -> type[Exception]:
    from obstore.exceptions import BaseError  # noqa: PLC0415 - 5 MB that only files need

    return BaseError


def _unavailable() -> Unavailable:
    return Unavailable("The file storage is not responding. Try again in a moment.", retry_after=5)
