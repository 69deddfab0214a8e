"""Takes in the files and pictures of a source, cleaned like those that people upload."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

from echosphere.attachments import (
    FileIntake,
    FileToStore,
    StoredFile,
    UploadLimits,
    require_free_disk,
)
from echosphere.avatars import FOLDER as AVATARS
from echosphere.avatars import MAX_SIZE as MAX_AVATAR
from echosphere.core.errors import Invalid
from echosphere.core.ids import new_id
from echosphere.importing.container import reading
from echosphere.importing.errors import UnreadableSource
from echosphere.importing.format import FileRecord
from echosphere.importing.source import Source
from echosphere.media import (
    IMAGE_TYPES,
    ReceivedFile,
    SandboxPool,
    Storage,
    clean_file_name,
    delete_temp_files,
    detect_type,
)

CHUNK = 1024 * 1024
HEAD = 8192

NOT_THERE = "files that are not in the export"
TOO_LARGE = "files that are larger than this server allows"
REFUSED = "files of a type that this server does not allow"
NO_PICTURE = "pictures of people and conversations that cannot be read"


class LargerThanSaidError(Exception):
    """A file is longer than its archive says."""


class SourceFiles:
    """Copies files out of a source, one at a time, and stores them.

    Args:
        storage: Takes attachments, and avatars in a folder.
        sandbox: Inspects them.
        data: The folder whose disk must not become full.
        limits: What is allowed.
    """

    def __init__(
        self,
        storage: Storage,
        sandbox: SandboxPool,
        data: Path,
        limits: Callable[[], UploadLimits],
    ) -> None:
        self._incoming = storage.incoming
        self._storage = storage
        self._avatars = storage.subfolder(AVATARS)
        self._intake = FileIntake(storage, sandbox)
        self._sandbox = sandbox
        self._data = data
        self._limits = limits

    def fits(self, source: Source, file: FileRecord) -> bool:
        """Whether a file is there and not too large; what is not is counted as lost."""
        size = source.size(file.path)
        if size is None or size == 0:
            source.losses[NOT_THERE] += 1
            return False
        if size > self._limits().max_size:
            source.losses[TOO_LARGE] += 1
            return False
        return True

    async def store(self, source: Source, file: FileRecord, owner: str) -> StoredFile | None:
        """Store a file for a message; None if that cannot be, which is counted as lost.

        Raises:
            Unavailable: The disk is nearly full, or the storage does not take it.
        """
        if not self.fits(source, file):
            return None
        limits = self._limits()
        await require_free_disk(self._data, limits.disk_reserve)
        attachment = new_id()
        path = self._incoming / f"{attachment}.part"
        try:
            head = await asyncio.to_thread(_copy, source, file.path, path, limits.max_size)
            received = ReceivedFile(path, clean_file_name(file.name), 0, head)
            given = FileToStore(
                id=attachment,
                owner=owner,
                received=received,
                as_it_is=True,
                duration=file.duration,
                waveform=file.waveform,
            )
            return await self._intake.store(given, limits.files)
        except LargerThanSaidError:
            source.losses[TOO_LARGE] += 1
            return None
        except Invalid as refusal:
            if isinstance(refusal, UnreadableSource):
                raise
            source.losses[REFUSED] += 1
            return None
        finally:
            await asyncio.to_thread(delete_temp_files, path)

    async def store_avatar(self, source: Source, name: str) -> str | None:
        """Store a picture of a person or conversation and return its id; None if it is none."""
        size = source.size(name)
        if not size or size > MAX_AVATAR:
            source.losses[NO_PICTURE] += 1
            return None
        avatar = new_id()
        path = self._incoming / f"{avatar}.part"
        try:
            head = await asyncio.to_thread(_copy, source, name, path, MAX_AVATAR)
            content_type = detect_type(bytes(head))
            is_image = content_type in IMAGE_TYPES
            image = await self._sandbox.make_avatar(path, content_type) if is_image else None
            if image is None:
                source.losses[NO_PICTURE] += 1
                return None
            await self._avatars.put(image, avatar)
        except (Invalid, LargerThanSaidError) as refusal:
            if isinstance(refusal, UnreadableSource):
                raise
            source.losses[NO_PICTURE] += 1
            return None
        finally:
            await asyncio.to_thread(delete_temp_files, path)
        return avatar

    async def discard(self, attachments: Sequence[str]) -> None:
        """Delete stored files whose messages were not."""
        for attachment in attachments:
            await self._storage.remove(attachment)


def _copy(source: Source, name: str, path: Path, limit: int) -> bytearray:
    """Copy a file of a source, of `limit` bytes at most, and return its beginning."""
    head = bytearray()
    size = 0
    with reading(), source.open(name) as file, path.open("wb") as out:
        while chunk := file.read(CHUNK):
            size += len(chunk)
            if size > limit:
                raise LargerThanSaidError
            if len(head) < HEAD:
                head += chunk[: HEAD - len(head)]
            out.write(chunk)
    return head
