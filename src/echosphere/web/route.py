"""What a call of the REST interface is: the table that serves it and that describes it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from quart import Response

from echosphere.wire import Existing, Shape

Answer = Shape | Existing | Response | None
Handler = Callable[..., Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Route:
    """One call of the interface, as it is served and as it describes itself."""

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
