"""Processes a received file: detects its type, removes metadata, and stores it."""

import asyncio
from dataclasses import dataclass

from echosphere.attachments.attachment import StoredFile, may_hold_metadata
from echosphere.attachments.file_rules import FileRules
from echosphere.core.errors import Invalid
from echosphere.media import (
    INSPECTED_TYPES,
    UNKNOWN_TYPE,
    InspectedFile,
    Inspection,
    ReceivedFile,
    SandboxPool,
    Storage,
    detect_type,
)

CANNOT_BE_CLEANED = (
    "This file may reveal where, when and with what device it was made, and that cannot be removed."
)
REFUSED_TYPE = "Files of this type cannot be sent on this server."
NOT_INSPECTED = Inspection(None, None, thumbnail=False)


@dataclass(frozen=True, slots=True)
class FileToStore:
    """A received file, and what is said about it.

    Attributes:
        id: That of the attachment.
        owner: The id of the user whose file it is.
        as_it_is: It may be stored with its metadata, where these cannot be removed.
        duration: Of a recording, in milliseconds.
        waveform: Of a voice message.
    """

    id: str
    owner: str
    received: ReceivedFile
    as_it_is: bool = False
    duration: int | None = None
    waveform: str | None = None


class FileIntake:
    """Inspects and stores files, whoever brings them.

    Args:
        storage: Takes the files.
        sandbox: Inspects images, recordings and documents.
    """

    def __init__(self, storage: Storage, sandbox: SandboxPool) -> None:
        self._storage = storage
        self._sandbox = sandbox

    async def store(self, given: FileToStore, rules: FileRules) -> StoredFile:
        """Store a file without its metadata, and return the row that is to be added.

        Raises:
            Invalid: Such files cannot be sent here, or its metadata cannot be removed.
            Unavailable: It cannot be inspected or stored just now.
        """
        attachment, received = given.id, given.received
        content_type, inspected = await self._inspect(received, as_it_is=given.as_it_is)
        if rules.refuse(content_type, received.name):
            raise Invalid(REFUSED_TYPE, fields={"file": REFUSED_TYPE})
        inspection = inspected.inspection if inspected else NOT_INSPECTED
        path = inspected.cleaned if inspected and inspected.cleaned else received.path
        size = (await asyncio.to_thread(path.stat)).st_size
        is_audio = content_type.startswith("audio/")
        if inspected is not None and inspected.thumbnail is not None:
            await self._storage.put(inspected.thumbnail, attachment, thumbnail=True)
        await self._storage.put(path, attachment)
        return StoredFile(
            id=attachment,
            owner=given.owner,
            conversation=None,
            seq=None,
            name=received.name,
            type=content_type,
            size=size,
            width=inspection.width,
            height=inspection.height,
            thumbnail=inspection.thumbnail,
            blob_id=attachment,
            duration=given.duration if is_audio and given.duration else inspection.duration,
            waveform=given.waveform if is_audio else None,
            animated=inspection.animated,
            background=inspection.background,
        )

    async def _inspect(
        self, received: ReceivedFile, *, as_it_is: bool
    ) -> tuple[str, InspectedFile | None]:
        """Return the type of a file and, if it could be inspected, the result; removes metadata.

        Raises:
            Invalid: Its metadata cannot be removed, and it was not sent `as_it_is`.
        """
        content_type = detect_type(bytes(received.head))
        is_inspected = content_type in INSPECTED_TYPES
        inspected = (
            await self._sandbox.inspect(received.path, content_type) if is_inspected else None
        )
        if inspected is not None:
            return inspected.inspection.type or content_type, inspected
        if may_hold_metadata(content_type) and not as_it_is:
            raise Invalid(CANNOT_BE_CLEANED, fields={"as_it_is": "is required for this file"})
        if is_inspected and content_type.startswith("image/"):
            return UNKNOWN_TYPE, None  # only its first bytes are those of an image
        return content_type, None
