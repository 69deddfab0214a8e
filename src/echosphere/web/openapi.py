"""Describes the REST interface as OpenAPI 3.1, from the same table that serves it."""

import re
from collections.abc import Sequence
from typing import Any

import msgspec

from echosphere import __version__
from echosphere.web.route import Route

_PARAMETER = re.compile(r"<(\w+)>")
COMPONENT = "#/components/schemas/{name}"


def describe(routes: Sequence[Route], prefix: str, problem: type, cookie: str) -> dict[str, Any]:
    """Return the description of the interface as an OpenAPI document."""
    shapes = {shape for route in routes for shape in _shapes(route)} | {problem}
    ordered = sorted(shapes, key=lambda shape: shape.__name__)
    schemas, components = msgspec.json.schema_components(ordered, ref_template=COMPONENT)
    schema_of = dict(zip(ordered, schemas, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        path = prefix + _PARAMETER.sub(r"{\1}", route.path)
        paths.setdefault(path, {})[route.method.lower()] = _operation(
            route, schema_of, components, schema_of[problem]
        )
    return {
        "openapi": "3.1.0",
        "info": {"title": "EchoSphere", "version": __version__, "license": {"name": "MIT"}},
        "security": [{"session": []}, {"bearer": []}],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {
                "session": {"type": "apiKey", "in": "cookie", "name": cookie},
                "bearer": {"type": "http", "scheme": "bearer"},
            },
        },
    }


def _shapes(route: Route) -> list[type]:
    shapes = (route.body, route.query, route.answer, route.waiting)
    return [shape for shape in shapes if shape is not None]


def _operation(
    route: Route,
    schema_of: dict[type, dict[str, Any]],
    components: dict[str, Any],
    problem: dict[str, Any],
) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "summary": route.summary,
        "operationId": f"{route.method.lower()}{re.sub(r'[^A-Za-z]+', '_', route.path)}",
        "parameters": _parameters(route, components),
        "responses": {
            str(route.status): _response(route.summary, route.answer, schema_of),
            "default": {
                "description": "A refusal",
                "content": {"application/problem+json": {"schema": problem}},
            },
        },
    }
    if route.may_exist:
        there_already = _response("It is there already", route.answer, schema_of)
        operation["responses"] = {"200": there_already} | operation["responses"]
    if route.waiting is not None:
        waits = _response("Somebody has to decide first", route.waiting, schema_of)
        operation["responses"] = {"202": waits} | operation["responses"]
    if route.anonymous:
        operation["security"] = []
    if route.body is not None:
        content = {"application/json": {"schema": schema_of[route.body]}}
        operation["requestBody"] = {"required": True, "content": content}
    if route.upload:
        form = {"type": "object", "properties": {"file": {"type": "string", "format": "binary"}}}
        operation["requestBody"] = {
            "required": True,
            "content": {"multipart/form-data": {"schema": form}},
        }
    return operation


def _response(
    description: str, answer: type | None, schema_of: dict[type, dict[str, Any]]
) -> dict[str, Any]:
    response: dict[str, Any] = {"description": description}
    if answer is not None:
        response["content"] = {"application/json": {"schema": schema_of[answer]}}
    return response


def _parameters(route: Route, components: dict[str, Any]) -> list[dict[str, Any]]:
    found = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in _PARAMETER.findall(route.path)
    ]
    if route.query is not None:
        schema = components[route.query.__name__]
        required = schema.get("required", [])
        found += [
            {"name": name, "in": "query", "required": name in required, "schema": about}
            for name, about in schema["properties"].items()
        ]
    return found
