"""Generates the AsyncAPI 3.0 document of the socket's calls and events."""

import asyncio
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import msgspec
from quart import Response

from echosphere import __version__
from echosphere.api.event import Event
from echosphere.api.operation import AnyOperation, Operation, summary_of
from echosphere.web import PREFIX, Api, Examples, Schema, described_tags, schemas_of, tag_of
from echosphere.wire import Shape

SOCKET = {"$ref": "#/channels/socket"}
ACCEPTED = {"type": "object", "properties": {"ok": {"const": True}}, "required": ["ok"]}

DESCRIPTION = """\
Calls and events over Socket.IO 5 at `/socket.io/`. A call is an event with one argument and an acknowledgement, which is
`{ok: true, …}` or `{ok: false, error}`. Browsers are identified by their cookie. Programs send `auth: {token}` when they
connect, with the token of a session or the key of a bot. A bot can also send `after` with its cursor.
"""


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
    schema_of, components = schemas_of(_shapes(calls.values(), events))
    examples = Examples(components)
    messages: dict[str, Any] = {}
    for name, one in calls.items():
        messages[name] = _message(name, schema_of[one.shape], examples)
        answer = _acknowledgement(one.answer, schema_of)
        messages[_answer_to(name)] = _message(_answer_to(name), answer, examples)
    for event in events:
        messages[_event(event.name)] = _message(event.name, _one_of(event, schema_of), examples)
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "EchoSphere",
            "version": __version__,
            "description": DESCRIPTION,
            "license": {"name": "MIT"},
            "tags": described_tags([*(one.run for one in calls.values()), *map(_source, events)]),
        },
        "defaultContentType": "application/json",
        "channels": {
            "socket": {
                "address": "/socket.io/",
                "title": "The socket",
                "messages": {one: {"$ref": f"#/components/messages/{one}"} for one in messages},
            }
        },
        "operations": {name: _received(name, one) for name, one in calls.items()}
        | {_event(one.name): _sent(one) for one in events},
        "components": {"schemas": components, "messages": messages},
    }


def _shapes(calls: Iterable[AnyOperation], events: Sequence[Event]) -> set[type]:
    shapes = {shape for one in calls for shape in (one.shape, one.answer) if shape is not None}
    return shapes | {shape for event in events for shape in event.shapes}


def _message(name: str, payload: Schema, examples: Examples) -> dict[str, Any]:
    return {"name": name, "payload": payload, "examples": [{"payload": examples.of(payload)}]}


def _received(name: str, call: AnyOperation) -> dict[str, Any]:
    received: dict[str, Any] = {
        "action": "receive",
        "channel": SOCKET,
        "summary": call.summary,
        "tags": [{"name": tag_of(call.run)}],
        "messages": [_on_socket(name)],
        "reply": {"channel": SOCKET, "messages": [_on_socket(_answer_to(name))]},
    }
    scopes = call.scopes if isinstance(call, Operation) else None
    return received if scopes is None else received | {"x-scopes": sorted(scopes)}


def _sent(event: Event) -> dict[str, Any]:
    return {
        "action": "send",
        "channel": SOCKET,
        "summary": summary_of(_source(event)),
        "tags": [{"name": tag_of(_source(event))}],
        "messages": [_on_socket(_event(event.name))],
    }


def _source(event: Event) -> type[Shape]:
    """Return what says what an event is about, and which feature sends it."""
    return event.shapes[0]


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
