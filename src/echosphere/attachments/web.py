"""HTTP routes that upload, download and preview attachments."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

from quart import Response, request

from echosphere.attachments.access import UNKNOWN, access_attachment
from echosphere.attachments.add import MIB, AddAttachment, find_added, require_upload
from echosphere.attachments.attachment import StoredFile
from echosphere.attachments.disk_reserve import full_disk_told, require_free_disk
from echosphere.attachments.intake import FileIntake, FileToStore
from echosphere.attachments.limits import CurrentLimits, UploadLimits
from echosphere.attachments.upload_slots import UploadSlots
from echosphere.attachments.wire import AttachmentAnswer, Upload, attachment_shape
from echosphere.core.caller import Caller
from echosphere.core.errors import Conflict, NotFound, QuotaExceeded
from echosphere.core.ids import new_id
from echosphere.core.rate_limits import Rate, RateLimiter
from echosphere.core.scopes import READS, SENDS_FILES
from echosphere.database import Creation, Database
from echosphere.media import (
    ByteRange,
    SandboxPool,
    Storage,
    UploadTimeouts,
    delete_temp_files,
    file_headers,
    multipart_boundary,
    receive_file,
    requested_range,
)
from echosphere.web import Api, Json, request_body

UPLOADS = Rate("uploads", burst=60, every=1.0)
FORM_OVERHEAD = 4_096
"""Bytes of a form besides its file; the stored size is checked again after the upload."""

MAX_CONCURRENT = 20
"""Uploads of one user at the same time."""

MIN_DOWNLOAD_SPEED = 8 * 1024
"""Bytes a second on average; slower downloads are cut off after a minute."""

THUMBNAIL_TYPE = "image/webp"


class AttachmentRoutes:
    """Serves attachments.

    Args:
        database: Holds their rows.
        storage: Holds the files.
        sandbox: Inspects images, recordings and documents.
        rate_limiter: Limits the uploads of a user.
        data: The folder whose disk must not become full.
        limits: Returns the limits of this moment.
        timeouts: How slow a client may be.
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
        timeouts: UploadTimeouts | None = None,
    ) -> None:
        self._database = database
        self._storage = storage
        self._intake = FileIntake(storage, sandbox)
        self._rate_limiter = rate_limiter
        self._data = data
        self._limits = limits
        self._timeouts = timeouts or UploadTimeouts()
        self._slots = UploadSlots(MAX_CONCURRENT)

    def serve(self, api: Api) -> None:
        """Add the routes."""
        api.post(
            "/attachments",
            self.upload,
            query=Upload,
            answer=AttachmentAnswer,
            status=201,
            may_exist=True,
            upload=True,
            scopes=SENDS_FILES,
        )
        api.get("/attachments/<attachment>", self.download, scopes=READS)
        api.get("/attachments/<attachment>/thumbnail", self.thumbnail, scopes=READS)

    async def upload(self, caller: Caller, query: Upload) -> Response:
        """Upload a file, to be sent in a message within a day."""
        limits, length = self._limits(), request.content_length
        boundary = multipart_boundary(request.headers.get("content-type"), length, limits.max_size)
        self._rate_limiter.take(UPLOADS, caller.user_id)
        with self._slots.slot(caller.user_id):
            creation = Creation(caller.user_id, "attachments", query.key)
            existing = await self._database.read(find_added, creation)
            if existing is not None:
                return _attachment_response(existing, new=False)
            await require_free_disk(self._data, limits.disk_reserve)
            size = length or limits.max_size
            min_size = max(0, (length or 0) - FORM_OVERHEAD)
            await self._database.read(require_upload, caller.user_id, min_size, limits.quota)
            self._rate_limiter.take(limits.byte_rate, caller.user_id, -(-size // MIB))
            return await self._receive(caller, boundary, query, creation, limits)

    async def _receive(
        self,
        caller: Caller,
        boundary: bytes,
        query: Upload,
        creation: Creation,
        limits: UploadLimits,
    ) -> Response:
        attachment = new_id()
        path = self._storage.incoming / f"{attachment}.part"
        try:
            with full_disk_told():
                received = await receive_file(
                    request_body(request), boundary, path, limits.max_size, self._timeouts
                )
                file = await self._intake.store(
                    FileToStore(
                        id=attachment,
                        owner=caller.user_id,
                        received=received,
                        as_it_is=query.as_it_is,
                        duration=query.duration,
                        waveform=query.waveform,
                    ),
                    limits.files,
                )
        finally:
            await asyncio.to_thread(delete_temp_files, path)
        try:
            added = await self._database.write(AddAttachment(creation, file, limits.quota))
        except (Conflict, QuotaExceeded):  # certainly not committed, unlike after other errors
            await self._storage.remove(attachment)
            raise
        if added.id != attachment:  # the same upload was sent twice at once
            await self._storage.remove(attachment)
        return _attachment_response(added, new=added.id == attachment)

    async def download(self, caller: Caller, attachment: str) -> Response:
        """Return the file, or the range of it that was asked for."""
        file = await self._database.read(access_attachment, caller.user_id, attachment)
        part = requested_range(request.headers, file.id, file.size)
        body = await self._body(file, part, thumbnail=False)
        headers = file_headers(part, content_type=file.type, name=file.name, etag=file.id)
        return _file_response(part, body, headers)

    async def thumbnail(self, caller: Caller, attachment: str) -> Response:
        """Return a small WebP picture of an image or of a document's first page."""
        file = await self._database.read(access_attachment, caller.user_id, attachment)
        if not file.thumbnail:
            raise NotFound("This attachment has no thumbnail.")
        etag = f"{file.id}-thumbnail"
        try:
            size = await self._storage.size(file.blob_id, thumbnail=True)
        except FileNotFoundError:
            raise NotFound(UNKNOWN) from None
        part = requested_range(request.headers, etag, size)
        body = await self._body(file, part, thumbnail=True)
        name = f"{Path(file.name).stem}.webp"
        headers = file_headers(part, content_type=THUMBNAIL_TYPE, name=name, etag=etag)
        return _file_response(part, body, headers)

    async def _body(
        self, file: StoredFile, part: ByteRange, *, thumbnail: bool
    ) -> AsyncIterator[bytes] | None:
        if not part.length or request.method == "HEAD":
            return None
        try:
            return await self._storage.read(file.blob_id, part.start, part.end, thumbnail=thumbnail)
        except FileNotFoundError:  # its message was just deleted
            raise NotFound(UNKNOWN) from None


def _attachment_response(file: StoredFile, *, new: bool) -> Response:
    return Json.of(AttachmentAnswer(attachment_shape(file)), 201 if new else 200)


def _file_response(
    part: ByteRange, body: AsyncIterator[bytes] | None, headers: dict[str, str]
) -> Response:
    response = Response(body if body is not None else b"", status=part.status)
    response.headers.pop("Content-Type", None)
    response.headers.update(headers)
    response.timeout = 60 + part.length // MIN_DOWNLOAD_SPEED
    return response
