"""JSON-RPC messages of the Model Context Protocol, as far as a server without sessions needs them.

Two kinds of the protocol are spoken (modelcontextprotocol.io/specification): revisions that begin with
`initialize`, and from 2026-07-28 on requests that each say for themselves what they need to.
"""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec
from msgspec import UNSET, UnsetType

from echosphere import __version__

HANDSHAKE_VERSIONS = ("2025-06-18", "2025-11-25")
"""Revisions that begin with `initialize`, oldest first."""

STATELESS_VERSION = "2026-07-28"
VERSIONS = (*HANDSHAKE_VERSIONS, STATELESS_VERSION)

PARSE_ERROR = -32700
INVALID_REQUEST = -32600
METHOD_NOT_FOUND = -32601
INVALID_PARAMS = -32602
HEADER_MISMATCH = -32020
UNSUPPORTED_VERSION = -32022

STATUS = {METHOD_NOT_FOUND: 404}
"""HTTP statuses of errors in the stateless revision; others are 400."""

VERSION_HEADER, METHOD_HEADER = "mcp-protocol-version", "mcp-method"

META = "io.modelcontextprotocol"
VERSION_META, SERVER_META = f"{META}/protocolVersion", f"{META}/serverInfo"

SERVER_INFO = {"name": "echosphere", "title": "EchoSphere", "version": __version__}

Result = dict[str, Any]


class RpcMessage(msgspec.Struct, frozen=True):
    """A request, a notification (without `id`) or a response (without `method`)."""

    jsonrpc: Literal["2.0"]
    method: str | UnsetType = UNSET
    id: int | str | UnsetType = UNSET
    params: dict[str, Any] = {}

    @property
    def is_request(self) -> bool:
        """Whether it is to be answered."""
        return self.id is not UNSET and self.method is not UNSET

    @property
    def version(self) -> str | None:
        """The revision that a stateless request names; None for the others."""
        meta = self.params.get("_meta")
        found = meta.get(VERSION_META) if isinstance(meta, dict) else None
        return found if isinstance(found, str) else None


class RpcError(Exception):
    """A message that cannot be answered; what a tool refuses is a result instead."""

    def __init__(self, code: int, message: str, data: Any = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.data = data


def parse(content: bytes) -> RpcMessage:
    """Return the message.

    Raises:
        RpcError: It is not JSON, or not a single JSON-RPC message.
    """
    try:
        return msgspec.json.decode(content, type=RpcMessage)
    except msgspec.ValidationError as error:
        raise RpcError(INVALID_REQUEST, f"This is not a JSON-RPC 2.0 message: {error}.") from None
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise RpcError(PARSE_ERROR, "The body is not valid JSON.") from None


def require_known_version(message: RpcMessage, headers: Mapping[str, str]) -> None:
    """Refuse revisions that we do not speak, and a stateless request whose headers say otherwise.

    Raises:
        RpcError: The revision is not spoken, or the headers name another revision or method.
    """
    given = headers.get(VERSION_HEADER)
    if message.version is None:
        if given is not None and given not in HANDSHAKE_VERSIONS and message.method != "initialize":
            raise _unsupported(given)
        return
    if message.version != given or headers.get(METHOD_HEADER) != message.method:
        raise RpcError(
            HEADER_MISMATCH, "The headers name another revision or method than the request."
        )
    if message.version != STATELESS_VERSION:
        raise _unsupported(message.version)


def _unsupported(version: str) -> RpcError:
    return RpcError(
        UNSUPPORTED_VERSION,
        f"This server does not support the revision {version[:40]!r}.",
        {"supported": list(VERSIONS), "requested": version[:40]},
    )


def initialized(params: Mapping[str, Any], instructions: str) -> Result:
    """Return the answer to `initialize`: the revision that was asked for, if we speak it."""
    wanted = params.get("protocolVersion")
    return {
        "protocolVersion": wanted if wanted in HANDSHAKE_VERSIONS else HANDSHAKE_VERSIONS[-1],
        "capabilities": {"tools": {}},
        "serverInfo": SERVER_INFO,
        "instructions": instructions,
    }


def discovered(instructions: str) -> Result:
    """Return the answer to `server/discover`."""
    return {
        "supportedVersions": list(VERSIONS),
        "capabilities": {"tools": {}},
        "instructions": instructions,
        "ttlMs": 3_600_000,
        "cacheScope": "public",
    }


def tool_result(content: Any) -> Result:
    """Return what a tool found, as JSON for programs and, as the protocol asks for, as text."""
    text = msgspec.json.encode(content).decode()
    return {
        "content": [{"type": "text", "text": text}],
        "structuredContent": content,
        "isError": False,
    }


def tool_refusal(sentence: str) -> Result:
    """Return why a tool did not do it, for the model to read."""
    return {"content": [{"type": "text", "text": sentence}], "isError": True}


def answer(message: RpcMessage, result: Result) -> dict[str, Any]:
    """Return the response to a request."""
    if message.version is not None:
        result = {"resultType": "complete", "_meta": {SERVER_META: SERVER_INFO}} | result
    return {"jsonrpc": "2.0", "id": message.id, "result": result}


def error_answer(message: RpcMessage | None, error: RpcError) -> dict[str, Any]:
    """Return the response that says what is wrong with a message."""
    about: dict[str, Any] = {"code": error.code, "message": error.message}
    if error.data is not None:
        about["data"] = error.data
    known = message.id if message is not None and message.id is not UNSET else None
    return {"jsonrpc": "2.0", "id": known, "error": about}
