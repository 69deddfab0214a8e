"""Runs the processes that look into images and documents, and replaces those that hang or die."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from echosphere.attachments.sandbox.outcome import Look, PageLook
from echosphere.attachments.sandbox.recordings.clean import CLEANERS
from echosphere.core.errors import Invalid, Unavailable

WORKERS = 2
SECONDS = 30.0
"""How long one file may take by the clock; a process that takes longer is killed.

That says nothing of the file: how much work it may make is counted in processor time by the process
itself, and a busy machine gives little of it. So the sender is asked to come again.
"""

TURN = 25.0
"""Seconds to wait for a process; with `SECONDS` less than a proxy waits for an answer."""

RETRY_AFTER = 30

BY_THE_FILE = frozenset(
    {signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGFPE, signal.SIGILL}
    | {getattr(signal, name) for name in ("SIGXCPU", "SIGXFSZ") if hasattr(signal, name)}
)
"""What ends a process for what it did itself; any other end came from outside."""

DIED, LATE, NO_ROOM = "died", "late", "no_room"

PREVIEWED = frozenset(
    {"image/jpeg", "image/png", "image/gif", "image/webp", "image/avif", "application/pdf"}
)
LOOKED_INTO = PREVIEWED | CLEANERS.keys()
PORTRAYED = PREVIEWED - {"application/pdf"}
FOLDER = str(Path(__file__).parent)
# The process starts with the standard library, Pillow, pypdfium2 and the sandbox's own few files:
# the packages around it are entered as empty ones, so that nothing a server needs is loaded.
START = """
import sys, types
for name, folder in (("echosphere", sys.argv[1] + "/.."), ("echosphere.attachments", sys.argv[1])):
    package = sys.modules[name] = types.ModuleType(name)
    package.__path__ = [folder]
