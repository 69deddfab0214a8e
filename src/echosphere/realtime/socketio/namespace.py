"""The event handlers of one namespace."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, TypeVar, overload

from .encoder import RESERVED_EVENTS

if TYPE_CHECKING:
    from collections.abc import Callable

Handler = TypeVar("Handler", bound="Callable[..., Any]")


class ConnectRefused(Exception):  # noqa: N818
    """Raised by an `on_connect` handler: the client gets CONNECT_ERROR `{message, data?}`."""

    def __init__(self, message: str, data: object = None) -> None:
        super().__init__(message)
        self.message = message
        self.data = data


class RegisteredHandler:
    """A handler and the numbers of arguments that it accepts, the socket included."""

    __slots__ = ("call", "is_async", "max_args", "min_args", "raw")

    def __init__(self, call: Callable[..., Any], *, raw: bool) -> None:
        self.call = call
        self.raw = raw
        self.is_async = inspect.iscoroutinefunction(call)
        self.min_args, self.max_args = _arity(call)

    def accepts(self, count: int) -> bool:
        """Whether it can be called with the socket and `count` arguments."""
        return self.min_args <= count + 1 <= self.max_args


class Namespace:
    """The handlers of one namespace. Every method can be used as a decorator.

    A handler is a coroutine function or a plain function; a plain one must not block. What a
    handler raises is logged and answered as `unavailable`; it never ends the connection.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.connect_handler: RegisteredHandler | None = None
        self.disconnect_handler: RegisteredHandler | None = None
        self.unknown_handler: RegisteredHandler | None = None
        self.handlers: dict[str, RegisteredHandler] = {}

    def on_connect(self, handler: Handler) -> Handler:
        """`async handler(socket, auth)`: raise `ConnectRefused` to refuse the client.

        `auth` is the object that came with CONNECT, or an empty dict. What the handler emits
        reaches the client after its connection was confirmed, in order.
        """
        self.connect_handler = RegisteredHandler(handler, raw=False)
        return handler

    def on_disconnect(self, handler: Handler) -> Handler:
        """`handler(socket, reason)`: called once for each socket whose `on_connect` returned.

        The reasons are those of the reference server: "transport close", "ping timeout",
        "client namespace disconnect", "server namespace disconnect", "parse error",
        "server shutting down"; and "slow reader", "too many calls", "forced server close".
        """
        self.disconnect_handler = RegisteredHandler(handler, raw=False)
        return handler

    @overload
    def on(self, event: str, handler: Handler) -> Handler: ...

    @overload
    def on(self, event: str) -> Callable[[Handler], Handler]: ...

    def on(self, event: str, handler: Callable[..., Any] | None = None) -> Any:
        """`async handler(socket, *args) -> answer`, for an event of this name.

        The answer is what the client's acknowledgement gets: a tuple gives several arguments,
        None gives none, anything else gives one. A call with a number of arguments that the
        handler cannot take is answered as `invalid`.
        """
        return self._register(event, handler, raw=False)

    @overload
    def on_raw(self, event: str, handler: Handler) -> Handler: ...

    @overload
    def on_raw(self, event: str) -> Callable[[Handler], Handler]: ...

    def on_raw(self, event: str, handler: Callable[..., Any] | None = None) -> Any:
        """`async handler(socket, raw) -> answer`, for an event of one JSON argument.

        `raw` is that argument as `msgspec.Raw`, its JSON syntax checked and not decoded (`null`
        if there was none). An answer of type `bytes` or `msgspec.Raw` is the JSON of the single
        acknowledgement argument and is sent as it is; any other answer is encoded as one
        argument.
        """
        return self._register(event, handler, raw=True)

    def on_unknown(self, handler: Handler) -> Handler:
        """`handler(socket, event) -> answer`, a plain function, for events without a handler.

        Without it such an event is counted, and answered as `invalid` if an answer is wanted.
        """
        self.unknown_handler = RegisteredHandler(handler, raw=False)
        return handler

    def _register(self, event: str, handler: Callable[..., Any] | None, *, raw: bool) -> Any:
        if event in RESERVED_EVENTS:
            raise ValueError(f"the event name {event!r} is reserved by the protocol")
        if handler is None:
            return lambda given: self._register(event, given, raw=raw)
        self.handlers[event] = RegisteredHandler(handler, raw=raw)
        return handler


def _arity(call: Callable[..., Any]) -> tuple[int, float]:
    """The fewest and the most positional arguments a function takes."""
    parameters = inspect.signature(call).parameters.values()
    if any(each.kind is each.VAR_POSITIONAL for each in parameters):
        max_args = float("inf")
    else:
        max_args = sum(each.kind in _POSITIONAL for each in parameters)
    min_args = sum(each.kind in _POSITIONAL and each.default is each.empty for each in parameters)
    return min_args, max_args


_POSITIONAL = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
