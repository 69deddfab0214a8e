"""One event of one client: its handler is run, its acknowledgement is sent, nothing leaks."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Any

import msgspec

from .frames import Frame, ack_packet, frame_of, wire_text

if TYPE_CHECKING:
    from .namespace import Registered
    from .socket import Socket

UNAVAILABLE = ("unavailable", "The server could not do this. Please try again.")
TOO_MANY = ("too_many", "Too many calls on this connection. Please wait a moment.")
WRONG_ARGUMENTS = ("invalid", "This event takes a different number of arguments.")
NO_BINARY = ("invalid", "This event takes no binary data.")
TOO_LARGE = ("too_large", "The answer is too large for this connection.")
UNKNOWN_EVENT = ("invalid", "There is no such event.")

_log = logging.getLogger(__name__)


class Call:
    """An event that was received; `ack` is the number to answer with, or None."""

    __slots__ = ("ack", "name", "socket")

    def __init__(self, socket: Socket, name: str, ack: int | None) -> None:
        self.socket = socket
        self.name = name
        self.ack = ack

    async def run(self, handler: Registered, args: list[Any]) -> None:
        """Await a handler and answer."""
        started = time.perf_counter()
        outcome = "ok"
        try:
            answer = await handler.call(self.socket, *args)
            self.answer(answer, raw=handler.raw)
        except Exception:
            outcome = "error"
            self._excuse()
        finally:
            self.socket.connection.pending -= 1
        self.report(started, outcome)

    def run_at_once(self, handler: Registered, args: list[Any]) -> None:
        """Call a plain function and answer."""
        started = time.perf_counter()
        outcome = "ok"
        try:
            answer = handler.call(self.socket, *args)
            self.answer(answer, raw=handler.raw)
        except Exception:
            outcome = "error"
            self._excuse()
        self.report(started, outcome)

    def answer(self, answer: Any, *, raw: bool = False) -> None:
        """Acknowledge, if the client wants it and is still there."""
        socket = self.socket
        if self.ack is None or not socket.connected:
            return
        if raw and isinstance(answer, bytes | msgspec.Raw):
            encoded = _splice(bytes(answer), socket.namespace, self.ack)
        else:
            packet = ack_packet(_arguments(answer, raw=raw), socket.namespace, self.ack)
            encoded = frame_of(packet, socket.namespace)
        if len(encoded.wire) > socket.connection.server.options.max_buffer:
            # It would be cut off as a slow reader, and again whenever it asks.
            _log.error("the answer to %r is larger than max_buffer", self.name)
            self.fail(TOO_LARGE)
        else:
            socket.connection.session.send_frame(encoded)

    def fail(self, error: tuple[str, str]) -> None:
        """Acknowledge with an error of a code and a sentence."""
        code, detail = error
        self.answer({"ok": False, "error": {"code": code, "detail": detail}})

    def report(self, started: float, outcome: str) -> None:
        """Tell `Options.on_call`."""
        hook = self.socket.connection.server.options.on_call
        if hook is not None:
            hook(self.name, time.perf_counter() - started, outcome)

    def _excuse(self) -> None:
        _log.exception("the handler of %r failed", self.name)
        self.fail(UNAVAILABLE)


def _splice(encoded: bytes, namespace: str, ack: int) -> Frame:
    """An acknowledgement around JSON that is encoded already."""
    if namespace == "/":
        packet = b"43%d[%b]" % (ack, encoded)
    else:
        packet = b"43%b,%d[%b]" % (namespace.encode(), ack, encoded)
    return Frame(wire_text(packet), (packet,), 1, namespace)


def _arguments(answer: Any, *, raw: bool) -> tuple[Any, ...]:
    if isinstance(answer, tuple) and not raw:
        return answer
    if answer is None and not raw:
        return ()
    return (answer,)
