"""The pool of sandboxed processes that parse untrusted files; it replaces those that hang or die."""

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

from echosphere.core.errors import Invalid, Unavailable
from echosphere.media.sandbox.inspection import Inspection, PageMetadata
from echosphere.media.sandbox.metadata.in_place import STRIPPERS
from echosphere.media.temp_files import AVATAR, CLEANED, THUMBNAIL

WORKERS = 2
TIMEOUT_SECONDS = 30.0
"""Wall-clock limit for one file; a process that takes longer is killed.

Exceeding it says nothing about the file, since a busy machine gives a process little processor time:
the sender is asked to try again. The limit for the work that a file may cause is in processor time,
and set by the worker itself.
"""

QUEUE_SECONDS = 25.0
"""How long to wait for a process; with `TIMEOUT_SECONDS` less than proxies wait for a response."""

RETRY_AFTER = 30

CRASH_SIGNALS = frozenset(
    {signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGFPE, signal.SIGILL}
    | {getattr(signal, name) for name in ("SIGXCPU", "SIGXFSZ") if hasattr(signal, name)}
)
"""Signals that a process causes itself, so the file is at fault; others come from outside."""

DIED, TIMED_OUT, NO_SPACE = "died", "timed_out", "no_space"

THUMBNAIL_TYPES = frozenset(
    {"image/jpeg", "image/png", "image/gif", "image/webp", "image/avif", "application/pdf"}
)
INSPECTED_TYPES = THUMBNAIL_TYPES | STRIPPERS.keys()
IMAGE_TYPES = THUMBNAIL_TYPES - {"application/pdf"}
PACKAGE_FOLDER = str(Path(__file__).parent.parent)
# The process loads the standard library, Pillow, pypdfium2 and the modules of the sandbox: the
# packages around it are replaced by empty ones, so that nothing of the server is loaded.
BOOTSTRAP = """
import sys, types
for name, folder in (("echosphere", sys.argv[1] + "/.."), ("echosphere.media", sys.argv[1])):
    package = sys.modules[name] = types.ModuleType(name)
    package.__path__ = [folder]
from echosphere.media.sandbox.worker import main
main()
"""
PASSED_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "SYSTEMROOT", "TEMP", "TMPDIR")


@dataclass(frozen=True, slots=True)
class InspectedFile:
    """The inspection of a file, and the paths of the files that were written."""

    inspection: Inspection
    thumbnail: Path | None
    cleaned: Path | None

    def displayed_size(self) -> tuple[int, int]:
        """Return the size of an image as displayed, in pixels."""
        return self.inspection.width or 1, self.inspection.height or 1


