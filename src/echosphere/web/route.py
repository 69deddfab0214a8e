"""A REST route, from which requests are served and OpenAPI is generated."""

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from quart import Response

from echosphere.core.scopes import Scopes
from echosphere.wire import Existing, Shape

Answer = Shape | Existing | Response | None
Handler = Callable[..., Awaitable[Answer]]


class Route(msgspec.Struct, frozen=True):
    """A REST route."""

    method: str
    path: str
    handler: Handler
    summary: str
    source: Callable[..., Any]
    """The function whose docstring describes it, and whose feature it belongs to."""
    parameters: type | None = None
    """A shape that has the fields of the path, if not all of them are texts."""
    body: type | None = None
    query: type | None = None
    answer: type | None = None
    status: int = 200
    may_exist: bool = False
    """Whether it answers 200 instead when what is to be created is there already."""
    waiting: type | None = None
    """What it answers with 202 instead when someone has to decide first."""
    anonymous: bool = False
    upload: bool = False
    scopes: Scopes | None = None
    """What a key needs for it; None if keys cannot do it."""
