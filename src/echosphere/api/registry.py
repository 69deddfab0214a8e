"""Registers each operation as REST routes and as a socket call."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, get_args

from echosphere.api.asyncapi import serve_description
from echosphere.api.endpoint import ArgumentBuilder, Endpoint
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
from echosphere.web import Api, require_scopes
from echosphere.wire import Existing, convert

Run = Callable[[Caller, Any], Awaitable[Answer]]
DeviceRun = Callable[[Caller, str, Any], Awaitable[Answer]]
Take = Callable[[Rate, str], None]

NO_DEVICE = ""
"""The socket id of calls over HTTP."""


class Operations:
    """The operations of all features.

    Args:
        rate_limiter: Limits the operations.
        api: Gets their routes.
        calls: Gets their socket calls; None without a socket.

    Attributes:
        served: All operations, in the order in which they were added.
        events: The events sent over the socket.
    """

    def __init__(
        self, rate_limiter: RateLimiter, api: Api, calls: CallDispatcher | None = None
    ) -> None:
        self.served: list[AnyOperation] = []
        self.events = list(EVENTS)
        self._at: dict[tuple[str, str], tuple[Operation, Endpoint, DeviceRun]] = {}
        self._rate_limiter = rate_limiter
        self._api = api
        self._calls = calls

    def add(self, declarations: Iterable[Declaration]) -> None:
        """Add the operations and events of a feature."""
        for one in declarations:
            if isinstance(one, Event):
                self.events.append(one)
            else:
                self._serve(one)

    async def read(self, caller: Caller, path: str, **fields: Any) -> Answer:
        """Run the operation that `GET` of a path runs, without its rates.

        Args:
            caller: Who reads.
            path: As declared, with its parameters in `<>`.
            fields: Of its argument.

        Raises:
            LookupError: No operation reads there.
            Refusal: What the operation refuses.
        """
        operation = self._reading(path)
        if operation.permission is not None:
            operation.permission(caller)
        return await operation.run(caller, operation.shape(**fields))

    async def call(
        self, caller: Caller, method: str, path: str, fields: Mapping[str, Any]
    ) -> Answer:
        """Run the operation of a route as the route does: with its scopes, permission and rates.

        Args:
            caller: Who calls.
            method: The HTTP method.
            path: As declared, with its parameters in `<>`.
            fields: Of its argument, as they are in JSON.

        Raises:
            LookupError: There is no such route.
            Refusal: What the route refuses.
        """
        operation, endpoint, run_limited = self._at[method, path]
        require_scopes(caller, operation.scopes)
        argument = convert(operation.shape, {**fields, **endpoint.fixed})
        return await run_limited(caller, NO_DEVICE, argument)

    def _reading(self, path: str) -> Operation:
        for operation in self.served:
            if isinstance(operation, Operation) and _reads(operation, path):
                return operation
        raise LookupError(f"No operation reads {path}")

    def describe(self) -> None:
        """Serve the AsyncAPI document of calls and events at `/asyncapi.json`."""
        serve_description(self._api, self.served, self.events)

    def _serve(self, operation: AnyOperation) -> None:
        self.served.append(operation)
        run_limited = with_permission(with_rate_limit(self._rate_limiter, operation), operation)
        if operation.name is not None and self._calls is not None:
            scopes = operation.scopes if isinstance(operation, Operation) else None
            self._calls.on(operation.name, operation.shape, run_limited, scopes)
        if isinstance(operation, Operation):
            for endpoint in operation.http:
                self._serve_at(endpoint, operation, run_limited)

    def _serve_at(self, endpoint: Endpoint, operation: Operation, run_limited: DeviceRun) -> None:
        self._at[endpoint.method, endpoint.path] = operation, endpoint, run_limited
        builder = ArgumentBuilder(operation.shape, endpoint)
        build = builder.build

        async def handler(caller: Caller, payload: Any = None, /, **path: str) -> Answer:
            return await run_limited(caller, NO_DEVICE, build(payload, path))

        payload_kind = "query" if endpoint.method == "GET" else "body"
        self._api.add(
            endpoint.method,
            endpoint.path,
            handler,
            source=operation.run,
            parameters=operation.shape,
            answer=operation.answer,
            may_exist=Existing in get_args(operation.run.__annotations__.get("return")),
            status=operation.status,
            scopes=operation.scopes,
            **{payload_kind: builder.payload},
        )


def _reads(operation: Operation, path: str) -> bool:
    return any(one.method == "GET" and one.path == path for one in operation.http)


def with_permission(run: DeviceRun, operation: AnyOperation) -> DeviceRun:
    """Return a function that checks the permission an operation declares, then calls `run`."""
    require = operation.permission if isinstance(operation, Operation) else None
    if require is None:
        return run

    def run_permitted(caller: Caller, device: str, call: Any) -> Awaitable[Answer]:
        require(caller)
        return run(caller, device, call)

    return run_permitted


def with_rate_limit(rate_limiter: RateLimiter, operation: AnyOperation) -> DeviceRun:
    """Return a function that takes an operation's rates and returns the coroutine of `run`.

    The function is not a coroutine itself, to save one for each call.
    """
    if isinstance(operation, DeviceOperation):
        return operation.run
    if operation.rate is None:
        run = operation.run
        return lambda caller, _device, call: run(caller, call)
    if isinstance(operation.rate, Rate):
        return _with_rate(rate_limiter.take, operation.rate, operation.run)
    return _with_rates(rate_limiter.take, operation.rate, operation.run)


def _with_rate(take: Take, rate: Rate, run: Run) -> DeviceRun:
    def run_limited(caller: Caller, _device: str, call: Any) -> Awaitable[Answer]:
        take(rate, caller.user_id)
        return run(caller, call)

    return run_limited


def _with_rates(take: Take, rates_of: Callable[[Any], Iterable[Rate]], run: Run) -> DeviceRun:
    def run_limited(caller: Caller, _device: str, call: Any) -> Awaitable[Answer]:
        for rate in rates_of(call):
            take(rate, caller.user_id)
        return run(caller, call)

    return run_limited
