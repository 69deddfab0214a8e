"""`/healthz`, `/readyz` and `/metrics`, for load balancers and operators."""

import asyncio
import hmac
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol

import msgspec
from quart import Quart, Response, request

from echosphere.core.errors import NotFound, Refusal
from echosphere.database import WriteState
from echosphere.monitoring.metrics import Metrics
from echosphere.web import bearer_token
from echosphere.wire import Shape, encode

FAILING_FOR = 10.0
"""Seconds of failing writes after which the process is not ready."""

READY_TIMEOUT = 5.0
"""Seconds for the check of one part."""

PROBE_TIMEOUT = 2.0
"""Seconds for the test write, which a lock would otherwise delay like any write."""

Check = Callable[[], Awaitable[object]]

log = logging.getLogger(__name__)


class WritableDatabase(Protocol):
    """The part of the database that is checked."""

    @property
    def writing(self) -> WriteState:
        """The results of recent writes."""

    async def probe(self) -> None:
        """Write as much as a message would."""


class HealthAnswer(Shape, frozen=True):
    """Whether the server, or each part of it, answers; the cause when it cannot write."""

    status: str
    parts: dict[str, str] = msgspec.field(default_factory=dict)
    cause: str = ""


class Health:
    """Serves the health and the metrics of this process.

    Args:
        metrics: Served at `/metrics`.
        token: The bearer token for `/metrics`; None disables the page.
        checks: The check of each part, which raises if it fails.
        database: Decides by its writes whether this process is ready.
    """

    def __init__(
        self,
        metrics: Metrics,
        token: str | None,
        checks: Mapping[str, Check],
        database: WritableDatabase,
    ) -> None:
        self._database = database
        self._metrics = metrics
        self._token = token
        self._checks = checks
        self._probe_task: asyncio.Task[None] | None = None

    def serve(self, app: Quart) -> None:
        app.add_url_rule("/healthz", view_func=self.alive, methods=["GET"])
        app.add_url_rule("/readyz", view_func=self.ready, methods=["GET"])
        app.add_url_rule("/metrics", view_func=self.metrics, methods=["GET"])

    async def alive(self) -> Response:
        """Answer that the process serves requests."""
        return _answer(HealthAnswer("ok"), 200)

    async def ready(self) -> Response:
        """Return the state of each part; 503 only while this process cannot write.

        If another part fails, the rest still works, so the process keeps its traffic.
        """
        names = list(self._checks)
        results = await asyncio.gather(*(self._check(name) for name in names))
        parts = dict(zip(names, results, strict=True))
        if await self._cannot_write():
            cause = self._database.writing.cause
            parts["writing"] = "unavailable"
            return _answer(HealthAnswer("unavailable", parts, cause), 503)
        parts["writing"] = "ok"
        healthy = all(answer == "ok" for answer in parts.values())
        return _answer(HealthAnswer("ok" if healthy else "degraded", parts), 200)

    async def _cannot_write(self) -> bool:
        """Whether writes have failed for a while and a test write fails as well."""
        if self._database.writing.failing_for() < FAILING_FOR:
            return False
        if self._probe_task is None or self._probe_task.done():  # concurrent requests share it
            self._probe_task = asyncio.create_task(self._database.probe(), name="probe")
            self._probe_task.add_done_callback(_retrieve_error)
        try:
            async with asyncio.timeout(PROBE_TIMEOUT):
                await asyncio.shield(self._probe_task)
        except (Refusal, TimeoutError):
            return True
        return False

    async def metrics(self) -> Response:
        """Return the metrics; without the token the page does not seem to exist."""
        if not self._is_authorized():
            raise NotFound("Page not found.")
        return Response(await self._metrics.collect(), content_type=self._metrics.content_type)

    def _is_authorized(self) -> bool:
        # A local peer address proves nothing: behind a proxy every request has one.
        given = bearer_token(request.headers) or ""
        return self._token is not None and hmac.compare_digest(given.encode(), self._token.encode())

    async def _check(self, name: str) -> str:
        try:
            async with asyncio.timeout(READY_TIMEOUT):
                await self._checks[name]()
        except Exception as error:
            log.warning("Not ready: %s: %s", name, error)
            return "unavailable"
        return "ok"


def _retrieve_error(task: asyncio.Task[None]) -> None:
    """Retrieve the error, or asyncio would log it if no one waits any more."""
    if not task.cancelled():
        task.exception()


def _answer(health: HealthAnswer, status: int) -> Response:
    return Response(encode(health), status=status, content_type="application/json")
