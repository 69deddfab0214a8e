"""Socket.IO calls: checks the shape, runs the use case, encodes the acknowledgement."""

import logging
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import msgspec

from echosphere.core import tracing
from echosphere.core.caller import Caller
from echosphere.core.errors import Refusal, Unauthorized
from echosphere.core.rate_limits import Rate, RateLimiter, address_key
from echosphere.core.scopes import Scopes
from echosphere.i18n import translate, translate_error
from echosphere.realtime.socketio import Server, Socket
from echosphere.web import LANGUAGE_COOKIE, language_of, require_scopes
from echosphere.wire import Existing, Request, Shape, decode, encode

B = TypeVar("B", bound=Request)

USER_RATE = Rate("socket calls of a person", burst=1_200, every=0.05)
ADDRESS_RATE = Rate("socket calls of an address", burst=6_000, every=0.01)
"""Limits all connections of an address together; each has a rate of its own besides."""

log = logging.getLogger(__name__)


class ErrorDetails(Shape, frozen=True, omit_defaults=True):
    """Why a call was refused."""

    code: str
    detail: str
    fields: dict[str, str] | msgspec.UnsetType = msgspec.UNSET
    retry_after: int | msgspec.UnsetType = msgspec.UNSET


class ErrorResponse(Shape, frozen=True):
    """The acknowledgement of a refused call."""

    error: ErrorDetails
    ok: bool = False


INTERNAL_ERROR = "Something went wrong on the server. The error was logged."


class CallDispatcher:
    """The calls of all features on one Socket.IO server.

    Args:
        server: The server that receives the calls.
        rate_limiter: Limits the calls of one user and of one address.
    """

    def __init__(self, server: Server, rate_limiter: RateLimiter) -> None:
        self._server = server
        self._rate_limiter = rate_limiter

    def on(
        self,
        name: str,
        shape: type[B],
        handler: Callable[[Caller, str, B], Awaitable[Any]],
        scopes: Scopes | None = None,
    ) -> None:
        """Serve a call whose one argument has this shape.

        The handler gets the caller, the socket's id and the argument, and returns a shape, whose
        fields go into the acknowledgement beside `ok`. A key needs these scopes; None if keys cannot.
        """

        async def traced(socket: Socket, raw: msgspec.Raw) -> bytes:
            if tracing.tracer is None:
                return await call(socket, raw)
            with tracing.tracer.span(f"call {name}", {"rpc.method": name}, kind="server"):
                return await call(socket, raw)

        async def call(socket: Socket, raw: msgspec.Raw) -> bytes:
            try:
                caller: Caller | None = socket.data
                if caller is None:
                    raise Unauthorized("Sign in first.")  # noqa: TRY301
                if caller.scopes is not None:
                    require_scopes(caller, scopes)
                self._rate_limiter.take(ADDRESS_RATE, address_key(socket.address))
                self._rate_limiter.take(USER_RATE, caller.user_id)
                return success_response(await handler(caller, socket.id, decode(shape, raw)))
            except Refusal as refusal:
                return error_response(translate_error(language_of_socket(socket), refusal))
            except Exception:
                log.exception("The call %s failed", name)
                return encode(
                    ErrorResponse(
                        ErrorDetails(
                            "unavailable", translate(language_of_socket(socket), INTERNAL_ERROR)
                        )
                    )
                )

        self._server.on_raw(name, traced)


def success_response(answer: Shape | Existing | None) -> bytes:
    """Return the acknowledgement `{ok: true, …}`."""
    if type(answer) is Existing:
        answer = answer.answer
    fields = b"{}" if answer is None else encode(answer)
    return b'{"ok":true}' if fields == b"{}" else b'{"ok":true,' + fields[1:]


def language_of_socket(socket: Socket) -> str:
    """Return the language that the client of a socket asks for."""
    request = socket.request
    return language_of(request.cookie(LANGUAGE_COOKIE), request.headers.get("accept-language"))


def error_response(refusal: Refusal) -> bytes:
    """Return the acknowledgement `{ok: false, error: {…}}`."""
    return encode(
        ErrorResponse(
            ErrorDetails(
                refusal.code,
                refusal.detail,
                refusal.fields or msgspec.UNSET,
                refusal.retry_after or msgspec.UNSET,
            )
        )
    )