from echosphere.attachments.sandbox.worker import main
main()
"""
KEPT_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "SYSTEMROOT", "TEMP", "TMPDIR")


@dataclass(frozen=True, slots=True)
class Preview:
    """What was found in a file, and the files that were written."""

    look: Look
    thumbnail: Path | None
    cleaned: Path | None

    def shown_size(self) -> tuple[int, int]:
        """Return the size of a picture, in pixels as displayed."""
        return self.look.width or 1, self.look.height or 1


class Previews:
    """At most `WORKERS` processes, started when the first file comes.

    Args:
        seconds: How long one file may take by the clock.
        turn: How long to wait for a process.
        command: The program to run; tests put a broken one in its place.
    """

    def __init__(
        self,
        seconds: float = SECONDS,
        turn: float = TURN,
        command: tuple[str, ...] = (sys.executable, "-I", "-c", START, FOLDER),
    ) -> None:
        self._seconds = seconds
        self._turn = turn
        self._command = command
        self._room = asyncio.Semaphore(WORKERS)
        self._idle: list[asyncio.subprocess.Process] = []
        self._all: set[asyncio.subprocess.Process] = set()

    async def look(self, path: Path, kind: str, *, opaque: bool = False) -> Preview | None:
        """Look into a file of a type in `LOOKED_INTO`; None when that is impossible.

        The thumbnail of a picture, and a copy without personal metadata if there were any, are
        written beside the file. Recordings are cleaned in place.

        Args:
            path: The file.
            kind: Its type.
            opaque: A picture with transparency is put on a ground that lets it be seen.

        Raises:
            Invalid: It unpacks to more than is allowed.
            Unavailable: There was no process, or not enough of the machine, for it.
        """
        thumbnail, cleaned = path.with_suffix(".thumbnail"), path.with_suffix(".cleaned")
        request = {
            "path": str(path),
            "kind": kind,
            "thumbnail": str(thumbnail),
            "cleaned": str(cleaned),
        } | ({"opaque": "yes"} if opaque else {})
        answer = await self._seen(request)
        if answer is None:
            return None
        del answer["outcome"]
        seen = Look(**answer)
        return Preview(
            seen, thumbnail if seen.thumbnail else None, cleaned if seen.cleaned else None
        )

    async def portray(self, path: Path, kind: str) -> Path | None:
        """Make a square picture of an image of a type in `PORTRAYED`, beside the file.

        None when it cannot be decoded.

        Raises:
            Invalid: It unpacks to more than is allowed.
            Unavailable: There was no process, or not enough of the machine, for it.
        """
        portrait = path.with_suffix(".portrait")
        request = {"path": str(path), "kind": kind, "portrait": str(portrait)}
        return None if await self._seen(request) is None else portrait

    async def read_page(self, path: Path, encoding: str) -> PageLook | None:
        """Read what a web page says of itself; None when that is nothing.

        Args:
            path: The page, or its first part.
            encoding: What came with it; empty if nothing did.

        Raises:
            Unavailable: There was no process, or not enough of the machine, for it.
        """
        request = {"path": str(path), "kind": "text/html", "encoding": encoding}
        answer = await self._seen(request)
        if answer is None:
            return None
        return PageLook(answer["title"], answer["description"], answer["picture"])

    async def _seen(self, request: dict[str, str]) -> dict[str, Any] | None:
        line = json.dumps(request).encode() + b"\n"
        answer = await self._ask(line)
        if answer["outcome"] == DIED:  # what ended it may have passed
            answer = await self._ask(line)
        if answer["outcome"] in (DIED, LATE, NO_ROOM):
            raise unavailable()
        if answer["outcome"] == "too_big":
            raise Invalid(answer["detail"], fields={"file": answer["detail"]})
        return answer if answer["outcome"] == "seen" else None

    async def _ask(self, request: bytes) -> dict[str, Any]:
        """Return what a process answers, or how it ended instead."""
        async with self._worker() as worker:
            try:
                async with asyncio.timeout(self._seconds):
                    line = await _exchange(worker, request)
            except TimeoutError:
                await self._end(worker)
                return {"outcome": LATE}
            # A process that died on the file leaves nothing, one that was cut off half a line.
            if not line.endswith(b"\n"):
                await self._end(worker)
                return {"outcome": "unreadable" if _by_the_file(worker) else DIED}
            answer: dict[str, Any] = json.loads(line)
            return answer

    @asynccontextmanager
    async def _worker(self) -> AsyncIterator[asyncio.subprocess.Process]:
        async with self._place():
            worker = self._idle.pop() if self._idle else await self._start()
            try:
                yield worker
            except BaseException:
                # The request was given up in the middle: an answer to it may still come.
                await self._end(worker)
                raise
            if worker in self._all:
                self._idle.append(worker)

    @asynccontextmanager
    async def _place(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(self._turn):
                await self._room.acquire()
        except TimeoutError:
            raise unavailable() from None
        try:
            yield
        finally:
            self._room.release()

    async def _start(self) -> asyncio.subprocess.Process:
        kept = {name: os.environ[name] for name in KEPT_ENVIRONMENT if name in os.environ}
        try:
            worker = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                env=kept,
                start_new_session=True,  # a Ctrl-C is meant for the server, which lets files finish
            )
        except OSError as error:
            raise unavailable() from error
        self._all.add(worker)
        return worker

    async def _end(self, worker: asyncio.subprocess.Process) -> None:
        self._all.discard(worker)
        if worker.returncode is None:
            worker.kill()
        await worker.wait()

    async def stop(self) -> None:
        """End all processes."""
        self._idle.clear()
        for worker in tuple(self._all):
            await self._end(worker)


def unavailable() -> Unavailable:
    """Return the refusal of a file that nobody could look into, whatever is in it."""
    sentence = "The file cannot be checked just now. Try again soon."
    return Unavailable(sentence, retry_after=RETRY_AFTER)


def _by_the_file(worker: asyncio.subprocess.Process) -> bool:
    return worker.returncode is not None and -worker.returncode in BY_THE_FILE


async def _exchange(worker: asyncio.subprocess.Process, request: bytes) -> bytes:
    """Return the line that a process answers; what there is of it if it ends meanwhile."""
    assert worker.stdin is not None  # noqa: S101 - both are pipes
    assert worker.stdout is not None  # noqa: S101
    try:
        worker.stdin.write(request)
        await worker.stdin.drain()
        return await worker.stdout.readline()
    except OSError:
        return b""
