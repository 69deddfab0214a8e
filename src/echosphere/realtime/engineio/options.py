"""The settings of an Engine.IO server, with defaults that are safe on the open internet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from .request import Request, same_origin

if TYPE_CHECKING:
    from collections.abc import Callable

MEBIBYTE = 1024 * 1024


def peer_address(request: Request) -> str:
    """The default `client_address`: the other end of the TCP connection."""
    return request.peer


def no_binding(_request: Request) -> str | None:
    """The default `binding`: the session id alone authorizes."""
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineOptions:
    """How an Engine.IO server behaves. Durations are in seconds, sizes in bytes.

    Attributes:
        path: Where it is served; starts and ends with a slash.
        upgrade_timeout: How long a WebSocket may probe before it takes over the session.
        request_timeout: How long the body of a polling request may take to arrive.
        origins: `origins(origin, request)` decides whether a page of that origin may connect, on
            both transports.
        cors_origins: Other origins that may connect ("*" for all); adds the CORS headers.
        max_buffer: What one client may leave unread, the polling queue included. A client past
            it is disconnected.
        max_sockets_per_address: None for no limit.
        client_address: Names the client for `max_sockets_per_address`; honour trusted proxies here.
        binding: Gives a value that each later request of a polling session and its upgrade must
            give again, so that a session id alone is worth nothing. A request with another value is
            answered like one with an unknown session.
        id_prefix: How the ids of sessions begin, such as the name of this process: a proxy in front
            of several can tell by it where a poll belongs.
    """

    path: str = "/socket.io/"
    ping_interval: float = 25.0
    ping_timeout: float = 20.0
    max_payload: int = 100_000
    upgrade_timeout: float = 10.0
    request_timeout: float = 20.0
    origins: Callable[[str | None, Request], bool] = same_origin
    cors_origins: Literal["*"] | tuple[str, ...] | None = None
    max_buffer: int = MEBIBYTE
    max_sockets_per_address: int | None = 50
    client_address: Callable[[Request], str] = peer_address
    binding: Callable[[Request], str | None] = no_binding
    id_prefix: str = ""

    def __post_init__(self) -> None:
        if not (self.path.startswith("/") and self.path.endswith("/")):
            raise ValueError("the path of a realtime server starts and ends with a slash")
        positive = (
            self.ping_interval, self.ping_timeout, self.max_payload,
            self.upgrade_timeout, self.request_timeout, self.max_buffer,
        )  # fmt: skip
        if min(positive) <= 0:
            raise ValueError("durations and sizes of a realtime server are above zero")

    def allows_origin(self, request: Request) -> bool:
        """Whether the page that made this request may connect."""
        origin = request.origin
        return self.allows_cors(origin) or self.origins(origin, request)

    def allows_cors(self, origin: str | None) -> bool:
        """Whether this other origin is allowed by `cors_origins`."""
        if self.cors_origins is None or origin is None:
            return False
        return self.cors_origins == "*" or origin in self.cors_origins
