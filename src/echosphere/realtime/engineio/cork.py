"""Combines the writes to a connection within one turn of the event loop into one system call."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

# A chunk that reaches either limit is written at once, with those before it.
MAX_CHUNKS = 64
LARGE_CHUNK = 16 * 1024

_log = logging.getLogger(__name__)


class Corks:
    """The connections of one server that are written to at the end of this turn."""

    __slots__ = ("_loop", "_pending")

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._pending: list[Cork] = []

    def add(self, cork: Cork) -> None:
        """Flush a connection after the callbacks that are ready now."""
        self._pending.append(cork)
        if len(self._pending) == 1:
            if self._loop is None:  # asked for once, since each answer takes a system call
                self._loop = asyncio.get_running_loop()
            self._loop.call_soon(self._flush)

    def _flush(self) -> None:
        pending, self._pending = self._pending, []
        for cork in pending:
            cork.flush()


class Cork:
    """Buffers the writes to one connection, in their order.

    A system call costs more than all other work of delivering a short message, and a message is
    often followed by another (an event and an acknowledgement, say) in the same turn.
    """

    __slots__ = ("_chunks", "_corks", "_write")

    def __init__(self, corks: Corks, write: Callable[[bytes], None]) -> None:
        self._corks = corks
        self._write = write
        self._chunks: list[bytes] | None = None

    def write(self, chunk: bytes) -> None:
        """Write at the end of this turn."""
        chunks = self._chunks
        if chunks is None:
            self._chunks = [chunk]
            self._corks.add(self)
        else:
            chunks.append(chunk)
            if len(chunks) < MAX_CHUNKS and len(chunk) < LARGE_CHUNK:
                return
            self.flush()

    def flush(self) -> None:
        """Write what is buffered.

        An error of this transport must not keep the other connections from being flushed.
        """
        chunks, self._chunks = self._chunks, None
        if not chunks:
            return
        try:
            self._write(chunks[0] if len(chunks) == 1 else b"".join(chunks))
        except RuntimeError:
            _log.warning("a connection could not be written to")

    def drop(self) -> None:
        """Discard what is buffered: the connection is closed."""
        self._chunks = None
