"""An HTTP protocol for uvicorn that limits the size and the time of a request's head."""

import asyncio
import sys
from http import HTTPStatus
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MAX_HEAD = 32 * 1024
"""Bytes of the request line and the headers together."""

HEAD_TIMEOUT = 20.0
"""Seconds from the connection, or a request's first byte, to the end of its headers."""


UNAVAILABLE = b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 5\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"

DISCARD_TIMEOUT = 30.0
"""Seconds in which the rest of a body is read and discarded."""


class HeadTooLargeError(Exception):
    """The request line and the headers are longer than any client needs."""


class BoundedHttp(HttpToolsProtocol):
    """uvicorn's HTTP protocol with limits for the request line and headers."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._timer: asyncio.TimerHandle | None = None
        self._unparsed = 0  # bytes since the last piece of a body: heads, chunk sizes, trailers
        self._too_large = False
        self._out_of_memory = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the timer for the first request."""
        super().connection_made(transport)
        self._start_head_timer()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the timer."""
        self._cancel_timer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse bytes; refuse a head that grows past the limit."""
        if self._out_of_memory:
            return
        self._unparsed += len(data)
        super().data_received(data)
        # These bytes may also hold the end of the head and a body, so they do not count.
        if self._unparsed > MAX_HEAD + len(data) and not self.transport.is_closing():
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def on_message_begin(self) -> None:
        """Start the timer for the head."""
        super().on_message_begin()
        self._start_head_timer()

    def on_headers_complete(self) -> None:
        """Stop the timer and check the size of the head."""
        self._cancel_timer()
        self._unparsed = 0
        if len(self.url) + sum(len(name) + len(value) for name, value in self.headers) > MAX_HEAD:
            self._too_large = True
            raise HeadTooLargeError
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Reset the count of bytes outside bodies."""
        self._unparsed = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Reset the count for the next request on the connection."""
        self._unparsed = 0
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """Answer a request that could not be parsed, with the status for the reason."""
        self._cancel_timer()
        if self._too_large:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        elif _is_memory_error(sys.exc_info()[1]):
            self._send_unavailable()
        else:
            super().send_400_response(msg)

    def _refuse(self, status: HTTPStatus) -> None:
        self._cancel_timer()
        head = f"HTTP/1.1 {status.value} {status.phrase}\r\nconnection: close\r\ncontent-length: 0"
        if self.cycle is None or self.cycle.response_complete or not self.cycle.response_started:
            self.transport.write(f"{head}\r\n\r\n".encode())
        self.transport.close()

    def _send_unavailable(self) -> None:
        """Answer 503 for the handler, then discard the rest of the body.

        A client whose connection is closed while it sends does not see the answer.
        """
        self._out_of_memory = True
        answering = self.cycle is not None and not self.cycle.response_complete
        if answering:  # the handler sees a disconnected client
            self.cycle.disconnected = True
            self.cycle.body = bytearray()
            self.cycle.message_event.set()
        self.flow.resume_reading()
        if not (answering and self.cycle.response_started):
            self.transport.write(UNAVAILABLE)
        self._timer = self.loop.call_later(DISCARD_TIMEOUT, self.transport.close)

    def _start_head_timer(self) -> None:
        self._cancel_timer()
        self._timer = self.loop.call_later(HEAD_TIMEOUT, self._on_timeout)

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _on_timeout(self) -> None:
        if self.transport.is_closing():
            return
        if self._unparsed:
            self._refuse(HTTPStatus.REQUEST_TIMEOUT)
        else:  # browsers open connections in advance and do not expect an answer
            self.transport.close()


def _is_memory_error(error: BaseException | None) -> bool:
    """Whether the parser failed because memory ran out."""
    return isinstance(getattr(error, "__context__", None), MemoryError)
