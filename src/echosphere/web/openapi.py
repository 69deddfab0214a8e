"""Describes the REST interface as OpenAPI 3.1, from the same table that serves it."""

import inspect
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from echosphere import __version__
from echosphere.core.scopes import KEY_PREFIX
from echosphere.web.examples import Examples
from echosphere.web.operation_ids import operation_id
from echosphere.web.problem import Problem
from echosphere.web.route import Route
from echosphere.web.schemas import Schema, resolved, schemas_of
from echosphere.web.tags import described_tags, tag_of

_PARAMETER = re.compile(r"<(\w+)>")
_SECTION = re.compile(r"^(Args|Attributes|Raises|Returns):$", re.MULTILINE)

DESCRIPTION = """\
Programs can do most of what the pages of this server do: with a person's API key or session, or as a bot with its own key.

Times are milliseconds since 1970. A call that creates something takes a `key` of your choice: sent again with the same key, it
creates nothing twice and answers 200 instead of 201. Refusals are problem documents (RFC 9457) whose `detail` says what to do.
The calls and events of the socket are described in `/api/v1/asyncapi.json`.
"""

PATH_PARAMETERS = {
    "api_key": "The id of the key.",
    "emoji": "The emoji, percent-encoded.",
    "own_invite": "The id of the invitation.",
    "seq": "The number of the message in its conversation.",
    "setting": "The name of the setting.",
    "token": "The secret in the link.",
}

PROBLEMS = {
    "400": ("Invalid", "The request is malformed; `fields` says where."),
    "401": ("Unauthorized", "There is no valid session or key."),
    "403": ("Forbidden", "The caller may not do this, or the key lacks a scope."),
    "404": ("NotFound", "This does not exist, or the caller cannot see it."),
    "413": ("TooLarge", "The request is too large."),
    "429": (
        "TooManyRequests",
        "Too many requests; `Retry-After` says after how many seconds to try again.",
    ),
    "default": ("Refusal", "Any other refusal; `code` says which."),
}
"""By status: the component of a refusal, and what it means."""

KEY = "apiKey"
"""The security scheme in which an operation names its scopes."""


def describe(routes: Sequence[Route], prefix: str, cookie: str) -> dict[str, Any]:
    """Return the description of the interface as an OpenAPI document."""
    return Document(routes, cookie).of(routes, prefix)


class Document:
    """Puts the document together.

    Args:
        routes: All routes.
        cookie: The name of the session's cookie.
    """

    def __init__(self, routes: Iterable[Route], cookie: str) -> None:
        self._cookie = cookie
        shapes = {shape for route in routes for shape in _shapes(route)} | {Problem}
        self._schema_of, self._components = schemas_of(shapes)
        self._examples = Examples(self._components)

    def of(self, routes: Sequence[Route], prefix: str) -> dict[str, Any]:
        """Return the document of the routes."""
        paths: dict[str, dict[str, Any]] = {}
        for route in routes:
            path = prefix + _PARAMETER.sub(r"{\1}", route.path)
            paths.setdefault(path, {})[route.method.lower()] = self._operation(route)
        return {
            "openapi": "3.1.0",
            "info": {
                "title": "EchoSphere",
                "version": __version__,
                "summary": "The REST interface of a self-hosted messenger",
                "description": DESCRIPTION,
                "license": {"name": "MIT", "identifier": "MIT"},
            },
            "servers": [{"url": "/", "description": "This server"}],
            "tags": described_tags([route.source for route in routes]),
            "security": _security(None),
            "paths": paths,
            "components": {
                "schemas": self._components,
                "responses": {name: self._problem(name) for name, _ in PROBLEMS.values()},
                "securitySchemes": _security_schemes(self._cookie),
            },
        }

    def _operation(self, route: Route) -> dict[str, Any]:
        operation: dict[str, Any] = {
            "operationId": operation_id(route.method, route.path),
            "tags": [tag_of(route.source)],
            "summary": route.summary,
            "parameters": [*self._path_parameters(route), *self._query_parameters(route)],
            "responses": self._answers(route) | _refusals(route),
        }
        if description := _description(route.source):
            operation["description"] = description
        if route.anonymous or route.scopes is not None:
            operation["security"] = [] if route.anonymous else _security(route)
        if route.body is not None:
            operation["requestBody"] = {"required": True, "content": self._json(route.body)}
        if route.upload:
            operation["requestBody"] = {"required": True, "content": UPLOAD}
        return operation

    def _answers(self, route: Route) -> dict[str, Any]:
        answers: dict[str, Any] = {}
        if route.may_exist:
            answers["200"] = self._answer("It already exists", route.answer)
        if route.waiting is not None:
            answers["202"] = self._answer("An administrator has to decide first", route.waiting)
        if route.answer is None and route.method == "GET":
            return {str(route.status): FILE}
        return answers | {str(route.status): self._answer("Success", route.answer)}

    def _answer(self, description: str, shape: type | None) -> dict[str, Any]:
        answer: dict[str, Any] = {"description": description}
        return answer if shape is None else answer | {"content": self._json(shape)}

    def _json(self, shape: type) -> dict[str, Any]:
        schema = self._schema_of[shape]
        return {"application/json": {"schema": schema, "example": self._examples.of(schema)}}

    def _problem(self, name: str) -> dict[str, Any]:
        description = next(words for one, words in PROBLEMS.values() if one == name)
        content = {"application/problem+json": {"schema": self._schema_of[Problem]}}
        response: dict[str, Any] = {"description": description, "content": content}
        if name == "TooManyRequests":
            seconds = {"description": "Seconds to wait.", "schema": {"type": "integer"}}
            response["headers"] = {"Retry-After": seconds}
        return response

    def _path_parameters(self, route: Route) -> list[dict[str, Any]]:
        schemas = _properties(route.parameters)
        return [
            {
                "name": name,
                "in": "path",
                "required": True,
                "description": PATH_PARAMETERS.get(name, f"The id of the {name}."),
                "schema": schemas.get(name, {"type": "string"}),
                "example": self._examples.of(schemas.get(name, {"type": "string"}), name),
            }
            for name in _PARAMETER.findall(route.path)
        ]

    def _query_parameters(self, route: Route) -> list[dict[str, Any]]:
        if route.query is None:
            return []
        schema = resolved(self._schema_of[route.query], self._components)
        required = schema.get("required", [])
        return [
            {"name": name, "in": "query", "required": name in required, "schema": about}
            | ({"example": self._examples.of(about, name)} if name in required else {})
            for name, about in schema["properties"].items()
        ]


