"""The route that sends a finished download to its owner."""

from datetime import UTC, datetime

from quart import Response, request

from echosphere.core.caller import Caller
from echosphere.core.errors import NotFound
from echosphere.data_export.ask import UNKNOWN, access_export
from echosphere.data_export.export import FOLDER, DataExport
from echosphere.database import Database
from echosphere.media import Storage, file_headers, requested_range
from echosphere.web import Api

TYPE = "application/zip"
MIN_SPEED = 8 * 1024
"""Bytes a second on average; slower downloads are cut off after a minute, and can go on."""


class ExportRoutes:
    """Serves finished downloads, or ranges of them."""

    def __init__(self, database: Database, storage: Storage) -> None:
        self._database = database
        self._storage = storage.subfolder(FOLDER)

    def serve(self, api: Api) -> None:
        """Add the route."""
        api.get("/me/export/<export>", self.download)

    async def download(self, caller: Caller, export: str) -> Response:
        """Return the caller's download, or the range of it that was asked for."""
        found = await self._database.read(access_export, caller.user_id, export)
        part = requested_range(request.headers, found.id, found.size or 0)
        sends = part.length and request.method != "HEAD"
        try:
            body = await self._storage.read(found.id, part.start, part.end) if sends else b""
        except FileNotFoundError:  # deleted a moment ago
            raise NotFound(UNKNOWN) from None
        response = Response(body, status=part.status)
        response.headers.pop("Content-Type", None)
        headers = file_headers(part, content_type=TYPE, name=_name(found), etag=found.id)
        response.headers.update(headers)
        response.headers["Cache-Control"] = "private, no-store"
        response.timeout = 60 + part.length // MIN_SPEED
        return response


def _name(export: DataExport) -> str:
    asked = datetime.fromtimestamp(export.requested_at / 1000, UTC)
    return f"echosphere-{asked:%Y-%m-%d}.zip"
