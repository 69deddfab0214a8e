"""A REST route, from which requests are served and OpenAPI is generated."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from quart import Response

from echosphere.wire import Existing, Shape

Answer = Shape | Existing | Response | None
Handler = Callable[..., Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Route:
    """A REST route."""

    method: str
    path: str
    handler: Handler
    summary: str
    body: type | None = None
    query: type | None = None
    answer: type | None = None
    status: int = 200
    anonymous: bool = False
    upload: bool = False
