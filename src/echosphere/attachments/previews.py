"""Runs the processes that look into images and documents, and replaces those that hang or die."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from echosphere.attachments.sandbox.outcome import Look, PageLook
from echosphere.attachments.sandbox.recordings.clean import CLEANERS
from echosphere.errors import Invalid, Unavailable

WORKERS = 2
SECONDS = 30.0
"""How long one file may take by the clock; a process that takes longer is killed."""

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
        seconds: How long one file may take.
        command: The program to run; tests put a broken one in its place.
    """

    def __init__(
        self,
        seconds: float = SECONDS,
        command: tuple[str, ...] = (sys.executable, "-I", "-c", START, FOLDER),
    ) -> None:
        self._seconds = seconds
        self._command = command
        self._room = asyncio.Semaphore(WORKERS)
        self._idle: list[asyncio.subprocess.Process] = []
        self._all: set[asyncio.subprocess.Process] = set()

    async def look(self, path: Path, kind: str) -> Preview | None:
        """Look into a file of a type in `LOOKED_INTO`; None when that is impossible.

        The thumbnail of a picture, and a copy without personal metadata if there were any, are
        written beside the file. Recordings are cleaned in place.

        Raises:
            Invalid: It unpacks to more than is allowed.
            Unavailable: No process could be started.
        """
        thumbnail, cleaned = path.with_suffix(".thumbnail"), path.with_suffix(".cleaned")
        request = {
            "path": str(path),
            "kind": kind,
            "thumbnail": str(thumbnail),
            "cleaned": str(cleaned),
        }
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
            Unavailable: No process could be started.
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
            Unavailable: No process could be started.
        """
        request = {"path": str(path), "kind": "text/html", "encoding": encoding}
        answer = await self._seen(request)
        if answer is None:
            return None
        return PageLook(answer["title"], answer["description"], answer["picture"])

    async def _seen(self, request: dict[str, str]) -> dict[str, Any] | None:
        line = json.dumps(request).encode() + b"\n"
        # A busy machine may have been the cause: a second process gets a second chance.
        answer = await self._ask(line) or await self._ask(line) or {"outcome": "unreadable"}
        if answer["outcome"] == "too_big":
            raise Invalid(answer["detail"], fields={"file": answer["detail"]})
        return answer if answer["outcome"] == "seen" else None

    async def _ask(self, request: bytes) -> dict[str, Any] | None:
        """Return what a process answers; None if it died or took too long."""
        async with self._worker() as worker:
            assert worker.stdin is not None  # noqa: S101 - both are pipes
            assert worker.stdout is not None  # noqa: S101
            try:
                async with asyncio.timeout(self._seconds):
                    worker.stdin.write(request)
                    await worker.stdin.drain()
                    line = await worker.stdout.readline()
            except (TimeoutError, OSError):
                line = b""
            # A process that died on the file leaves nothing, one that was cut off half a line.
            if not line.endswith(b"\n"):
                await self._end(worker)
                return None
            answer: dict[str, Any] = json.loads(line)
            return answer

    @asynccontextmanager
    async def _worker(self) -> AsyncIterator[asyncio.subprocess.Process]:
        async with self._room:
            worker = self._idle.pop() if self._idle else await self._start()
            try:
                yield worker
            except BaseException:
                # The request was given up in the middle: an answer to it may still come.
                await self._end(worker)
                raise
            if worker in self._all:
                self._idle.append(worker)

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
            raise Unavailable("Images cannot be checked just now.", retry_after=30) from error
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
