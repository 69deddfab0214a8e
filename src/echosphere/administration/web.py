"""The audit log as a file, for those who may read it."""

from collections.abc import AsyncIterator

from quart import Response

from echosphere.accounts import Action, require_permission
from echosphere.audit import export_lines
from echosphere.core.caller import Caller
from echosphere.database import Database
from echosphere.web import Api

TYPE = "application/x-ndjson"
SEND_TIMEOUT = 600
"""Seconds that a client may take to receive the log."""


class AuditExport:
    """Serves the audit log as JSON lines, page by page, in bounded memory."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def serve(self, api: Api) -> None:
        """Add the route."""
        api.get("/administration/audit/export", self.export)

    async def export(self, caller: Caller) -> Response:
        """Return the audit log as a file with one JSON object a line, the oldest entry first."""
        require_permission(caller, Action.READ_AUDIT_LOG)
        response = Response(self._lines(), content_type=TYPE)
        response.headers["Content-Disposition"] = 'attachment; filename="audit.jsonl"'
        response.timeout = SEND_TIMEOUT
        return response

    async def _lines(self) -> AsyncIterator[bytes]:
        async for line in export_lines(self._database):
            yield line.encode()
