"""Gathers what is written to a connection within one turn of the loop into one system call."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

# A further piece that reaches either of these has all that was gathered written at once.
MOST_PIECES = 64
LARGE_PIECE = 16 * 1024

_log = logging.getLogger(__name__)


class Corks:
    """The connections of one server that have something to write at the end of this turn."""

    __slots__ = ("_full",)

    def __init__(self) -> None:
        self._full: list[Cork] = []

    def add(self, cork: Cork) -> None:
        """Have a connection written to when everything that is ready now has run."""
        self._full.append(cork)
        if len(self._full) == 1:
            asyncio.get_running_loop().call_soon(self._flush)

    def _flush(self) -> None:
        full, self._full = self._full, []
        for cork in full:
            cork.flush()


class Cork:
    """Collects the pieces for one connection, in their order.

    A system call costs more than all else that is done to deliver a short message, and a message
    is often followed by another one (an event and an acknowledgement, say) in the same turn.
    """

    __slots__ = ("_corks", "_pieces", "_write")

    def __init__(self, corks: Corks, write: Callable[[bytes], None]) -> None:
        self._corks = corks
        self._write = write
        self._pieces: list[bytes] | None = None

    def write(self, piece: bytes) -> None:
        """Write at the end of this turn."""
        pieces = self._pieces
        if pieces is None:
            self._pieces = [piece]
            self._corks.add(self)
        else:
            pieces.append(piece)
            if len(pieces) < MOST_PIECES and len(piece) < LARGE_PIECE:
                return
            self.flush()

    def flush(self) -> None:
        """Write what has been gathered now.

        A transport that broke just now must not cost the other connections their turn.
        """
        pieces, self._pieces = self._pieces, None
        if not pieces:
            return
        try:
            self._write(pieces[0] if len(pieces) == 1 else b"".join(pieces))
        except RuntimeError:
            _log.warning("a connection could not be written to")

    def drop(self) -> None:
        """Forget what has been gathered: the connection is gone."""
        self._pieces = None
