"""The address of the MCP endpoint (Streamable HTTP): one JSON-RPC message in, one JSON answer out."""

from typing import Any

from quart import Quart, Response, request

from echosphere.core.errors import Refusal
from echosphere.i18n import translate_error
from echosphere.mcp import protocol
from echosphere.mcp.protocol import RpcError, RpcMessage
from echosphere.mcp.server import McpServer
from echosphere.web import Api, json_body, request_language
from echosphere.wire import encode

PATH = "/mcp"


class McpRoute:
    """Serves `POST /mcp`; other methods, with which clients ask for a stream, are refused with 405.

    Args:
        api: Finds who calls.
        server: Answers.
    """

    def __init__(self, api: Api, server: McpServer) -> None:
        self._api = api
        self._server = server

    def serve(self, app: Quart) -> None:
        """Add the route."""
        app.add_url_rule(PATH, "mcp", self.post, methods=["POST"])

    async def post(self) -> Response:
        """Answer a message."""
        caller = await self._api.program(request)
        content = await json_body(request)
        message: RpcMessage | None = None
        try:
            message = protocol.parse(content)
            headers = {name.lower(): value for name, value in request.headers.items()}
            protocol.require_known_version(message, headers)
            if not message.is_request:
                return Response(status=202)  # nothing that we would have to know
            result = await self._server.respond(caller, message, _explain)
        except RpcError as error:
            return _json(protocol.error_answer(message, error), _status_of(message, error))
        return _json(protocol.answer(message, result), 200)


def _status_of(message: RpcMessage | None, error: RpcError) -> int:
    """Return 200 for requests of earlier revisions, whose clients look for errors in the answer."""
    if message is None or message.version is not None or error.code == protocol.UNSUPPORTED_VERSION:
        return protocol.STATUS.get(error.code, 400)
    return 200


def _json(content: dict[str, Any], status: int) -> Response:
    return Response(encode(content), status=status, content_type="application/json")


def _explain(refusal: Refusal) -> str:
    translated = translate_error(request_language(), refusal)
    if refusal.retry_after is None:
        return translated.detail
    return f"{translated.detail} (Retry-After: {refusal.retry_after})"
