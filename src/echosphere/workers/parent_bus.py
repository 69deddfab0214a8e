"""A bus between the workers of one machine, which their parent carries."""

from collections.abc import Callable

from echosphere.bus import Receive
from echosphere.workers.message_stream import EVENT, MessageStream


class ParentBus:
    """A worker's connection to the bus; see `Bus`.

    It breaks only with the parent, and then the worker ends as well. What a worker is too slow to
    read is dropped.

    Args:
        stream: That to the parent.
    """

    def __init__(self, stream: MessageStream) -> None:
        self._stream = stream
        self._subjects: list[list[str]] = []
        self._receive: Receive | None = None

    async def start(self, receive: Receive, on_gap: Callable[[], None]) -> None:
        """Begin to hear the other workers."""
        self._receive = receive

    async def subscribe(self, subject: str) -> None:
        """Receive a subject."""
        self._subjects.append(subject.split("."))

    def publish(self, subject: str, data: bytes) -> None:
        """Publish, without waiting."""
        name = subject.encode()
        self._stream.send(EVENT, len(name).to_bytes() + name + data)

    async def close(self) -> None:
        """Hear nothing any more; what was published is sent by the stream."""
        self._receive = None

    def received(self, event: bytes) -> None:
        """Take what another worker has published."""
        begin = 1 + event[0]
        subject = event[1:begin].decode()
        if self._receive is not None and any(_matches(one, subject) for one in self._subjects):
            self._receive(subject, event[begin:])


def _matches(pattern: list[str], subject: str) -> bool:
    parts = subject.split(".")
    if pattern[-1] == ">":
        return len(parts) >= len(pattern) and _equal(pattern[:-1], parts)
    return len(parts) == len(pattern) and _equal(pattern, parts)


def _equal(pattern: list[str], parts: list[str]) -> bool:
    return all(one in ("*", part) for one, part in zip(pattern, parts, strict=False))
