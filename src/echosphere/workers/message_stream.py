"""Messages between the parent and one worker, over a pair of connected sockets."""

import asyncio
import socket
from collections.abc import Callable
from typing import cast

LENGTH = 4
"""Bytes of a length, the most significant first."""

MAX_WAITING = 16 * 1024**2
"""Bytes that may wait for a worker that does not read; then events for it are dropped, and it notices."""

EVENT = b"e"
"""Between workers, by way of the parent: what one publishes on the bus."""

READY = b"r"
"""From a worker: it serves. With the link for the owner, if no one owns the server yet."""

LOAD = b"l"
"""From a worker: how many connections it has."""

ALIVE = b"b"
"""From a worker: its loop runs, and its number of connections is the same as it was."""

REPORT = b"m"
"""To a worker: what do you count? From a worker: its metrics."""

TOTAL = b"t"
"""From a worker: what do all count together? To a worker: the metrics of all."""

LEAVE = b"q"
"""To a worker: let your clients go one by one, and end."""

ENDED = b"d"
"""To a worker: the one of this name has ended."""


STANDBY = b"w"
"""From a process that is to write: it could begin."""

TURN = b"g"
"""To a process that is to write: no one else writes any more. With the number of its connections to workers."""

COMMANDS = b"c"
"""From a worker to the process that writes: commands."""

ANSWERS = b"a"
"""From the process that writes to a worker: what came of them."""

NO_MORE = b"n"
"""Between these two: send no more commands, I am about to stop; and: I send none any more."""


UNJOINED = b"u"
"""From a worker: its connection to the process that writes broke."""


class MessageStream(asyncio.Protocol):
    """One end.

    Args:
        receive: Called with the kind of a message and its data.
        on_closed: Called when the other end is gone.

    Attributes:
        on_room: Called with whether the other end reads as fast as this one sends, when that changes.
    """

    def __init__(
        self, receive: Callable[[bytes, bytes], None], on_closed: Callable[[], None]
    ) -> None:
        self._receive = receive
        self._on_closed = on_closed
        self.on_room: Callable[[bool], None] = lambda _has_room: None
        self._transport: asyncio.WriteTransport | None = None
        self._unread = bytearray()
        self._soon: list[tuple[bytes, bytes]] = []

    async def open(self, end: socket.socket) -> None:
        """Begin to send and receive."""
        end.setblocking(False)
        await asyncio.get_running_loop().create_unix_connection(lambda: self, sock=end)

    def close(self) -> None:
        """Send what was said, and close."""
        if self._soon:
            self._send_together()
        if self._transport is not None:
            self._transport.close()

    def send(self, kind: bytes, data: bytes = b"") -> None:
        """Send a message, without waiting; an event is dropped where too much waits."""
        transport = self._transport
        if transport is None or transport.is_closing():
            return
        if kind == EVENT and transport.get_write_buffer_size() > MAX_WAITING:
            return
        transport.write(_framed(kind, data))

    def send_soon(self, kind: bytes, data: bytes) -> None:
        """Send a message together with what follows in this turn of the loop and in the next one."""
        if not self._soon:
            asyncio.get_running_loop().call_soon(self._send_together)
        self._soon.append((kind, data))

    def _send_together(self) -> None:
        messages, self._soon = self._soon, []
        transport = self._transport
        if not messages or transport is None or transport.is_closing():
            return
        if transport.get_write_buffer_size() > MAX_WAITING:
            messages = [(kind, data) for kind, data in messages if kind != EVENT]
        transport.write(b"".join([_framed(kind, data) for kind, data in messages]))

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Note the transport."""
        self._transport = cast("asyncio.WriteTransport", transport)

    def data_received(self, data: bytes) -> None:
        """Take the messages that are whole."""
        self._unread += data
        begin, available = 0, len(self._unread)
        while available - begin > LENGTH:
            end = begin + LENGTH + int.from_bytes(self._unread[begin : begin + LENGTH])
            if end > available:
                break
            kind = begin + LENGTH
            self._receive(bytes(self._unread[kind : kind + 1]), bytes(self._unread[kind + 1 : end]))
            begin = end
        del self._unread[:begin]

    def pause_writing(self) -> None:
        """Note that the other end does not keep up."""
        self.on_room(False)

    def resume_writing(self) -> None:
        """Note that it has caught up."""
        self.on_room(True)

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell that the other end is gone."""
        self._on_closed()


def _framed(kind: bytes, data: bytes) -> bytes:
    return (1 + len(data)).to_bytes(LENGTH) + kind + data
