"""A way to another server that can go silent: connections stay open, and nothing comes through."""

import asyncio
from contextlib import suppress
from types import TracebackType


class SilentProxy:
    """Forwards TCP connections to a port of this machine, as long as it speaks.

    Args:
        port: Where to.
    """

    def __init__(self, port: int) -> None:
        self._to = port
        self._speaks = asyncio.Event()
        self._speaks.set()
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers: list[asyncio.StreamWriter] = []
        self.port = 0

    async def __aenter__(self) -> "SilentProxy":
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._server is not None
        self._server.close()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for writer in self._writers:
            writer.transport.abort()
        await asyncio.sleep(0)  # they are closed in the loop's next turn

    def lead_to(self, port: int) -> None:
        """Lead new connections to another port; those that are open stay where they are."""
        self._to = port

    def fall_silent(self) -> None:
        """Take what is sent and pass nothing on, in both directions."""
        self._speaks.clear()

    def speak(self) -> None:
        """Pass on what was held back, and what comes."""
        self._speaks.set()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.append(writer)
        await self._speaks.wait()
        there, back = await asyncio.open_connection("127.0.0.1", self._to)
        self._writers.append(back)
        for one in (self._pass_on(reader, back), self._pass_on(there, writer)):
            task = asyncio.create_task(one)
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while piece := await reader.read(65_536):
                await self._speaks.wait()
                writer.write(piece)
                await writer.drain()
        with suppress(OSError, RuntimeError):
            writer.close()
