"""Describes the calls of the socket as AsyncAPI 3.0, from the same table that serves them."""

import asyncio
from collections.abc import Sequence
from functools import cache
from typing import Any

import msgspec
from quart import Response

from echosphere import __version__
from echosphere.api.operation import AnyOperation
from echosphere.web import PREFIX, Api
from echosphere.wire import Shape

COMPONENT = "#/components/schemas/{name}"
SOCKET = {"$ref": "#/channels/socket"}
ACCEPTED = {"ok": {"const": True}}


def serve_description(api: Api, operations: Sequence[AnyOperation]) -> None:
    """Serve the document at `/asyncapi.json`; the first who asks has it made."""

    @cache
    def document() -> bytes:
        return msgspec.json.encode(describe(operations))

    async def asyncapi() -> Response:
        return Response(await asyncio.to_thread(document), content_type="application/json")

    api.app.add_url_rule(f"{PREFIX}/asyncapi.json", view_func=asyncapi, methods=["GET"])


def describe(operations: Sequence[AnyOperation]) -> dict[str, Any]:
    """Return the calls as an AsyncAPI document."""
    calls = {one.name: one for one in operations if one.name is not None}
    shapes = {shape for one in calls.values() for shape in (one.shape, one.answer) if shape}
    ordered = sorted(shapes, key=lambda shape: shape.__name__)
    schemas, components = msgspec.json.schema_components(ordered, ref_template=COMPONENT)
    schema_of = dict(zip(ordered, schemas, strict=True))
    messages: dict[str, Any] = {}
    for name, one in calls.items():
        messages[name] = {"name": name, "payload": schema_of[one.shape]}
        messages[_answer_to(name)] = {"payload": _acknowledgement(one.answer, schema_of)}
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "EchoSphere", "version": __version__, "license": {"name": "MIT"}},
        "channels": {
            "socket": {
                "address": "/socket.io/",
                "messages": {one: _message(one) for one in messages},
            }
        },
        "operations": {name: _operation(name, one.summary) for name, one in calls.items()},
        "components": {"schemas": components, "messages": messages},
    }


def _operation(name: str, summary: str) -> dict[str, Any]:
    return {
        "action": "receive",
        "channel": SOCKET,
        "summary": summary,
        "messages": [_on_socket(name)],
        "reply": {"channel": SOCKET, "messages": [_on_socket(_answer_to(name))]},
    }


def _acknowledgement(
    answer: type[Shape] | None, schema_of: dict[type, dict[str, Any]]
) -> dict[str, Any]:
    """Return the schema of `{ok: true, …}`; a refusal is described in `docs/protocol.md`."""
    accepted: dict[str, Any] = {"type": "object", "properties": ACCEPTED, "required": ["ok"]}
    return accepted if answer is None else {"allOf": [accepted, schema_of[answer]]}


def _answer_to(name: str) -> str:
    return f"{name}.answer"


def _message(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/messages/{name}"}


def _on_socket(name: str) -> dict[str, str]:
    return {"$ref": f"#/channels/socket/messages/{name}"}
