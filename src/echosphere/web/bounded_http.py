"""HTTP in bounded memory and time: a request's head is neither endless nor awaited for ever."""

import asyncio
import sys
from http import HTTPStatus
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MAX_HEAD = 32 * 1024
"""Bytes of the request line and the headers together."""

HEAD_TIMEOUT = 20.0
"""Seconds from the connection, or a request's first byte, to the end of its headers."""


FULL = b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 5\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"

FULL_TIMEOUT = 30.0
"""Seconds for the rest of a body for which there is no memory."""


class HeadTooLargeError(Exception):
    """The request line and the headers are longer than any client needs."""


class BoundedHttp(HttpToolsProtocol):
    """uvicorn's HTTP protocol, which has no such bounds of its own."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._patience: asyncio.TimerHandle | None = None
        self._unparsed = 0  # bytes since the last piece of a body: heads, chunk sizes, trailers
        self._too_large = False
        self._is_full = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A client is there and has to ask for something."""
        super().connection_made(transport)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """The client is gone."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what has arrived; what never becomes a request is cut off while it is read."""
        if self._is_full:
            return
        self._unparsed += len(data)
        super().data_received(data)
        # The end of a head and a body may have come together: only what was there before counts.
        if self._unparsed > MAX_HEAD + len(data) and not self.transport.is_closing():
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def on_message_begin(self) -> None:
        """The first byte of a request has arrived."""
        super().on_message_begin()
        self._await_head()

    def on_headers_complete(self) -> None:
        """The head has been read; the body has a timeout of its own."""
        self._stop_waiting()
        self._unparsed = 0
        if len(self.url) + sum(len(name) + len(value) for name, value in self.headers) > MAX_HEAD:
            self._too_large = True
            raise HeadTooLargeError
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A piece of the body has arrived."""
        self._unparsed = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The body has been read; another request may follow on the same connection."""
        self._unparsed = 0
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """Refuse what the parser could not read, or what we did not let it read."""
        self._stop_waiting()
        if self._too_large:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        elif _is_memory_error(sys.exc_info()[1]):
            self._tell_that_we_are_full()
        else:
            super().send_400_response(msg)

    def _refuse(self, status: HTTPStatus) -> None:
        self._stop_waiting()
        head = f"HTTP/1.1 {status.value} {status.phrase}\r\nconnection: close\r\ncontent-length: 0"
        if self.cycle is None or self.cycle.response_complete or not self.cycle.response_started:
            self.transport.write(f"{head}\r\n\r\n".encode())
        self.transport.close()

    def _tell_that_we_are_full(self) -> None:
        """Answer for the handler, and read the rest of the body away.

        A connection that is closed under a sender tells it nothing.
        """
        self._is_full = True
        answering = self.cycle is not None and not self.cycle.response_complete
        if answering:  # the handler sees a client that left
            self.cycle.disconnected = True
            self.cycle.body = bytearray()
            self.cycle.message_event.set()
        self.flow.resume_reading()
        if not (answering and self.cycle.response_started):
            self.transport.write(FULL)
        self._patience = self.loop.call_later(FULL_TIMEOUT, self.transport.close)

    def _await_head(self) -> None:
        self._stop_waiting()
        self._patience = self.loop.call_later(HEAD_TIMEOUT, self._give_up)

    def _stop_waiting(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _give_up(self) -> None:
        if self.transport.is_closing():
            return
        if self._unparsed:
            self._refuse(HTTPStatus.REQUEST_TIMEOUT)
        else:  # browsers open connections that they may need: a refusal would puzzle them
            self.transport.close()


def _is_memory_error(error: BaseException | None) -> bool:
    """Whether the parser stopped because there was no memory for what it had read."""
    return isinstance(getattr(error, "__context__", None), MemoryError)
