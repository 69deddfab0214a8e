"""A bus between the workers of one machine, which their parent carries."""

from collections.abc import Callable

from echosphere.bus import Receive


class ParentBus:
    """A worker's connection to the bus; see `Bus`.

    It breaks only with the parent, and then the worker ends as well. What a worker is too slow to
    read is dropped.

    Args:
        send: Sends an event to the other workers.
    """

    is_private = True

    def __init__(self, send: Callable[[bytes], None]) -> None:
        self._send = send
        self._hears: dict[str, bool] = {}
        self._subjects: list[list[str]] = []
        self._receive: Receive | None = None

    async def start(self, receive: Receive, on_gap: Callable[[], None]) -> None:
        """Begin to hear the other workers."""
        self._receive = receive

    async def subscribe(self, subject: str) -> None:
        """Receive a subject."""
        self._subjects.append(subject.split("."))
        self._hears.clear()

    def publish(self, subject: str, data: bytes) -> None:
        """Publish, without waiting."""
        name = subject.encode()
        self._send(len(name).to_bytes() + name + data)

    async def ready(self) -> None:
        """Nothing is to be checked: without the parent this process ends."""

    async def close(self) -> None:
        """Hear nothing any more; what was published is sent all the same."""
        self._receive = None

    def received(self, event: bytes) -> None:
        """Take what another worker has published."""
        begin = 1 + event[0]
        subject = event[1:begin].decode()
        if self._receive is not None and self._is_heard(subject):
            self._receive(subject, event[begin:])

    def _is_heard(self, subject: str) -> bool:
        """Whether this process asked for a subject; there are a hundred or two of them."""
        known = self._hears.get(subject)
        if known is None:
            known = any(_matches(one, subject) for one in self._subjects)
            self._hears[subject] = known
        return known


def _matches(pattern: list[str], subject: str) -> bool:
    parts = subject.split(".")
    if pattern[-1] == ">":
        return len(parts) >= len(pattern) and _equal(pattern[:-1], parts)
    return len(parts) == len(pattern) and _equal(pattern, parts)


def _equal(pattern: list[str], parts: list[str]) -> bool:
    return all(one in ("*", part) for one, part in zip(pattern, parts, strict=False))
