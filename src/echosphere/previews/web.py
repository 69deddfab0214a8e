"""The HTTP door of previews: their pictures, which are stored here and never fetched by readers."""

from quart import Response, request

from echosphere.attachments import Storage, headers_of, part_of
from echosphere.core.caller import Caller
from echosphere.core.errors import NotFound
from echosphere.database import Database
from echosphere.previews.access import UNKNOWN, access_picture
from echosphere.previews.preview import FOLDER
from echosphere.web import Api

TYPE = "image/webp"
SENDING_TIME = 60
"""Seconds that somebody may take to receive a picture."""


class PreviewsApi:
    """Serves the pictures of previews to those who may see the message."""

    def __init__(self, database: Database, storage: Storage) -> None:
        self._database = database
        self._storage = storage.within(FOLDER)

    def serve(self, api: Api) -> None:
        """Add the call."""
        api.get("/previews/<preview>", self.show)

    async def show(self, caller: Caller, preview: str) -> Response:
        """Return the picture of a link's preview, as WebP."""
        image = await self._database.read(access_picture, caller.user_id, preview)
        try:
            part = part_of(request.headers, image, await self._storage.size(image))
            sends = part.length and request.method != "HEAD"
            body = await self._storage.read(image, part.start, part.end) if sends else None
        except FileNotFoundError:  # its message was changed a moment ago
            raise NotFound(UNKNOWN) from None
        response = Response(body if body is not None else b"", status=part.status)
        response.headers.pop("Content-Type", None)
        response.headers.update(headers_of(part, kind=TYPE, name="preview.webp", etag=image))
        response.timeout = SENDING_TIME
        return response