class SandboxPool:
    """At most `WORKERS` processes, started when the first file comes.

    Args:
        timeout_seconds: Wall-clock limit for one file.
        queue_seconds: How long to wait for a process.
        command: The program to run; tests replace it with a broken one.
    """

    def __init__(
        self,
        timeout_seconds: float = TIMEOUT_SECONDS,
        queue_seconds: float = QUEUE_SECONDS,
        command: tuple[str, ...] = (sys.executable, "-I", "-c", BOOTSTRAP, PACKAGE_FOLDER),
    ) -> None:
        self._timeout_seconds = timeout_seconds
        self._queue_seconds = queue_seconds
        self._command = command
        self._slots = asyncio.Semaphore(WORKERS)
        self._idle: list[asyncio.subprocess.Process] = []
        self._all: set[asyncio.subprocess.Process] = set()

    async def inspect(
        self, path: Path, content_type: str, *, opaque: bool = False
    ) -> InspectedFile | None:
        """Inspect a file of a type in `INSPECTED_TYPES`; None if it cannot be parsed.

        The thumbnail, and a copy without personal metadata if there were any, are written beside
        the file. Recordings are cleaned in place.

        Args:
            path: The file.
            content_type: Its type.
            opaque: Replaces transparency in the thumbnail by a contrasting background.

        Raises:
            Invalid: It unpacks to more than is allowed.
            Unavailable: No process was free, or the machine lacks memory or disk space.
        """
        thumbnail, cleaned = path.with_suffix(THUMBNAIL), path.with_suffix(CLEANED)
        request = {
            "path": str(path),
            "content_type": content_type,
            "thumbnail": str(thumbnail),
            "cleaned": str(cleaned),
        } | ({"opaque": "yes"} if opaque else {})
        response = await self._request(request)
        if response is None:
            return None
        del response["outcome"]
        inspection = Inspection(**response)
        return InspectedFile(
            inspection,
            thumbnail if inspection.thumbnail else None,
            cleaned if inspection.cleaned else None,
        )

    async def make_avatar(self, path: Path, content_type: str) -> Path | None:
        """Write a square version of an image of a type in `IMAGE_TYPES` beside the file.

        Returns None if the image cannot be decoded.

        Raises:
            Invalid: It unpacks to more than is allowed.
            Unavailable: No process was free, or the machine lacks memory or disk space.
        """
        avatar = path.with_suffix(AVATAR)
        request = {"path": str(path), "content_type": content_type, "avatar": str(avatar)}
        return None if await self._request(request) is None else avatar

    async def read_page_metadata(self, path: Path, encoding: str) -> PageMetadata | None:
        """Read title, description and image URL of a web page; None if it has none.

        Args:
            path: The page, or its beginning.
            encoding: The charset of its `Content-Type`; empty if there was none.

        Raises:
            Unavailable: No process was free, or the machine lacks memory or disk space.
        """
        request = {"path": str(path), "content_type": "text/html", "encoding": encoding}
        response = await self._request(request)
        if response is None:
            return None
        return PageMetadata(response["title"], response["description"], response["image_url"])

    async def _request(self, request: dict[str, str]) -> dict[str, Any] | None:
        line = json.dumps(request).encode() + b"\n"
        response = await self._send(line)
        if response["outcome"] == DIED:  # the cause may have been temporary
            response = await self._send(line)
        if response["outcome"] in (DIED, TIMED_OUT, NO_SPACE):
            raise inspection_unavailable()
        if response["outcome"] == "too_big":
            raise Invalid(response["detail"], fields={"file": response["detail"]})
        return response if response["outcome"] == "done" else None

    async def _send(self, request: bytes) -> dict[str, Any]:
        """Return the response of a process, or how the process ended instead."""
        async with self._worker() as worker:
            try:
                async with asyncio.timeout(self._timeout_seconds):
                    line = await _exchange(worker, request)
            except TimeoutError:
                await self._kill(worker)
                return {"outcome": TIMED_OUT}
            # A process that crashed leaves nothing, one that was killed perhaps half a line.
            if not line.endswith(b"\n"):
                await self._kill(worker)
                return {"outcome": "unreadable" if _crashed_on_file(worker) else DIED}
            response: dict[str, Any] = json.loads(line)
            return response

    @asynccontextmanager
    async def _worker(self) -> AsyncIterator[asyncio.subprocess.Process]:
        async with self._slot():
            worker = self._idle.pop() if self._idle else await self._start()
            try:
                yield worker
            except BaseException:
                # The request was cancelled: the response to it may still come.
                await self._kill(worker)
                raise
            if worker in self._all:
                self._idle.append(worker)

    @asynccontextmanager
    async def _slot(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(self._queue_seconds):
                await self._slots.acquire()
        except TimeoutError:
            raise inspection_unavailable() from None
        try:
            yield
        finally:
            self._slots.release()

    async def _start(self) -> asyncio.subprocess.Process:
        passed = {name: os.environ[name] for name in PASSED_ENVIRONMENT if name in os.environ}
        try:
            worker = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                env=passed,
                start_new_session=True,  # Ctrl-C goes to the server, which lets running files finish
            )
        except OSError as error:
            raise inspection_unavailable() from error
        self._all.add(worker)
        return worker

    async def _kill(self, worker: asyncio.subprocess.Process) -> None:
        self._all.discard(worker)
        if worker.returncode is None:
            worker.kill()
        await worker.wait()

    async def stop(self) -> None:
        """End all processes."""
        self._idle.clear()
        for worker in tuple(self._all):
            await self._kill(worker)


def inspection_unavailable() -> Unavailable:
    """Return the refusal of a file that could not be inspected for reasons of the server."""
    sentence = "The file cannot be checked just now. Try again soon."
    return Unavailable(sentence, retry_after=RETRY_AFTER)


def _crashed_on_file(worker: asyncio.subprocess.Process) -> bool:
    return worker.returncode is not None and -worker.returncode in CRASH_SIGNALS


async def _exchange(worker: asyncio.subprocess.Process, request: bytes) -> bytes:
    """Return the line that a process answers, or the part that it wrote before it ended."""
    assert worker.stdin is not None  # noqa: S101 - both are pipes
    assert worker.stdout is not None  # noqa: S101
    try:
        worker.stdin.write(request)
        await worker.stdin.drain()
        return await worker.stdout.readline()
    except OSError:
        return b""
