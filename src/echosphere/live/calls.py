"""Socket.IO calls: the shape is checked, the use case runs, the acknowledgement says how it went."""

import logging
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import msgspec

from echosphere.core.caller import Caller
from echosphere.core.errors import Refusal, Unauthorized
from echosphere.core.rate_limits import Rate, RateLimiter, address_key
from echosphere.i18n import translate, translate_error
from echosphere.realtime.socketio import Server, Socket
from echosphere.web import LANGUAGE_COOKIE, language_of
from echosphere.wire import Existing, Request, Shape, decode, encode

B = TypeVar("B", bound=Request)

PERSON_RATE = Rate("socket calls of a person", burst=1_200, every=0.05)
ADDRESS_RATE = Rate("socket calls of an address", burst=6_000, every=0.01)
"""Each connection has a rate of its own besides: many of them must not come to many times as much."""

log = logging.getLogger(__name__)


class Problem(Shape, frozen=True, omit_defaults=True):
    """Why a call was refused."""

    code: str
    detail: str
    fields: dict[str, str] | msgspec.UnsetType = msgspec.UNSET
    retry_after: int | msgspec.UnsetType = msgspec.UNSET


class Refused(Shape, frozen=True):
    """The acknowledgement of a refused call."""

    error: Problem
    ok: bool = False


FAULT = "Something went wrong on the server. It has been noted."


class Calls:
    """The calls of all features on one Socket.IO server.

    Args:
        server: Whose connections make them.
        rate_limiter: How many one person makes, and one address.
    """

    def __init__(self, server: Server, rate_limiter: RateLimiter) -> None:
        self._server = server
        self._rate_limiter = rate_limiter

    def on(
        self, name: str, shape: type[B], handler: Callable[[Caller, str, B], Awaitable[Any]]
    ) -> None:
        """Serve a call whose one argument has this shape.

        The handler gets the caller, the socket's id and the argument, and returns a shape, whose
        fields go into the acknowledgement beside `ok`.
        """

        async def call(socket: Socket, raw: msgspec.Raw) -> bytes:
            try:
                caller: Caller | None = socket.data
                if caller is None:
                    raise Unauthorized("Sign in first.")  # noqa: TRY301
                self._rate_limiter.take(ADDRESS_RATE, address_key(socket.address))
                self._rate_limiter.take(PERSON_RATE, caller.user_id)
                return accepted(await handler(caller, socket.id, decode(shape, raw)))
            except Refusal as refusal:
                return refused(translate_error(language_at(socket), refusal))
            except Exception:
                log.exception("The call %s failed", name)
                return encode(
                    Refused(Problem("unavailable", translate(language_at(socket), FAULT)))
                )

        self._server.on_raw(name, call)


def accepted(answer: Shape | Existing | None) -> bytes:
    """Return the acknowledgement `{ok: true, …}`."""
    if type(answer) is Existing:
        answer = answer.answer
    fields = b"{}" if answer is None else encode(answer)
    return b'{"ok":true}' if fields == b"{}" else b'{"ok":true,' + fields[1:]


def language_at(socket: Socket) -> str:
    """Return the language of whoever is at the other end of a socket."""
    asked = socket.request
    return language_of(asked.cookie(LANGUAGE_COOKIE), asked.headers.get("accept-language"))


def refused(refusal: Refusal) -> bytes:
    """Return the acknowledgement `{ok: false, error: {…}}`."""
    return encode(
        Refused(
            Problem(
                refusal.code,
                refusal.detail,
                refusal.fields or msgspec.UNSET,
                refusal.retry_after or msgspec.UNSET,
            )
        )
    )
