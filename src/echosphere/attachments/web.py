"""The HTTP door of attachments: upload, download, thumbnail, discard."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

from quart import Response, request

from echosphere.attachments.access import UNKNOWN, access_attachment
from echosphere.attachments.add import MIB, add_once, find_added, require_room
from echosphere.attachments.attachment import (
    UNKNOWN_TYPE,
    Quota,
    StoredFile,
    is_picture_film_or_sound,
)
from echosphere.attachments.content_type import type_of
from echosphere.attachments.headers import headers_of
from echosphere.attachments.previews import LOOKED_INTO, Preview, Previews
from echosphere.attachments.ranges import Part, part_of
from echosphere.attachments.receive import Patience, Received, boundary_of, receive_file
from echosphere.attachments.reserve import Reserve
from echosphere.attachments.sandbox.outcome import Look
from echosphere.attachments.storage import Storage
from echosphere.attachments.wire import AttachmentAnswer, Upload, attachment_shape
from echosphere.core.caller import Caller
from echosphere.core.errors import Conflict, Invalid, NotFound, QuotaExceeded, TooMany, Unavailable
from echosphere.core.ids import new_id
from echosphere.core.rate_limits import Rate, RateLimiter
from echosphere.database import Creation, Database
from echosphere.web import Api, Json, request_body

UPLOADS = Rate("uploads", burst=60, every=1.0)
MINUTES_AT_ONCE = 5
FORM = 4_096
"""Bytes of a form that are not its file; what is really stored is counted when it is there."""

MAX_AT_ONCE = 20
"""Uploads that one person may have under way."""

SLOWEST_READER = 8 * 1024
"""Bytes a second; who takes less on average, after a minute, is cut off."""

CANNOT_BE_CLEANED = (
    "This file may tell where, when and with what it was made, and that cannot be removed."
)
NOTHING_SEEN = Look(None, None, thumbnail=False)
THUMBNAIL_TYPE = "image/webp"


class AttachmentDoor:
    """Serves attachments.

    Args:
        database: Where their rows are.
        storage: Where their bytes are.
        previews: Looks into images and documents.
        rate_limiter: How often somebody may upload.
        max_size: Bytes of one file.
        reserve: Room on the disk that no file may take.
        quota: How many bytes there may be, of one person and in all.
        mib_per_minute: How much one person may upload in a minute.
        patience: How slow a sender may be.
    """

    def __init__(
        self,
        database: Database,
        storage: Storage,
        previews: Previews,
        rate_limiter: RateLimiter,
        *,
        max_size: int,
        reserve: Reserve,
        quota: Quota,
        mib_per_minute: int,
        patience: Patience | None = None,
    ) -> None:
        self._database = database
        self._storage = storage
        self._previews = previews
        self._rate_limiter = rate_limiter
        self._max_size = max_size
        self._reserve = reserve
        self._quota = quota
        self._bytes = Rate(
            "bytes of uploads", MINUTES_AT_ONCE * mib_per_minute, 60 / mib_per_minute
        )
        self._patience = patience or Patience()
        self._under_way: Counter[str] = Counter()

    def serve(self, api: Api) -> None:
        """Offer the calls."""
        api.post(
            "/attachments",
            self.upload,
            query=Upload,
            answer=AttachmentAnswer,
            status=201,
            upload=True,
        )
        api.get("/attachments/<attachment>", self.download)
        api.get("/attachments/<attachment>/thumbnail", self.thumbnail)

    async def upload(self, caller: Caller, query: Upload) -> Response:
        """Upload a file, to be sent in a message within a day."""
        boundary = boundary_of(
            request.headers.get("content-type"), request.content_length, self._max_size
        )
        self._rate_limiter.take(UPLOADS, caller.user_id)
        with self._one_more_of(caller.user_id):
            wish = Creation(caller.user_id, "attachments", query.key)
            known = await self._database.read(find_added, wish)
            if known is not None:
                return _answer(known, new=False)
            await self._reserve.require()
            size = request.content_length or self._max_size
            room_for = max(0, (request.content_length or 0) - FORM)
            await self._database.read(require_room, caller.user_id, room_for, self._quota)
            self._rate_limiter.take(self._bytes, caller.user_id, -(-size // MIB))
            return await self._take_in(caller, boundary, query, wish)

    @contextmanager
    def _one_more_of(self, user: str) -> Iterator[None]:
        if self._under_way[user] >= MAX_AT_ONCE:
            raise TooMany("Too many uploads at once. Wait for one to finish.", retry_after=5)
        self._under_way[user] += 1
        try:
            yield
        finally:
            self._under_way[user] -= 1
            if not self._under_way[user]:
                del self._under_way[user]

    async def _take_in(
        self, caller: Caller, boundary: bytes, query: Upload, wish: Creation
    ) -> Response:
        attachment = new_id()
        path = self._storage.incoming / f"{attachment}.part"
        try:
            received = await receive_file(
                request_body(request), boundary, path, self._max_size, self._patience
            )
            file = await self._store(caller, attachment, received, query)
        except OSError as error:
            raise Unavailable("The file cannot be stored just now.", retry_after=30) from error
        finally:
            await asyncio.to_thread(_remove_leftovers, path)
        try:
            added = await self._database.write(add_once, wish, file, self._quota)
        except (
            Conflict,
            QuotaExceeded,
        ):  # surely not stored; after any other error it may have been
            await self._storage.remove(attachment)
            raise
        if added.id != attachment:  # the same upload came in twice at once
            await self._storage.remove(attachment)
        return _answer(added, new=added.id == attachment)

    async def _store(
        self, caller: Caller, attachment: str, received: Received, query: Upload
    ) -> StoredFile:
        kind, preview = await self._look(received, as_it_is=query.as_it_is)
        look = preview.look if preview else NOTHING_SEEN
        kept = preview.cleaned if preview and preview.cleaned else received.path
        size = (await asyncio.to_thread(kept.stat)).st_size
        is_audio = kind.startswith("audio/")
        if preview is not None and preview.thumbnail is not None:
            await self._storage.keep(preview.thumbnail, attachment, thumbnail=True)
        await self._storage.keep(kept, attachment)
        return StoredFile(
            id=attachment,
            owner=caller.user_id,
            conversation=None,
            seq=None,
            name=received.name,
            type=kind,
            size=size,
            width=look.width,
            height=look.height,
            thumbnail=look.thumbnail,
            stored=attachment,
            duration=query.duration if is_audio and query.duration else look.duration,
            waveform=query.waveform if is_audio else None,
            animated=look.animated,
            ground=look.ground,
        )

    async def _look(self, received: Received, *, as_it_is: bool) -> tuple[str, Preview | None]:
        """Return the type of a file and what was found in it; it is cleaned then.

        Raises:
            Invalid: It is one that must be cleaned, cannot be, and was not wanted as it is.
        """
        kind = type_of(bytes(received.head))
        looked = kind in LOOKED_INTO
        preview = await self._previews.look(received.path, kind) if looked else None
        if preview is not None:
            return preview.look.type or kind, preview
        if is_picture_film_or_sound(kind) and not as_it_is:
            raise Invalid(CANNOT_BE_CLEANED, fields={"as_it_is": "is needed for this file"})
        if looked and kind.startswith("image/"):
            return UNKNOWN_TYPE, None  # it only pretends to be one
        return kind, None

    async def download(self, caller: Caller, attachment: str) -> Response:
        """Return the file, or the range of it that was asked for."""
        file = await self._database.read(access_attachment, caller.user_id, attachment)
        part = part_of(request.headers, file.id, file.size)
        body = await self._body(file, part, thumbnail=False)
        headers = headers_of(part, kind=file.type, name=file.name, etag=file.id)
        return _response(part, body, headers)

    async def thumbnail(self, caller: Caller, attachment: str) -> Response:
        """Return a small WebP picture of an image or of a document's first page."""
        file = await self._database.read(access_attachment, caller.user_id, attachment)
        if not file.thumbnail:
            raise NotFound("There is no thumbnail of this attachment.")
        etag = f"{file.id}-thumbnail"
        try:
            size = await self._storage.size(file.stored, thumbnail=True)
        except FileNotFoundError:
            raise NotFound(UNKNOWN) from None
        part = part_of(request.headers, etag, size)
        body = await self._body(file, part, thumbnail=True)
        name = f"{Path(file.name).stem}.webp"
        return _response(part, body, headers_of(part, kind=THUMBNAIL_TYPE, name=name, etag=etag))

    async def _body(
        self, file: StoredFile, part: Part, *, thumbnail: bool
    ) -> AsyncIterator[bytes] | None:
        if not part.length or request.method == "HEAD":
            return None
        try:
            return await self._storage.read(file.stored, part.start, part.end, thumbnail=thumbnail)
        except FileNotFoundError:  # its message was deleted a moment ago
            raise NotFound(UNKNOWN) from None


def _answer(file: StoredFile, *, new: bool) -> Response:
    return Json.of(AttachmentAnswer(attachment_shape(file)), 201 if new else 200)


def _response(part: Part, body: AsyncIterator[bytes] | None, headers: dict[str, str]) -> Response:
    response = Response(body if body is not None else b"", status=part.status)
    response.headers.pop("Content-Type", None)
    response.headers.update(headers)
    response.timeout = 60 + part.length // SLOWEST_READER
    return response


def _remove_leftovers(path: Path) -> None:
    for suffix in (".part", ".thumbnail", ".cleaned"):
        path.with_suffix(suffix).unlink(missing_ok=True)
