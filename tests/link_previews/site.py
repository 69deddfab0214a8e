"""A web site of the test's own: it answers what it is told to, however strange."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType

HTML = "text/html; charset=utf-8"


@dataclass
class Asked:
    """One request."""

    path: str
    headers: dict[str, str]


class Site:
    """Serves on a port of its own.

    Attributes:
        asked: The requests, in their order.
        answers: By path, the raw answer, or a function that writes one.
    """

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.answers: dict[str, bytes | Callable[[asyncio.StreamWriter], object]] = {}
        self.port = 0
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def __aenter__(self) -> "Site":
        """Begin to listen."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop, also what is being answered slowly."""
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def says(self, path: str, body: bytes | str, kind: str = HTML, **headers: str) -> str:
        """Have a path answer with a body; return its URL."""
        content = body.encode() if isinstance(body, str) else body
        self.answers[path] = answer(200, content, {"Content-Type": kind, **headers})
        return self.address + path

    def moves(self, path: str, to: str, status: int = 302) -> str:
        """Have a path lead elsewhere; return its URL."""
        self.answers[path] = answer(status, b"", {"Location": to})
        return self.address + path

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            path = (await reader.readline()).split()[1].decode()
            headers = {}
            while (line := (await reader.readline()).decode().strip()) != "":
                name, _, value = line.partition(": ")
                headers[name.lower()] = value
            self.asked.append(Asked(path, headers))
            given = self.answers.get(path, answer(404, b"", {}))
            if isinstance(given, bytes):
                writer.write(given)
                await writer.drain()
            else:
                result = given(writer)
                if asyncio.iscoroutine(result):
                    await result
        except (OSError, IndexError, asyncio.CancelledError):
            pass
        finally:
            writer.close()


def answer(status: int, body: bytes, headers: dict[str, str]) -> bytes:
    """Return a whole answer."""
    given = {"Content-Length": str(len(body)), "Connection": "close", **headers}
    lines = [f"HTTP/1.1 {status} So", *(f"{name}: {value}" for name, value in given.items())]
    return "\r\n".join([*lines, "", ""]).encode() + body
