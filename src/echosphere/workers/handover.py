"""Hands open connections over to another process: it goes on where this one has stopped reading."""

import asyncio
import os
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple

MAX_MESSAGE = 512 * 1024
"""Bytes of what was read of a connection; it cannot be handed over with more."""

HTTP, CONTROL, COMMAND_LINK = b"h", b"c", b"w"
"""What speaks over a connection: a client, a command of the operator, or a worker and the process that writes."""


class Handed(NamedTuple):
    """A connection.

    Attributes:
        kind: `HTTP`, `CONTROL` or `COMMAND_LINK`.
        connection: It.
        worker: The name of the worker to which it should go, or to which it leads; empty for any.
        data: What was read of it.
    """

    kind: bytes
    connection: socket.socket
    worker: str
    data: bytes


class Handover:
    """One end of a pair of sockets that carries connections; none is lost or read in between.

    Args:
        end: A datagram socket that is connected to the other end.
        receive: Called with each connection that comes.
    """

    def __init__(self, end: socket.socket, receive: Callable[[Handed], None]) -> None:
        self._end = end
        self._receive = receive
        end.setblocking(False)
        end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, MAX_MESSAGE)

    def start(self) -> None:
        """Begin to receive."""
        asyncio.get_running_loop().add_reader(self._end.fileno(), self._read)

    def close(self) -> None:
        """Hand over and receive nothing any more."""
        if self._end.fileno() >= 0:
            asyncio.get_running_loop().remove_reader(self._end.fileno())
            self._end.close()

    def send(self, kind: bytes, connection: int, worker: str = "", data: bytes = b"") -> None:
        """Hand over a connection; close it here afterwards.

        Args:
            kind: `HTTP`, `CONTROL` or `COMMAND_LINK`.
            connection: Its file descriptor.
            worker: To which worker; empty for any.
            data: What was read of it.

        Raises:
            OSError: The other end is gone, has no room now, or the data is too much.
        """
        name = worker.encode()
        message = kind + len(name).to_bytes() + name + data
        if len(message) > MAX_MESSAGE:
            raise OSError("too much was read of the connection")
        socket.send_fds(self._end, [message], [connection])

    def _read(self) -> None:
        with suppress(BlockingIOError):
            while self._end.fileno() >= 0:
                message, descriptors, _, _ = socket.recv_fds(self._end, MAX_MESSAGE, 1)
                if not message or not descriptors:
                    for descriptor in descriptors:
                        os.close(descriptor)
                    return
                connection = socket.socket(fileno=descriptors[0])
                connection.setblocking(False)
                begin = 2 + message[1]
                name = message[2:begin].decode()
                self._receive(Handed(message[:1], connection, name, message[begin:]))
