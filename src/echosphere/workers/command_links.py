"""What joins workers on SQLite to the process that writes: commands, their answers, and events."""

import asyncio
from collections.abc import Callable
from functools import partial

from echosphere.database import CommandServer, RemoteWriter
from echosphere.workers.handover import Handed
from echosphere.workers.message_stream import ANSWERS, COMMANDS, EVENT, NO_MORE, MessageStream

LAST_COMMANDS_SECONDS = 2.0
"""For workers to say that they send no more commands."""


class LinkToWriter:
    """A worker's connection to the process that writes; a new one whenever another process does.

    Args:
        writer: Gets the answers, and sends commands.
        receive: Called with each event that the other process publishes.
        on_broken: Called when a connection breaks of which the other process has not said that it stops.

    Attributes:
        is_linked: Whether there has been a connection.
    """

    def __init__(
        self,
        writer: RemoteWriter,
        receive: Callable[[bytes], None],
        on_broken: Callable[[], None],
    ) -> None:
        self._writer = writer
        self._receive = receive
        self._on_broken = on_broken
        self._stopping: set[MessageStream] = set()
        self._stream: MessageStream | None = None
        self.is_linked = asyncio.Event()

    async def add(self, handed: Handed) -> None:
        """Use this connection from now on."""

        def heard(kind: bytes, data: bytes) -> None:
            if kind == EVENT:
                self._receive(data)
            elif kind == ANSWERS:
                self._writer.receive(data)
            elif kind == NO_MORE:
                self._stopping.add(stream)
                self._writer.pause(send)
                stream.send(NO_MORE)

        def closed() -> None:
            stream.close()
            if stream is self._stream:
                self._stream = None
            self._writer.disconnect(send)
            if stream not in self._stopping:
                self._on_broken()
            self._stopping.discard(stream)

        stream = MessageStream(heard, closed)
        send = partial(stream.send, COMMANDS)
        stream.on_room = partial(self._note_room, stream, send)
        await stream.open(handed.connection)
        self._stream = stream
        self._writer.connect(send)
        self.is_linked.set()

    def _note_room(
        self, stream: MessageStream, send: Callable[[bytes], None], has_room: bool
    ) -> None:
        """Keep commands here, where they are given up in time, while the other process reads none."""
        if not has_room:
            self._writer.pause(send)
        elif stream is self._stream and stream not in self._stopping:
            self._writer.connect(send)

    async def close(self) -> None:
        """Send and hear nothing any more."""
        if self._stream is not None:
            self._stream.close()


class LinksToWorkers:
    """The connections of the process that writes to the workers.

    Attributes:
        server: Runs what they ask for; set before the first connection comes.
    """

    def __init__(self) -> None:
        self.server: CommandServer
        self._streams: dict[MessageStream, asyncio.Event] = {}
        self._added = asyncio.Semaphore(0)

    async def add(self, handed: Handed) -> None:
        """Serve one more worker."""
        sends_no_more = asyncio.Event()

        def heard(kind: bytes, data: bytes) -> None:
            if kind == COMMANDS:
                self.server.receive(data, reply)
            elif kind == NO_MORE:
                sends_no_more.set()

        def closed() -> None:
            sends_no_more.set()
            stream.close()
            self._streams.pop(stream, None)

        stream = MessageStream(heard, closed)
        reply = partial(stream.send_soon, ANSWERS)
        await stream.open(handed.connection)
        self._streams[stream] = sends_no_more
        self._added.release()

    async def wait_for(self, count: int) -> None:
        """Wait until so many have come."""
        for _ in range(count):
            await self._added.acquire()

    def publish(self, event: bytes) -> None:
        """Send an event to all workers: before the answers to the commands from which it came."""
        for stream in self._streams:
            stream.send_soon(EVENT, event)

    async def drain(self) -> None:
        """Take no more commands, and answer those that came."""
        waiting = list(self._streams.items())
        for stream, _ in waiting:
            stream.send(NO_MORE)
        try:
            async with asyncio.timeout(LAST_COMMANDS_SECONDS):
                for _, sends_no_more in waiting:
                    await sends_no_more.wait()
        except TimeoutError:  # it does not read; its commands are answered as long as there is time
            pass
        await self.server.drain()

    async def close(self) -> None:
        """Send what was said, and close."""
        for stream in tuple(self._streams):
            stream.close()
