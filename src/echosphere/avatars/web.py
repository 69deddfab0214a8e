"""HTTP routes to upload and download avatars."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from quart import Response, request

from echosphere.accounts import OwnUserAnswer
from echosphere.avatars.access import UNKNOWN, access_avatar
from echosphere.avatars.avatar import AVATAR_RATE, FOLDER, MAX_SIZE, TYPE, id_from_path
from echosphere.avatars.replace import ReplaceOwnAvatar
from echosphere.core.caller import Caller
from echosphere.core.errors import Conflict, Forbidden, Invalid, NotFound, TooMany, Unavailable
from echosphere.core.ids import new_id
from echosphere.core.rate_limits import RateLimiter
from echosphere.database import Database
from echosphere.media import (
    IMAGE_TYPES,
    SandboxPool,
    Storage,
    UploadTimeouts,
    delete_temp_files,
    detect_type,
    file_headers,
    multipart_boundary,
    receive_file,
    requested_range,
)
from echosphere.web import Api, request_body

IMMUTABLE = "private, max-age=31536000, immutable"
"""The `Cache-Control` of an avatar under its id, which never changes."""

REVALIDATE = "private, no-cache"
SEND_TIMEOUT = 60
"""Seconds in which a client must receive an avatar."""


class AvatarRoutes:
    """Serves and receives avatars; the caller checks the right to set one.

    Args:
        database: Holds their rows.
        storage: Holds the files, in a folder of their own.
        sandbox: Decodes untrusted images.
        rate_limiter: Limits how often a user sets an avatar.
    """

    def __init__(
        self,
        database: Database,
        storage: Storage,
        sandbox: SandboxPool,
        rate_limiter: RateLimiter,
    ) -> None:
        self._database = database
        self._storage = storage.subfolder(FOLDER)
        self._sandbox = sandbox
        self._rate_limiter = rate_limiter
        self._busy: set[str] = set()

    def serve(self, api: Api) -> None:
        """Add the routes."""
        api.put("/me/avatar", self.set_own, answer=OwnUserAnswer, upload=True)
        api.get("/avatars/<avatar>", self.show)

    async def set_own(self, caller: Caller) -> OwnUserAnswer:
        """Set the caller's avatar, cropped to a square."""
        async with self.receive(caller) as avatar:
            own = await self._database.write(ReplaceOwnAvatar(caller.user_id, avatar))
            return OwnUserAnswer(own)

    async def show(self, caller: Caller, avatar: str) -> Response:
        """Return an avatar of 512 pixels, as WebP."""
        found = await self._database.read(access_avatar, caller.user_id, avatar)
        return await self._respond(found.id, IMMUTABLE)

    async def avatar_response(self, address: str) -> Response:
        """Return a response with the avatar at a path; the caller has checked the right to see it."""
        return await self._respond(id_from_path(address), REVALIDATE)

    @asynccontextmanager
    async def receive(self, caller: Caller) -> AsyncIterator[str]:
        """Store the avatar of the current request, and delete it if the block raises a refusal.

        Yields:
            The id under which it is stored.

        Raises:
            Invalid: It is not an image.
            TooLarge: It has too many bytes or pixels.
            TooMany: The user uploads too often, or another avatar at the same time.
        """
        boundary = multipart_boundary(
            request.headers.get("content-type"), request.content_length, MAX_SIZE
        )
        self._rate_limiter.take(AVATAR_RATE, caller.user_id)
        if caller.user_id in self._busy:
            raise TooMany(
                "Another picture of yours is being uploaded. Wait for it to finish.", retry_after=5
            )
        self._busy.add(caller.user_id)
        try:
            avatar = await self._store_upload(boundary)
            try:
                yield avatar
            except (Conflict, Forbidden, NotFound):  # certainly not committed
                await self._storage.remove(avatar)
                raise
        finally:
            self._busy.discard(caller.user_id)

    async def _store_upload(self, boundary: bytes) -> str:
        avatar = new_id()
        path = self._storage.incoming / f"{avatar}.part"
        try:
            received = await receive_file(
                request_body(request), boundary, path, MAX_SIZE, UploadTimeouts()
            )
            image = await self._make_avatar(path, detect_type(bytes(received.head)))
            await self._storage.put(image, avatar)
        except OSError as error:
            raise Unavailable("The picture cannot be stored right now.", retry_after=30) from error
        finally:
            await asyncio.to_thread(delete_temp_files, path)
        return avatar

    async def _make_avatar(self, path: Path, content_type: str) -> Path:
        is_image = content_type in IMAGE_TYPES
        image = await self._sandbox.make_avatar(path, content_type) if is_image else None
        if image is None:
            problem = "is not a readable picture"
            sentence = f"The file {problem}. Send a JPEG, PNG, GIF, WebP or AVIF."
            raise Invalid(sentence, fields={"file": problem})
        return image

    async def _respond(self, avatar: str, cached: str) -> Response:
        try:
            size = await self._storage.size(avatar)
            part = requested_range(request.headers, avatar, size)
            sends = part.length and request.method != "HEAD"
            body = await self._storage.read(avatar, part.start, part.end) if sends else None
        except FileNotFoundError:  # replaced a moment ago
            raise NotFound(UNKNOWN) from None
        response = Response(body if body is not None else b"", status=part.status)
        response.headers.pop("Content-Type", None)
        response.headers.update(
            file_headers(part, content_type=TYPE, name="avatar.webp", etag=avatar)
        )
        response.headers["Cache-Control"] = cached
        response.timeout = SEND_TIMEOUT
        return response
