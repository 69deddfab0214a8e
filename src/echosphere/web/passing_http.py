"""HTTP of a worker: a connection is handed on when its next request belongs to another process."""

import asyncio
from collections.abc import Callable
from typing import Any

from echosphere.web.bounded_http import BoundedHttp


class PassingHttp(BoundedHttp):
    """uvicorn's HTTP protocol with limits, for connections that go from process to process.

    Attributes:
        pass_on: Called with the file descriptor and what was read between two requests. True: the
            connection was handed on, and is none of this process's business any more.
        read_before: What another process had read of the connection.
    """

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.pass_on: Callable[[int, bytes], bool] = lambda _connection, _data: False
        self.read_before = b""
        self._between_requests = True

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Go on with what was read before; it is not handed on again."""
        super().connection_made(transport)
        if self.read_before:
            super().data_received(self.read_before)
            self.read_before = b""

    def data_received(self, data: bytes) -> None:
        """Read, or hand the connection on."""
        if not self.move(data):
            super().data_received(data)

    def move(self, data: bytes = b"") -> bool:
        """Hand the connection on if it is between two requests; return whether it was."""
        transport = self.transport
        moved = (
            self._between_requests
            and (self.cycle is None or self.cycle.response_complete)
            and not transport.is_closing()
            and not transport.get_write_buffer_size()
            and self.pass_on(transport.get_extra_info("socket").fileno(), data)
        )
        if moved:
            transport.abort()
        return moved

    def on_message_begin(self) -> None:
        """Note that a request has begun."""
        self._between_requests = False
        super().on_message_begin()

    def on_message_complete(self) -> None:
        """Note that it has been read."""
        super().on_message_complete()
        self._between_requests = True
