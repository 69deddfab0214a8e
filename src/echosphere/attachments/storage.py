"""Where the bytes of attachments lie: a folder on this machine, or an S3-type object store."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from urllib.request import url2pathname

from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, from_url

from echosphere.core.errors import Unavailable
from echosphere.settings import SettingsError

if TYPE_CHECKING:  # there at no other time
    from obstore.store import RetryConfig

INCOMING = "incoming"
"""The folder of files that are being received or prepared; leftovers in it are swept."""

CHUNK = 256 * 1024
"""Bytes that are held in memory for one download."""

THUMBNAIL = ".thumbnail"
FOLDER_NAME = 2
"""Characters of an id that name the folder in which it lies."""

LISTED_AT_ONCE = 500
SENT_AT_ONCE = 4

DEADLINE = 15.0
"""Seconds after which an object store that is silent counts as away; a transfer may take longer."""

RETRIES: "RetryConfig" = {"max_retries": 2, "retry_timeout": timedelta(seconds=20)}
"""obstore gives each request thirty seconds; by itself it would go on trying for three minutes."""


@dataclass(frozen=True, slots=True)
class Stored:
    """One stored object, as a listing shows it."""

    key: str
    attachment: str
    changed_at: int


class Storage:
    """Keeps files under the ids of their attachments; people's names never come here.

    A file is received into the `incoming` folder and moved to its place when it is complete, so
    a crash leaves nothing but leftovers there, or a complete file without a row; both are swept.

    Args:
        store: Where complete files are kept.
        incoming: A local folder for incomplete ones.
        root: The folder of a local store; `incoming` must lie in it.
        prefix: What all keys begin with: a folder beside those of the attachments.
    """

    def __init__(
        self, store: ObjectStore, incoming: Path, root: Path | None = None, prefix: str = ""
    ) -> None:
        self._store = store
        self._root = root
        self._prefix = prefix
        self.incoming = incoming
        # An object store is sent pieces of 5 MiB, which lie in memory until they have arrived.
        self._sending = asyncio.Semaphore(SENT_AT_ONCE)
        incoming.mkdir(parents=True, exist_ok=True, mode=0o700)

    @classmethod
    def at(cls, url: str, data: Path) -> "Storage":
        """Open the storage of a `file://` or `s3://` URL; `data` is the instance's data folder."""
        if not url.startswith("file:"):
            try:
                return cls(from_url(url, retry_config=RETRIES), data / INCOMING)
            except (BaseError, ValueError) as error:
                raise SettingsError(
                    "ECHOSPHERE_STORAGE_URL cannot be used; it must look like s3://bucket or "
                    f"file:///folder: {str(error).strip().splitlines()[0]}"
                ) from error
        root = Path(url2pathname(urlsplit(url).path))
        root.mkdir(parents=True, exist_ok=True, mode=0o700)
        return cls(LocalStore(root), root / INCOMING, root)

    def within(self, folder: str) -> "Storage":
        """Return the same storage for files that are no attachments, in a folder of their own.

        The folder's name has more than two characters: those of two are the attachments'.
        """
        return Storage(self._store, self.incoming, self._root, f"{folder}/")

    async def keep(self, path: Path, attachment: str, *, thumbnail: bool = False) -> None:
        """Move a complete file to its place; it is on disk when this returns.

        Raises:
            Unavailable: The storage does not take it.
        """
        key = self._key(attachment, thumbnail=thumbnail)
        try:
            if self._root is None:
                async with self._sending:
                    await self._store.put_async(key, path, max_concurrency=2)
                await asyncio.to_thread(path.unlink)
            else:
                await asyncio.to_thread(_sync, path)
                await self._store.rename_async(f"{INCOMING}/{path.name}", key)
                await asyncio.to_thread(_sync_folders, self._root, Path(key).parent)
        except (OSError, BaseError) as error:
            raise _unavailable() from error

    async def read(
        self, attachment: str, start: int, end: int, *, thumbnail: bool = False
    ) -> AsyncIterator[bytes]:
        """Return the bytes from `start` to before `end`, in pieces.

        Raises:
            FileNotFoundError: It is not there.
            Unavailable: The storage does not answer.
        """
        key = self._key(attachment, thumbnail=thumbnail)
        try:
            async with asyncio.timeout(DEADLINE):
                found = await self._store.get_async(key, options={"range": (start, end)})
        except (BaseError, TimeoutError) as error:
            raise _unavailable() from error
        return aiter(found.stream(min_chunk_size=CHUNK))

    async def size(self, attachment: str, *, thumbnail: bool = False) -> int:
        """Return how many bytes are stored.

        Raises:
            FileNotFoundError: It is not there.
            Unavailable: The storage does not answer.
        """
        try:
            async with asyncio.timeout(DEADLINE):
                found = await self._store.head_async(self._key(attachment, thumbnail=thumbnail))
        except (BaseError, TimeoutError) as error:
            raise _unavailable() from error
        return found["size"]

    async def remove(self, attachment: str) -> None:
        """Remove all that is stored for an attachment; what is not there is no error."""
        for thumbnail in (False, True):
            await self.remove_key(self._key(attachment, thumbnail=thumbnail))

    async def remove_key(self, key: str) -> None:
        """Remove one stored object of a listing; one that is not there is no error."""
        with suppress(FileNotFoundError):
            async with asyncio.timeout(DEADLINE):
                await self._store.delete_async(key)

    async def listing(self) -> AsyncIterator[list[Stored]]:
        """Go through everything that is stored, some at a time.

        Incomplete files are left out, and so is what lies in the folders of others.
        """
        place = self._prefix or None
        async for objects in self._store.list(prefix=place, chunk_size=LISTED_AT_ONCE):
            yield [
                Stored(
                    key=found["path"],
                    attachment=found["path"].rpartition("/")[2].removesuffix(THUMBNAIL),
                    changed_at=int(found["last_modified"].timestamp() * 1000),
                )
                for found in objects
                if found["path"].removeprefix(self._prefix).find("/") == FOLDER_NAME
            ]

    def _key(self, attachment: str, *, thumbnail: bool) -> str:
        return self._prefix + key_of(attachment, thumbnail=thumbnail)

    async def ready(self) -> None:
        """Return when the storage answers.

        Raises:
            Unavailable: It does not.
        """
        try:
            with suppress(FileNotFoundError):
                async with asyncio.timeout(DEADLINE):
                    await self._store.head_async("ready")
        except (OSError, BaseError) as error:
            raise _unavailable() from error


def key_of(attachment: str, *, thumbnail: bool = False) -> str:
    """Return where an attachment lies; 256 folders keep each of them short."""
    return f"{attachment[:FOLDER_NAME]}/{attachment}{THUMBNAIL if thumbnail else ''}"


def _sync(path: Path) -> None:
    """A file must be on disk before a row speaks of it, or a power cut leaves the row alone."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _sync_folders(root: Path, folder: Path) -> None:
    """Bring a folder in the root, and those on the way to it, to the disk."""
    if os.name != "posix":  # Windows cannot open folders
        return
    for one in (folder, *folder.parents):
        descriptor = os.open(root / one, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _unavailable() -> Unavailable:
    return Unavailable("The file storage does not answer. Try again soon.", retry_after=5)
