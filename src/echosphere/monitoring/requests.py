"""Gives each request an id, and logs and counts its response."""

import re
import time

import structlog

from echosphere.core import tracing
from echosphere.core.asgi import AsgiApp, Message, Receive, Scope, Send
from echosphere.core.ids import new_id
from echosphere.monitoring.metrics import Metrics
from echosphere.monitoring.redaction import redact_path
from echosphere.web import CLIENT_CLOSED_REQUEST

UNLOGGED = ("/healthz", "/readyz", "/metrics", "/static/")
"""Paths whose successful requests are not logged."""

_REQUEST_ID = re.compile(rb"[A-Za-z0-9_-]{8,64}\Z")

log = structlog.stdlib.get_logger(__name__)


class ObserveRequests:
    """ASGI middleware around everything that is served over HTTP.

    Args:
        app: The application.
        metrics: Counts the responses.
        polling_path: Long polling; it is counted but neither timed nor logged.
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
        if tracing.tracer is None:
            await self._observe(scope, receive, send)
            return
        with tracing.tracer.span(
            scope["method"],
            {"http.request.method": scope["method"], "url.path": redact_path(scope["path"])},
            parents=_parents(scope),
            kind="server",
        ):
            await self._observe(scope, receive, send)

    async def _observe(self, scope: Scope, receive: Receive, send: Send) -> None:
        request_id = _request_id(scope)
        structlog.contextvars.bind_contextvars(request=request_id, **_trace())
        began = time.perf_counter()
        status: int | None = None
        disconnected = False

        async def observed_receive() -> Message:
            nonlocal disconnected
            message = await receive()
            disconnected = disconnected or message["type"] == "http.disconnect"
            return message

        async def observed_send(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = [*message.get("headers", ()), (b"x-request-id", request_id.encode())]
                message = {**message, "headers": headers}
            await send(message)

        try:
            await self._app(scope, observed_receive, observed_send)
        except Exception as error:
            if not disconnected:
                raise
            log.info("A client disconnected: %s", type(error).__name__)
        finally:
            status = status or (CLIENT_CLOSED_REQUEST if disconnected else 500)
            self._record(scope, status, time.perf_counter() - began)
            structlog.contextvars.unbind_contextvars("request", "trace")

    def _record(self, scope: Scope, status: int, seconds: float) -> None:
        path, method = scope["path"], scope["method"]
        self._metrics.requests.labels(method, str(status)).inc()
        if path.startswith(self._polling_path):
            return
        self._metrics.request_seconds.observe(seconds)
        if status < 400 and path.startswith(UNLOGGED):
            return
        log.info(
            "request",
            method=method,
            path=redact_path(path),
            status=status,
            ms=round(seconds * 1e3, 1),
        )


def _request_id(scope: Scope) -> str:
    """Return the id of the proxy if it is valid, else a new one."""
    for name, value in scope["headers"]:
        if name == b"x-request-id" and _REQUEST_ID.match(value):
            return str(value.decode())
    return new_id()


def _parents(scope: Scope) -> tuple[str, ...]:
    """Return the span of the proxy that passed a request on; those of strangers were removed."""
    found = (value for name, value in scope["headers"] if name == b"traceparent")
    return tuple(value.decode("latin-1") for value in list(found)[:1])


def _trace() -> dict[str, str]:
    """Return what lines of the log are found by for a trace, if traces are collected."""
    current = tracing.current()
    return {} if current is None else {"trace": current.split("-")[1]}
