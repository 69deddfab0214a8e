"""A way to PostgreSQL that can break at a commit: it is carried out, and nobody hears of it."""

import asyncio
from contextlib import suppress
from types import TracebackType

PAUSE = 0.3
"""Seconds in which PostgreSQL carries the commit out."""


class CommitCutter:
    """Forwards TCP connections to a port of this machine.

    Args:
        port: Where to.
    """

    def __init__(self, port: int) -> None:
        self._to = port
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers: list[asyncio.StreamWriter] = []
        self.port = 0
        self.cuts_after = b""
        """The connection on which this is sent is cut behind the commit that follows it."""

    async def __aenter__(self) -> "CommitCutter":
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

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", self._to)
        self._writers += (writer, back)
        answers = asyncio.create_task(self._pass_on(there, writer))
        asking = asyncio.create_task(self._ask(reader, back, writer, answers))
        for task in (answers, asking):
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _ask(
        self,
        reader: asyncio.StreamReader,
        back: asyncio.StreamWriter,
        writer: asyncio.StreamWriter,
        answers: "asyncio.Task[None]",
    ) -> None:
        is_marked = False
        with suppress(OSError):
            while piece := await reader.read(65_536):
                is_marked = is_marked or bool(self.cuts_after and self.cuts_after in piece)
                is_cut = is_marked and b"COMMIT" in piece
                if is_cut:
                    self.cuts_after = b""
                    answers.cancel()
                back.write(piece)
                await back.drain()
                if is_cut:
                    await asyncio.sleep(PAUSE)
                    writer.transport.abort()
                    break
        back.close()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while piece := await reader.read(65_536):
                writer.write(piece)
                await writer.drain()
        with suppress(OSError, RuntimeError):
            writer.close()
