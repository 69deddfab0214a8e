"""The settings of a realtime server, with defaults that are safe on the open internet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from .request import Request, same_origin

if TYPE_CHECKING:
    from collections.abc import Callable

MEBIBYTE = 1024 * 1024


def peer_address(request: Request) -> str:
    """The default `client_address`: whoever is at the other end of the connection."""
    return request.peer


def unbound(_request: Request) -> str | None:
    """The default `binding`: a session is known by its id alone."""
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a server behaves. Durations are seconds, sizes are bytes.

    `origins(origin, request)` decides whether a page of that origin may connect, on both
    transports; `cors_origins` ("*" or a tuple of origins) lets other origins connect and adds
    the CORS headers that browsers ask for. `max_buffer` bounds what one client has not yet
    taken (the polling queue included): past it the client is cut off. `client_address` names
    the client for `max_sockets_per_address` (honour trusted proxies here). `binding` gives a
    value that every later request of a polling session, its upgrade included, must give again,
    so that a session id alone is worth nothing; such a request is answered like an unknown
    session. `max_pending_calls` bounds the handlers that run at once for one connection; events
    past it are answered with `too_many`, or dropped if no answer is wanted. `calls_per_minute` counts CONNECTs and events of one connection; past it calls are
    answered with `too_many`, past ten times of it the connection is closed. `on_call(event,
    seconds, outcome)` is told of every handled call: outcome is "ok", "error" or "refused".
    """

    path: str = "/socket.io/"
    ping_interval: float = 25.0
    ping_timeout: float = 20.0
    max_payload: int = 100_000
    connect_timeout: float = 10.0
    upgrade_timeout: float = 10.0
    request_timeout: float = 20.0
    origins: Callable[[str | None, Request], bool] = same_origin
    cors_origins: Literal["*"] | tuple[str, ...] | None = None
    max_buffer: int = MEBIBYTE
    max_pending_calls: int = 100
    calls_per_minute: int | None = 600
    max_sockets_per_address: int | None = 50
    max_attachments: int = 10
    attachment_timeout: float = 10.0
    client_address: Callable[[Request], str] = peer_address
    binding: Callable[[Request], str | None] = unbound
    on_call: Callable[[str, float, str], None] | None = None

    def __post_init__(self) -> None:
        if not (self.path.startswith("/") and self.path.endswith("/")):
            raise ValueError("the path of a realtime server starts and ends with a slash")
        positive = (
            self.ping_interval, self.ping_timeout, self.max_payload, self.connect_timeout,
            self.upgrade_timeout, self.request_timeout, self.max_buffer, self.max_pending_calls,
            self.attachment_timeout,
        )  # fmt: skip
        if min(positive) <= 0:
            raise ValueError("durations and sizes of a realtime server are above zero")

    def allows(self, request: Request) -> bool:
        """Whether the page that made this request may connect."""
        origin = request.origin
        return self.shares_with(origin) or self.origins(origin, request)

    def shares_with(self, origin: str | None) -> bool:
        """Whether this other origin is let in by `cors_origins`."""
        if self.cors_origins is None or origin is None:
            return False
        return self.cors_origins == "*" or origin in self.cors_origins
