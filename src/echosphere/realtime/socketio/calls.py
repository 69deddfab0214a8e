"""One event of one client: runs its handler and sends its acknowledgement."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Any

import msgspec

from ..engineio import Frame, websocket_text
from .encoder import ack_packet, packet_frame

if TYPE_CHECKING:
    from .namespace import RegisteredHandler
    from .socket import Socket

UNAVAILABLE = ("unavailable", "The server could not do this. Please try again.")
TOO_MANY = ("too_many", "Too many calls on this connection. Please wait a moment.")
WRONG_ARGUMENTS = ("invalid", "This event takes a different number of arguments.")
NO_BINARY = ("invalid", "This event does not accept binary data.")
TOO_LARGE = ("too_large", "The answer is too large for this connection.")
UNKNOWN_EVENT = ("invalid", "There is no such event.")

ENCODED = (bytes, msgspec.Raw)

_log = logging.getLogger(__name__)


class Call:
    """A received event; `ack` is the number of the acknowledgement, or None."""

    __slots__ = ("ack", "name", "socket")

    def __init__(self, socket: Socket, name: str, ack: int | None) -> None:
        self.socket = socket
        self.name = name
        self.ack = ack

    async def run(self, handler: RegisteredHandler, args: list[Any]) -> None:
        """Await a handler and answer."""
        started = time.perf_counter()
        outcome = "ok"
        try:
            answer = await handler.call(self.socket, *args)
            self.answer(answer, raw=handler.raw)
        except Exception:
            outcome = "error"
            self._fail_unavailable()
        finally:
            self.socket.connection.pending_calls -= 1
        self.report(started, outcome)

    def run_sync(self, handler: RegisteredHandler, args: list[Any]) -> None:
        """Call a plain function and answer."""
        started = time.perf_counter()
        outcome = "ok"
        try:
            answer = handler.call(self.socket, *args)
            self.answer(answer, raw=handler.raw)
        except Exception:
            outcome = "error"
            self._fail_unavailable()
        self.report(started, outcome)

    def answer(self, answer: Any, *, raw: bool = False) -> None:
        """Acknowledge, if the client asked for it and is still connected."""
        socket = self.socket
        if self.ack is None or not socket.connected:
            return
        if raw and isinstance(answer, ENCODED):
            encoded = _raw_ack(bytes(answer), socket.namespace, self.ack)
        else:
            packet = ack_packet(_arguments(answer, raw=raw), socket.namespace, self.ack)
            encoded = packet_frame(packet, socket.namespace)
        if len(encoded.wire) > socket.connection.options.max_buffer:
            # The client would be disconnected as a slow reader, and again on each retry.
            _log.error("the answer to %r is larger than max_buffer", self.name)
            self.fail(TOO_LARGE)
        else:
            socket.connection.session.send_frame(encoded)

    def fail(self, error: tuple[str, str]) -> None:
        """Acknowledge with an error: its code and sentence."""
        code, detail = error
        self.answer({"ok": False, "error": {"code": code, "detail": detail}})

    def report(self, started: float, outcome: str) -> None:
        """Call `Options.on_call`."""
        hook = self.socket.connection.options.on_call
        if hook is not None:
            hook(self.name, time.perf_counter() - started, outcome)

    def _fail_unavailable(self) -> None:
        _log.exception("the handler of %r failed", self.name)
        self.fail(UNAVAILABLE)


def _raw_ack(encoded: bytes, namespace: str, ack: int) -> Frame:
    """Frame an acknowledgement whose JSON is already encoded."""
    if namespace == "/":
        packet = b"43%d[%b]" % (ack, encoded)
    else:
        packet = b"43%b,%d[%b]" % (namespace.encode(), ack, encoded)
    return Frame(websocket_text(packet), (packet,), 1, namespace)


def _arguments(answer: Any, *, raw: bool) -> tuple[Any, ...]:
    if isinstance(answer, tuple) and not raw:
        return answer
    if answer is None and not raw:
        return ()
    return (answer,)
