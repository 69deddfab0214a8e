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
"""Seconds for which no write may have succeeded before the process counts as not ready."""

READY_TIMEOUT = 5.0
"""Seconds that a part has to answer."""

PROBE_TIMEOUT = 2.0
"""Seconds that the last try has: a lock would keep it for as long as any write."""

Check = Callable[[], Awaitable[object]]

log = logging.getLogger(__name__)


class Writing(Protocol):
    """What is asked of the database."""

    @property
    def writing(self) -> WriteState:
        """How it went with writing."""

    async def probe(self) -> None:
        """Write as much as a message would."""


class HealthAnswer(Shape, frozen=True):
    """Whether the server, or each part of it, answers; the cause when it cannot write."""

    status: str
    parts: dict[str, str] = msgspec.field(default_factory=dict)
    cause: str = ""


class Health:
    """Serves the state of this process.

    Args:
        metrics: What `/metrics` shows.
        token: The bearer token for `/metrics`; without one nobody may read it here.
        checks: By part, a function that raises when the part does not answer.
        database: Whose writing decides whether this process is ready.
    """

    def __init__(
        self,
        metrics: Metrics,
        token: str | None,
        checks: Mapping[str, Check],
        database: Writing,
    ) -> None:
        self._database = database
        self._metrics = metrics
        self._token = token
        self._checks = checks
        self._probing: asyncio.Task[None] | None = None

    def serve(self, app: Quart) -> None:
        """Add the routes."""
        app.add_url_rule("/healthz", view_func=self.alive, methods=["GET"])
        app.add_url_rule("/readyz", view_func=self.ready, methods=["GET"])
        app.add_url_rule("/metrics", view_func=self.metrics, methods=["GET"])

    async def alive(self) -> Response:
        """The process serves requests."""
        return _answer(HealthAnswer("ok"), 200)

    async def ready(self) -> Response:
        """Tell what answers; 503 only while this process cannot write.

        A part that is away stops less than all, and taking the process away would help nobody.
        """
        names = list(self._checks)
        found = await asyncio.gather(*(self._ask(name) for name in names))
        parts = dict(zip(names, found, strict=True))
        if await self._cannot_write():
            cause = self._database.writing.cause
            parts["writing"] = "unavailable"
            return _answer(HealthAnswer("unavailable", parts, cause), 503)
        parts["writing"] = "ok"
        good = all(answer == "ok" for answer in parts.values())
        return _answer(HealthAnswer("ok" if good else "degraded", parts), 200)

    async def _cannot_write(self) -> bool:
        """Whether nothing could be written for a while, and a last try fails as well."""
        if self._database.writing.failing_for() < FAILING_FOR:
            return False
        if self._probing is None or self._probing.done():  # whoever asks meanwhile shares it
            self._probing = asyncio.create_task(self._database.probe(), name="probe")
            self._probing.add_done_callback(_look_at)
        try:
            async with asyncio.timeout(PROBE_TIMEOUT):
                await asyncio.shield(self._probing)
        except (Refusal, TimeoutError):
            return True
        return False

    async def metrics(self) -> Response:
        """Numbers for Prometheus; outsiders learn nothing, not even that they exist."""
        if not self._may_read():
            raise NotFound("There is no such page.")
        return Response(self._metrics.exposition(), content_type=self._metrics.content_type)

    def _may_read(self) -> bool:
        # That somebody is on this machine proves nothing: behind a proxy everybody looks so.
        given = bearer_token(request.headers) or ""
        return self._token is not None and hmac.compare_digest(given.encode(), self._token.encode())

    async def _ask(self, name: str) -> str:
        try:
            async with asyncio.timeout(READY_TIMEOUT):
                await self._checks[name]()
        except Exception as error:
            log.warning("Not ready: %s: %s", name, error)
            return "unavailable"
        return "ok"


def _look_at(probing: asyncio.Task[None]) -> None:
    """Nobody may be waiting any more for a try that failed: that is no error of ours."""
    if not probing.cancelled():
        probing.exception()


def _answer(health: HealthAnswer, status: int) -> Response:
    return Response(encode(health), status=status, content_type="application/json")
