"""Gives each request an id, and logs and counts its answer."""

import re
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import structlog

from echosphere.core.ids import new_id
from echosphere.monitoring.masking import masked_path
from echosphere.monitoring.metrics import Metrics
from echosphere.web import CLIENT_LEFT

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
AsgiApp = Callable[[Scope, Receive, Send], Awaitable[None]]

QUIET = ("/healthz", "/readyz", "/metrics", "/static/")
"""Requests whose success is not worth a line."""

_GIVEN = re.compile(rb"[A-Za-z0-9_-]{8,64}\Z")

log = structlog.stdlib.get_logger(__name__)


class ObserveRequests:
    """ASGI middleware around everything that is served over HTTP.

    Args:
        app: The application.
        metrics: Where answers are counted.
        polling_path: Long polling waits on purpose: it is counted but neither timed nor logged.
    """

    def __init__(self, app: AsgiApp, metrics: Metrics, polling_path: str) -> None:
        self._app = app
        self._metrics = metrics
        self._polling_path = polling_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _request_id(scope)
        structlog.contextvars.bind_contextvars(request=request_id)
        began = time.perf_counter()
        status: int | None = None
        left = False

        async def watched() -> Message:
            nonlocal left
            message = await receive()
            left = left or message["type"] == "http.disconnect"
            return message

        async def observed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = [*message.get("headers", ()), (b"x-request-id", request_id.encode())]
                message = {**message, "headers": headers}
            await send(message)

        try:
            await self._app(scope, watched, observed)
        except Exception as error:
            if not left:
                raise
            log.info("A client left: %s", type(error).__name__)
        finally:
            status = status or (CLIENT_LEFT if left else 500)
            self._note(scope, status, time.perf_counter() - began)
            structlog.contextvars.unbind_contextvars("request")

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        path, method = scope["path"], scope["method"]
        self._metrics.requests.labels(method, str(status)).inc()
        if path.startswith(self._polling_path):
            return
        self._metrics.request_seconds.observe(seconds)
        if status < 400 and path.startswith(QUIET):
            return
        log.info(
            "request",
            method=method,
            path=masked_path(path),
            status=status,
            ms=round(seconds * 1e3, 1),
        )


def _request_id(scope: Scope) -> str:
    """Return the id that a proxy gave, if it looks like one, else a new one."""
    for name, value in scope["headers"]:
        if name == b"x-request-id" and _GIVEN.match(value):
            return str(value.decode())
    return new_id()
