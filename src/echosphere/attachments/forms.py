"""Receives the files of a message in one form with its text, from programs that upload nothing before."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec

from echosphere.attachments.add import MIB, require_quota
from echosphere.attachments.attachment import MAX_IN_MESSAGE, Quota, StoredFile
from echosphere.attachments.disk_reserve import full_disk_told, require_free_disk
from echosphere.attachments.intake import FileIntake, FileToStore
from echosphere.attachments.limits import CurrentLimits, UploadLimits
from echosphere.attachments.upload_slots import UploadSlots
from echosphere.core.errors import Refusal
from echosphere.core.ids import new_id
from echosphere.core.rate_limits import RateLimiter
from echosphere.database import Database
from echosphere.media import (
    FormLimits,
    ReceivedForm,
    SandboxPool,
    Storage,
    UploadTimeouts,
    delete_temp_files,
    multipart_boundary,
    receive_form,
)

MAX_TEXT = 1024 * 1024
"""Bytes of the fields beside the files."""

MAX_CONCURRENT = 5
"""Forms of one program at the same time."""


class FormSender(msgspec.Struct, frozen=True):
    """A program that sends a form, and the person whose storage and rate its files take."""

    program: str
    payer: str


class FormRequest(msgspec.Struct, frozen=True):
    """A request with a form: what its head says, and its body."""

    content_type: str | None
    content_length: int | None
    body: AsyncIterator[bytes]


class MessageForms:
    """Receives forms within the limits that uploads of people have.

    Args:
        database: Knows what is stored already.
        storage: Takes the files.
        sandbox: Inspects images, recordings and documents.
        rate_limiter: Limits the bytes that a person and their programs upload.
        data: The folder whose disk must not become full.
        limits: Returns the limits of this moment.
    """

    def __init__(
        self,
        database: Database,
        storage: Storage,
        sandbox: SandboxPool,
        rate_limiter: RateLimiter,
        *,
        data: Path,
        limits: CurrentLimits,
    ) -> None:
        self._database = database
        self._storage = storage
        self._intake = FileIntake(storage, sandbox)
        self._rate_limiter = rate_limiter
        self._data = data
        self._limits = limits
        self._slots = UploadSlots(MAX_CONCURRENT)

    @property
    def quota(self) -> Quota:
        """How much may be stored, at this moment."""
        return self._limits().quota

    @asynccontextmanager
    async def receive(
        self, sender: FormSender, request: FormRequest
    ) -> AsyncIterator[ReceivedForm]:
        """Receive a form into temporary files, which are deleted at the end of the block.

        Raises:
            Invalid: It is malformed, or has too many files.
            TooLarge: It, or a part of it, has too many bytes.
            TooMany: The sender sends too much at once.
            QuotaExceeded: There is no room for it.
            Unavailable: The disk is nearly full, or too many uploads are running.
        """
        limits = self._limits()
        most = FormLimits(limits.max_size, MAX_IN_MESSAGE, MAX_TEXT)
        length = request.content_length
        boundary = multipart_boundary(request.content_type, length, most)
        with self._slots.slot(sender.program):
            await self._require_room(sender, length, most, limits)
            paths: list[Path] = []

            def new_path() -> Path:
                paths.append(self._storage.incoming / f"{new_id()}.part")
                return paths[-1]

            try:
                with full_disk_told():
                    received = await receive_form(
                        request.body, boundary, most, new_path, UploadTimeouts()
                    )
                yield received
            finally:
                await asyncio.to_thread(_delete_all, paths)

    async def store(
        self, form: ReceivedForm, owner: str, *, as_it_is: bool = False
    ) -> list[StoredFile]:
        """Store the files of a form without their metadata; return the rows that are to be added.

        Raises:
            Invalid: One of them cannot be sent here, or its metadata cannot be removed.
            Unavailable: They cannot be inspected or stored just now.
        """
        rules, stored = self._limits().files, list[StoredFile]()
        try:
            with full_disk_told():
                for received in form.files:
                    given = FileToStore(received.path.stem, owner, received, as_it_is=as_it_is)
                    stored.append(await self._intake.store(given, rules))
        except Refusal:
            await self.discard(stored)
            raise
        return stored

    async def discard(self, files: Sequence[StoredFile]) -> None:
        """Remove stored files whose message was not posted."""
        for file in files:
            await self._storage.remove(file.blob_id)

    async def _require_room(
        self, sender: FormSender, length: int | None, most: FormLimits, limits: UploadLimits
    ) -> None:
        """Refuse what would be too much before a byte of it is read."""
        await require_free_disk(self._data, limits.disk_reserve)
        least = max(0, (length or 0) - most.text)
        await self._database.read(require_quota, sender.payer, least, limits.quota, by_program=True)
        size = -(-(length or most.total) // MIB)
        self._rate_limiter.take(limits.byte_rate, sender.payer, size)


def _delete_all(paths: Iterable[Path]) -> None:
    for path in paths:
        delete_temp_files(path)
