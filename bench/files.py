"""Files: many large uploads at once, then as many downloads; what they need of time and memory."""

import asyncio
import json
import random
from argparse import ArgumentParser, Namespace
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from secrets import token_hex
from time import perf_counter
from zlib import crc32

from bench import people
from bench.people import Person
from bench.progress import say
from bench.rest import Rest
from bench.result import Figures, IncompleteError, emit, medians
from bench.server import EchoSphere

MEBIBYTE = 2**20
PIECE = 256 * 1024
GLANCE = 0.02
"""Seconds between two looks at the server's memory."""


def arguments(parser: ArgumentParser) -> None:
    """Say what can be chosen."""
    parser.add_argument("--mebibytes", type=float, default=25.0, help="the size of each file")
    parser.add_argument("--clients", type=int, default=20, help="each sends one file at a time")
    parser.add_argument("--runs", type=int, default=3)


async def run(given: Namespace) -> None:
    """Run the workload and print its result."""
    content = random.Random(7).randbytes(int(given.mebibytes * MEBIBYTE))
    with EchoSphere() as server:
        rest = Rest(server.port)
        everybody = await people.register(rest, given.clients)
        await rest.close()
        senders = [Transfer(server.port, person, content) for person in everybody]
        # What is needed once, such as buffers of threads, is there before memory is looked at.
        await senders[0].upload()
        await senders[0].download()
        await senders[0].remove()
        uploads, downloads = [], []
        for _ in range(given.runs):
            uploads.append(await _together(server, senders, Transfer.upload, len(content)))
            downloads.append(await _together(server, senders, Transfer.download, len(content)))
            await asyncio.gather(*map(Transfer.remove, senders))
        parameters = {
            "mebibytes": given.mebibytes,
            "clients": given.clients,
            "runs": given.runs,
        }
        figures = {"upload": medians(uploads), "download": medians(downloads)}
        emit("files", parameters, figures, server.folder)


class Transfer:
    """One person who sends a file, gets it back and removes it."""

    def __init__(self, port: int, person: Person, content: bytes) -> None:
        self._port = port
        self._content = content
        self._sum = crc32(content)
        self._head = f"Host: 127.0.0.1:{port}\r\nAuthorization: Bearer {person.token}\r\n"
        self._id = ""

    async def upload(self) -> None:
        """Send the file as a form, piece by piece.

        Raises:
            IncompleteError: The server refused it.
        """
        boundary = token_hex(16)
        field = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.bin"'
        before, after = f"{field}\r\n\r\n".encode(), f"\r\n--{boundary}--\r\n".encode()
        kind = f"Content-Type: multipart/form-data; boundary={boundary}\r\n"
        length = len(before) + len(self._content) + len(after)
        async with self._ask("POST", "", f"{kind}Content-Length: {length}\r\n") as (reader, writer):
            writer.write(before)
            for start in range(0, len(self._content), PIECE):
                writer.write(self._content[start : start + PIECE])
                await writer.drain()
            writer.write(after)
            answer = await reader.readexactly(await _length(reader, b"201"))
        self._id = str(json.loads(answer)["attachment"]["id"])

    async def download(self) -> None:
        """Get the file and compare it with what was sent.

        Raises:
            IncompleteError: It is another one, or the server refused it.
        """
        found = 0
        async with self._ask("GET", f"/{self._id}") as (reader, _):
            left = await _length(reader, b"200")
            while left and (piece := await reader.read(PIECE)):
                found, left = crc32(piece, found), left - len(piece)
        if left or found != self._sum:
            raise IncompleteError("a file came back changed")

    async def remove(self) -> None:
        """Delete the file, so that no person reaches their limit."""
        async with self._ask("DELETE", f"/{self._id}") as (reader, _):
            await _length(reader, b"204")

    @asynccontextmanager
    async def _ask(
        self, method: str, path: str, more: str = ""
    ) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port, limit=2 * PIECE)
        try:
            begin = f"{method} /api/v1/attachments{path} HTTP/1.1\r\n{self._head}{more}\r\n"
            writer.write(begin.encode())
            yield reader, writer
        finally:
            writer.close()


async def _length(reader: asyncio.StreamReader, wanted: bytes) -> int:
    """Return how many bytes follow the head of an answer."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    if head[9:12] != wanted:
        raise IncompleteError(f"the server answered {head[:200]!r}")
    _, _, after = head.partition(b"content-length:")
    return int(after.partition(b"\r\n")[0] or 0)


async def _together(
    server: EchoSphere,
    senders: Sequence[Transfer],
    work: Callable[[Transfer], Awaitable[None]],
    size: int,
) -> Figures:
    """Let all do one thing at once; return its speed, and by how much the server grew at most."""
    before = peak = server.resident_bytes()

    async def watch() -> None:
        nonlocal peak
        while True:
            await asyncio.sleep(GLANCE)
            peak = max(peak, server.resident_bytes())

    watching = asyncio.create_task(watch())
    cpu, begun = server.cpu_seconds(), perf_counter()
    await asyncio.gather(*map(work, senders))
    seconds, cpu = perf_counter() - begun, server.cpu_seconds() - cpu
    watching.cancel()
    with suppress(asyncio.CancelledError):
        await watching
    megabytes = size * len(senders) / 1e6
    say(f"{work.__name__}: {megabytes / seconds:,.0f} MB/s")
    return {
        "mb_per_second": megabytes / seconds,
        "cpu_ms_per_mb": cpu / megabytes * 1000,
        "grown_mb": (peak - before) / 1e6,
    }
