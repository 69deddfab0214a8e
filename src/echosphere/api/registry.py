"""Serves each operation over REST and over the socket."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from echosphere.api.asyncapi import serve_description
from echosphere.api.endpoint import Assembler, Endpoint
from echosphere.api.event import EVENTS, Event
from echosphere.api.operation import (
    Answer,
    AnyOperation,
    Declaration,
    DeviceOperation,
    Operation,
)
from echosphere.core.caller import Caller
from echosphere.core.rate_limits import Rate, RateLimiter
from echosphere.realtime.delivery import CallDispatcher
from echosphere.web import Api

Run = Callable[[Caller, Any], Awaitable[Answer]]
Begin = Callable[[Caller, str, Any], Awaitable[Answer]]
Take = Callable[[Rate, str], None]

NO_DEVICE = ""
"""Over HTTP there is no socket whose id it could be."""


class Operations:
    """The operations of all features.

    Args:
        rate_limiter: From which their rates are taken.
        api: Has their routes.
        calls: Has their socket calls; None where there is no socket.

    Attributes:
        served: All of them, in the order in which they were added.
        events: What is sent over the socket.
    """

    def __init__(
        self, rate_limiter: RateLimiter, api: Api, calls: CallDispatcher | None = None
    ) -> None:
        self.served: list[AnyOperation] = []
        self.events = list(EVENTS)
        self._rate_limiter = rate_limiter
        self._api = api
        self._calls = calls

    def add(self, declarations: Iterable[Declaration]) -> None:
        """Serve the operations of a feature, and describe the events that it sends."""
        for one in declarations:
            if isinstance(one, Event):
                self.events.append(one)
            else:
                self._serve(one)

    def describe(self) -> None:
        """Serve the description of the socket's calls and events at `/asyncapi.json`."""
        serve_description(self._api, self.served, self.events)

    def _serve(self, operation: AnyOperation) -> None:
        self.served.append(operation)
        begin = limited(self._rate_limiter, operation)
        if operation.name is not None and self._calls is not None:
            self._calls.on(operation.name, operation.shape, begin)
        if isinstance(operation, Operation):
            for endpoint in operation.http:
                self._serve_at(endpoint, operation, begin)

    def _serve_at(self, endpoint: Endpoint, operation: Operation, begin: Begin) -> None:
        assembler = Assembler(operation.shape, endpoint)
        assemble = assembler.assemble

        async def handler(caller: Caller, sent: Any = None, /, **path: str) -> Answer:
            return await begin(caller, NO_DEVICE, assemble(sent, path))

        place = "query" if endpoint.method == "GET" else "body"
        self._api.add(
            endpoint.method,
            endpoint.path,
            handler,
            summary=operation.summary,
            answer=operation.answer,
            status=operation.status,
            **{place: assembler.sent},
        )


def limited(rate_limiter: RateLimiter, operation: AnyOperation) -> Begin:
    """Return what takes the rates of an operation and begins it.

    It awaits nothing, so that each call has one coroutine.
    """
    if isinstance(operation, DeviceOperation):
        return operation.run
    if operation.rate is None:
        run = operation.run
        return lambda caller, _device, call: run(caller, call)
    if isinstance(operation.rate, Rate):
        return _with_rate(rate_limiter.take, operation.rate, operation.run)
    return _with_rates(rate_limiter.take, operation.rate, operation.run)


def _with_rate(take: Take, rate: Rate, run: Run) -> Begin:
    def begin(caller: Caller, _device: str, call: Any) -> Awaitable[Answer]:
        take(rate, caller.user_id)
        return run(caller, call)

    return begin


def _with_rates(take: Take, rates_of: Callable[[Any], Iterable[Rate]], run: Run) -> Begin:
    def begin(caller: Caller, _device: str, call: Any) -> Awaitable[Answer]:
        for rate in rates_of(call):
            take(rate, caller.user_id)
        return run(caller, call)

    return begin
