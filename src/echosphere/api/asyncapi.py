"""Generates the AsyncAPI 3.0 document of the socket's calls and events."""

import asyncio
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import msgspec
from quart import Response

from echosphere import __version__
from echosphere.api.event import Event
from echosphere.api.operation import AnyOperation
from echosphere.web import PREFIX, Api
from echosphere.wire import Shape

COMPONENT = "#/components/schemas/{name}"
SOCKET = {"$ref": "#/channels/socket"}
ACCEPTED = {"type": "object", "properties": {"ok": {"const": True}}, "required": ["ok"]}

Schema = dict[str, Any]


def serve_description(
    api: Api, operations: Sequence[AnyOperation], events: Sequence[Event]
) -> None:
    """Serve the document at `/asyncapi.json`; the first request builds it."""

    @cache
    def document() -> bytes:
        return msgspec.json.encode(describe(operations, events))

    async def asyncapi() -> Response:
        return Response(await asyncio.to_thread(document), content_type="application/json")

    api.app.add_url_rule(f"{PREFIX}/asyncapi.json", view_func=asyncapi, methods=["GET"])


def describe(operations: Sequence[AnyOperation], events: Sequence[Event]) -> dict[str, Any]:
    """Return the calls and events as an AsyncAPI document."""
    calls = {one.name: one for one in operations if one.name is not None}
    schema_of, components = _schemas(_shapes(calls.values(), events))
    messages: dict[str, Any] = {}
    for name, one in calls.items():
        messages[name] = {"name": name, "payload": schema_of[one.shape]}
        messages[_answer_to(name)] = {"payload": _acknowledgement(one.answer, schema_of)}
    for event in events:
        messages[_event(event.name)] = {"name": event.name, "payload": _one_of(event, schema_of)}
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "EchoSphere", "version": __version__, "license": {"name": "MIT"}},
        "channels": {
            "socket": {
                "address": "/socket.io/",
                "messages": {one: {"$ref": f"#/components/messages/{one}"} for one in messages},
            }
        },
        "operations": {name: _received(name, one.summary) for name, one in calls.items()}
        | {_event(one.name): _sent(one.name) for one in events},
        "components": {"schemas": components, "messages": messages},
    }


def _shapes(calls: Iterable[AnyOperation], events: Sequence[Event]) -> set[type]:
    shapes = {shape for one in calls for shape in (one.shape, one.answer) if shape is not None}
    return shapes | {shape for event in events for shape in event.shapes}


def _schemas(shapes: set[type]) -> tuple[dict[type, Schema], dict[str, Schema]]:
    ordered = sorted(shapes, key=lambda shape: shape.__name__)
    schemas, components = msgspec.json.schema_components(ordered, ref_template=COMPONENT)
    return dict(zip(ordered, schemas, strict=True)), components


def _received(name: str, summary: str) -> dict[str, Any]:
    return {
        "action": "receive",
        "channel": SOCKET,
        "summary": summary,
        "messages": [_on_socket(name)],
        "reply": {"channel": SOCKET, "messages": [_on_socket(_answer_to(name))]},
    }


def _sent(name: str) -> dict[str, Any]:
    return {"action": "send", "channel": SOCKET, "messages": [_on_socket(_event(name))]}


def _acknowledgement(answer: type[Shape] | None, schema_of: dict[type, Schema]) -> Schema:
    """Return the schema of `{ok: true, …}`; a refusal is described in `docs/protocol.md`."""
    return ACCEPTED if answer is None else {"allOf": [ACCEPTED, schema_of[answer]]}


def _one_of(event: Event, schema_of: dict[type, Schema]) -> Schema:
    schemas = [schema_of[shape] for shape in event.shapes]
    return schemas[0] if len(schemas) == 1 else {"oneOf": schemas}


def _answer_to(name: str) -> str:
    return f"{name}.answer"


def _event(name: str) -> str:
    """Return the name of an event in the document, since some calls have the same name."""
    return f"{name}.event"


def _on_socket(name: str) -> dict[str, str]:
    return {"$ref": f"#/channels/socket/messages/{name}"}
