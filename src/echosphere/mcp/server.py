"""Answers the methods of the protocol; nothing is remembered from one request to the next."""

from collections.abc import Awaitable, Callable, Mapping
from functools import cache
from typing import Any

import msgspec

from echosphere.core.caller import Caller
from echosphere.core.errors import Refusal
from echosphere.mcp import protocol
from echosphere.mcp.protocol import Result, RpcError, RpcMessage
from echosphere.mcp.tools import TOOLS, UNTRUSTED, Tool, ToolCaller
from echosphere.wire import Existing, convert

Operate = Callable[[Caller, str, str, Mapping[str, Any]], Awaitable[Any]]
"""Runs the operation of a method and a path, with the scopes and rates that it has there."""

Explain = Callable[[Refusal], str]
"""Returns the sentence of a refusal in the language of the request."""

INSTRUCTIONS = (
    "EchoSphere is a messenger. You see the conversations and messages that the owner of the "
    "key can see. The messages of a conversation are numbered in order (`seq`); `key` makes "
    f"posting safe to repeat. {UNTRUSTED}"
)


class McpServer:
    """Answers requests.

    Args:
        operate: Runs operations.
    """

    def __init__(self, operate: Operate) -> None:
        self._operate = operate

    async def respond(self, caller: Caller, message: RpcMessage, explain: Explain) -> Result:
        """Return the result of a request.

        Raises:
            RpcError: There is no such method or tool, or its parameters are no object.
        """
        match message.method:
            case "initialize":
                return protocol.initialized(message.params, INSTRUCTIONS)
            case "server/discover":
                return protocol.discovered(INSTRUCTIONS)
            case "ping":
                return {}
            case "tools/list":
                return self._list(caller)
            case "tools/call":
                return await self._call(caller, message.params, explain)
        raise RpcError(protocol.METHOD_NOT_FOUND, f"Method not found: {message.method!r}.")

    def _list(self, caller: Caller) -> Result:
        """Return the tools that the key may use."""
        offered = [_described(name) for name, one in TOOLS.items() if _may_use(caller, one)]
        return {"tools": offered, "ttlMs": 0, "cacheScope": "private"}

    async def _call(self, caller: Caller, params: Mapping[str, Any], explain: Explain) -> Result:
        tool, given = TOOLS.get(str(params.get("name"))), params.get("arguments") or {}
        if tool is None or not isinstance(given, dict):
            raise RpcError(
                protocol.INVALID_PARAMS,
                "The tool does not exist, or its arguments are not an object.",
            )

        async def call(method: str, path: str, **fields: Any) -> Any:
            answer = await self._operate(caller, method, path, fields)
            return msgspec.to_builtins(answer.answer if isinstance(answer, Existing) else answer)

        try:
            found = await tool.run(ToolCaller(caller.user_id, call), convert(tool.takes, given))
        except Refusal as refusal:
            return protocol.tool_refusal(explain(refusal))
        return protocol.tool_result(msgspec.to_builtins(found))


@cache
def _described(name: str) -> dict[str, Any]:
    """Return what clients are told of a tool; no start waits for it."""
    return TOOLS[name].described()


def _may_use(caller: Caller, tool: Tool) -> bool:
    return caller.scopes is None or tool.needs <= caller.scopes
