"""The polling side of a session: packets that wait for a poll, a poll that waits for packets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .frames import SEPARATOR

if TYPE_CHECKING:
    import asyncio

    from .engine import EngineServer
    from .frames import Frame
    from .session import Session

NOOP = b"6"
CLOSE = b"1"

# The official Python client breaks off when a poll brings it more; the rest waits for the next one.
MOST_AT_ONCE = 16


class PollingTransport:
    """The packets that wait for a client's next poll, and the poll that waits for packets."""

    __slots__ = (
        "_packets",
        "_size",
        "binding",
        "ended",
        "engine",
        "posting",
        "probed",
        "session",
        "sid",
        "waiter",
    )

    name = "polling"

    def __init__(self, engine: EngineServer) -> None:
        self.engine = engine
        self.session: Session | None = None
        self.sid = ""
        self.binding: str | None = None
        self.waiter: asyncio.Future[None] | None = None
        self.posting = False
        # A WebSocket is about to take over: no poll may wait any longer.
        self.probed = False
        self.ended = False
        self._packets: list[bytes] = []
        self._size = 0

    def send_frame(self, frame: Frame) -> None:
        self._packets.extend(frame.packets)
        self._size += len(frame.wire)
        if self._size > self.engine.options.max_buffer and self.session is not None:
            self.engine.cut_slow_reader(self.session)
        else:
            self.release()

    def finish(self, code: int, *, silent: bool) -> None:
        self._packets.append(NOOP if silent else CLOSE)
        self.ended = True
        self.release()

    def abort(self) -> None:
        self._packets = [CLOSE]
        self.ended = True
        self.release()

    def release(self) -> None:
        """Let the waiting poll go."""
        if self.waiter is not None and not self.waiter.done():
            self.waiter.set_result(None)

    def leave(self) -> list[bytes]:
        """Hand over the packets that no poll has taken; a waiting poll ends empty."""
        packets, self._packets, self._size = self._packets, [], 0
        self.ended = True
        self.release()
        return packets

    def has_something(self) -> bool:
        return bool(self._packets) or self.probed or self.ended

    def has_left(self) -> bool:
        """Whether it is closed and everything has been fetched."""
        return self.ended and not self._packets

    def take(self) -> bytes:
        """The body of a poll's answer: the first packets of those that wait, or a noop."""
        packets, self._packets = self._packets[:MOST_AT_ONCE], self._packets[MOST_AT_ONCE:]
        self._size = sum(map(len, self._packets))
        return SEPARATOR.join(packets) if packets else NOOP