UPLOAD = {
    "multipart/form-data": {
        "schema": {
            "type": "object",
            "properties": {"file": {"type": "string", "format": "binary"}},
            "required": ["file"],
        }
    }
}
FILE = {
    "description": "The bytes of the file",
    "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}},
}


def _shapes(route: Route) -> list[type]:
    shapes = (route.body, route.query, route.answer, route.waiting)
    return [shape for shape in shapes if shape is not None]


def _properties(shape: type | None) -> dict[str, Schema]:
    """Return the schemas of a shape's plain fields."""
    if shape is None:
        return {}
    one, components = schemas_of([shape])
    found = resolved(one[shape], components).get("properties", {})
    return {name: about for name, about in found.items() if "type" in about}


def _description(source: Callable[..., Any]) -> str:
    """Return what the docstring says after its first line and before its sections."""
    _, _, rest = inspect.cleandoc(source.__doc__ or "").partition("\n")
    return _SECTION.split(rest, maxsplit=1)[0].strip()


def _refusals(route: Route) -> dict[str, Any]:
    """Return the refusals that follow from what a route takes; others are `default`."""
    statuses = {"429", "default"}
    if route.body is not None or route.query is not None or route.upload:
        statuses.add("400")
    if route.body is not None or route.upload:
        statuses.add("413")
    if not route.anonymous:
        statuses |= {"401", "403"}
    if "<" in route.path:
        statuses.add("404")
    return {
        status: {"$ref": f"#/components/responses/{PROBLEMS[status][0]}"}
        for status in sorted(statuses)
    }


def _security(route: Route | None) -> list[dict[str, list[str]]]:
    session: list[dict[str, list[str]]] = [{"session": []}, {"bearer": []}]
    if route is None or route.scopes is None:
        return session
    return [*session, {KEY: sorted(route.scopes)}]


def _security_schemes(cookie: str) -> dict[str, Any]:
    return {
        "session": {
            "type": "apiKey",
            "in": "cookie",
            "name": cookie,
            "description": "The cookie of a signed-in browser.",
        },
        "bearer": {
            "type": "http",
            "scheme": "bearer",
            "description": "The token of a session, from `POST /sessions` with `bearer: true`.",
        },
        KEY: {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": f"{KEY_PREFIX}…",
            "description": "An API key of a person or a bot. Each operation that keys can do names its scopes.",
        },
    }
