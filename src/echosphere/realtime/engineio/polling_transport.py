"""The polling transport of a session: the queue of packets and the waiting poll."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .frames import SEPARATOR

if TYPE_CHECKING:
    import asyncio

    from .frames import Frame
    from .session import Session, SessionEngine

NOOP = b"6"
CLOSE = b"1"

# The official Python client fails when a poll brings more; the rest waits for the next poll.
MAX_PACKETS_PER_POLL = 16


class PollingTransport:
    """Queues packets for the client's next poll, or answers the poll that waits for them."""

    __slots__ = (
        "_packets",
        "_size",
        "binding",
        "ended",
        "engine",
        "posting",
        "session",
        "sid",
        "upgrading",
        "waiter",
    )

    name = "polling"

    def __init__(self, engine: SessionEngine) -> None:
        self.engine = engine
        self.session: Session | None = None
        self.sid = ""
        self.binding: str | None = None
        self.waiter: asyncio.Future[None] | None = None
        self.posting = False
        # A WebSocket is about to take over: polls are answered at once.
        self.upgrading = False
        self.ended = False
        self._packets: list[bytes] = []
        self._size = 0

    def send_frame(self, frame: Frame) -> None:
        self._packets.extend(frame.packets)
        self._size += len(frame.wire)
        if self._size > self.engine.options.max_buffer and self.session is not None:
            self.engine.disconnect_slow_client(self.session)
        else:
            self.wake_poll()

    def finish(self, code: int, *, silent: bool) -> None:
        self._packets.append(NOOP if silent else CLOSE)
        self.ended = True
        self.wake_poll()

    def abort(self) -> None:
        self._packets = [CLOSE]
        self.ended = True
        self.wake_poll()

    def wake_poll(self) -> None:
        """Answer the waiting poll, if there is one."""
        if self.waiter is not None and not self.waiter.done():
            self.waiter.set_result(None)

    def take_all(self) -> list[bytes]:
        """Return the queued packets and close; a waiting poll is answered with a noop."""
        packets, self._packets, self._size = self._packets, [], 0
        self.ended = True
        self.wake_poll()
        return packets

    def has_output(self) -> bool:
        return bool(self._packets) or self.upgrading or self.ended

    def is_drained(self) -> bool:
        """Whether it is closed and every packet has been fetched."""
        return self.ended and not self._packets

    def next_body(self) -> bytes:
        """Remove the first queued packets and return them as a response body; a noop if none."""
        packets, self._packets = (
            self._packets[:MAX_PACKETS_PER_POLL],
            self._packets[MAX_PACKETS_PER_POLL:],
        )
        self._size = sum(map(len, self._packets))
        return SEPARATOR.join(packets) if packets else NOOP
