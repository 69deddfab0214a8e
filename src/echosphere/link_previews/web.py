"""Serves preview images from our own storage, so that readers never contact the linked site."""

from quart import Response, request

from echosphere.core.caller import Caller
from echosphere.core.errors import NotFound
from echosphere.database import Database
from echosphere.link_previews.access import UNKNOWN, access_image
from echosphere.link_previews.jobs import FOLDER
from echosphere.media import Storage, file_headers, requested_range
from echosphere.web import Api

TYPE = "image/webp"
SEND_TIMEOUT = 60
"""Seconds that a client may take to receive an image."""


class PreviewImagesApi:
    """Serves preview images to those who may see the message."""

    def __init__(self, database: Database, storage: Storage) -> None:
        self._database = database
        self._storage = storage.subfolder(FOLDER)

    def serve(self, api: Api) -> None:
        """Add the route."""
        api.get("/previews/<preview>", self.show)

    async def show(self, caller: Caller, preview: str) -> Response:
        """Return the image of a link preview, as WebP."""
        image_id = await self._database.read(access_image, caller.user_id, preview)
        try:
            part = requested_range(request.headers, image_id, await self._storage.size(image_id))
            has_body = part.length and request.method != "HEAD"
            body = await self._storage.read(image_id, part.start, part.end) if has_body else None
        except FileNotFoundError:  # its message was changed a moment ago
            raise NotFound(UNKNOWN) from None
        response = Response(body if body is not None else b"", status=part.status)
        response.headers.pop("Content-Type", None)
        response.headers.update(
            file_headers(part, content_type=TYPE, name="preview.webp", etag=image_id)
        )
        response.timeout = SEND_TIMEOUT
        return response
