"""Processes that answer each line they are given with one line; lost ones are replaced."""

import asyncio
import json
import os
import signal
import sys
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from echosphere.core.errors import Unavailable

TIMEOUT_SECONDS = 30.0
"""Wall-clock limit for one request; a process that takes longer is killed.

Exceeding it says nothing about the request, since a busy machine gives a process little processor
time. The limit for the work that a request may cause is in processor time, and set by the process.
"""

QUEUE_SECONDS = 25.0
"""How long to wait for a process; with `TIMEOUT_SECONDS` less than proxies wait for a response."""

IDLE_SECONDS = 20.0
"""How long processes stay when nothing is asked of them; each holds 20 MB or more."""

EXIT_SECONDS = 1.0
"""How long a process that answers no more may take to end by itself."""

RETRY_AFTER = 30

CRASH_SIGNALS = frozenset(
    {signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGFPE, signal.SIGILL}
    | {getattr(signal, name) for name in ("SIGXCPU", "SIGXFSZ") if hasattr(signal, name)}
)
"""Signals that a process causes itself, so the request is at fault; others come from outside."""

CRASHED, DIED, TIMED_OUT = "crashed", "died", "timed_out"

# The process loads the modules of its own package: the packages around it are replaced by empty
# ones, so that nothing of the server is loaded.
BOOTSTRAP = """
import importlib, sys, types
folder, module = sys.argv[1:]
parents = module.split(".")[:-1]
for depth, name in enumerate(parents):
    folder = folder + "/" + name
    package = types.ModuleType(".".join(parents[: depth + 1]))
    package.__path__ = [folder]
    sys.modules[package.__name__] = package
importlib.import_module(module).main()
"""
SOURCES = str(Path(__file__).parents[2])
PASSED_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "SYSTEMROOT", "TEMP", "TMPDIR")


def worker_command(module: str) -> tuple[str, ...]:
    """Return the program that runs a module's `main`, without the packages around the module."""
    return (sys.executable, "-I", "-c", BOOTSTRAP, SOURCES, module)


class ProcessPool(ABC):
    """A few processes, started when there is something to ask and ended when there is nothing.

    Args:
        command: The program to run.
        workers: Processes at most.
        timeout_seconds: Wall-clock limit for one request.
        queue_seconds: How long to wait for a process.
        idle_seconds: How long processes stay when nothing is asked of them.
    """

    def __init__(
        self,
        command: tuple[str, ...],
        *,
        workers: int,
        timeout_seconds: float = TIMEOUT_SECONDS,
        queue_seconds: float = QUEUE_SECONDS,
        idle_seconds: float = IDLE_SECONDS,
    ) -> None:
        self._command = command
        self._timeout_seconds = timeout_seconds
        self._queue_seconds = queue_seconds
        self._idle_seconds = idle_seconds
        self._slots = asyncio.Semaphore(workers)
        self._idle: list[asyncio.subprocess.Process] = []
        self._all: set[asyncio.subprocess.Process] = set()
        self._idle_timer: asyncio.TimerHandle | None = None
        self._ending: asyncio.Future[Any] | None = None

    @staticmethod
    @abstractmethod
    def unavailable() -> Unavailable:
        """Return the refusal of a request that could not be answered for reasons of the server."""

    async def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return what a process answers, or how the process ended instead, as its `outcome`.

        A process that died is replaced once, since the cause may have been temporary.

        Raises:
            Unavailable: No process was free, or none can be started.
        """
        line = json.dumps(request).encode() + b"\n"
        response = await self._send(line)
        return await self._send(line) if response["outcome"] == DIED else response

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
                with suppress(TimeoutError):  # a signal of ours could hide that of its end
                    await asyncio.wait_for(worker.wait(), EXIT_SECONDS)
                await self._kill(worker)
                return {"outcome": CRASHED if _has_crashed(worker) else DIED}
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
                self._end_later()

    @asynccontextmanager
    async def _slot(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(self._queue_seconds):
                await self._slots.acquire()
        except TimeoutError:
            raise self.unavailable() from None
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
                start_new_session=True,  # Ctrl-C goes to the server, which lets running requests finish
            )
        except OSError as error:
            raise self.unavailable() from error
        self._all.add(worker)
        return worker

    async def _kill(self, worker: asyncio.subprocess.Process) -> None:
        # Once: asyncio would take the exit code of one that has ended from whoever waits for it.
        if worker in self._all and worker.returncode is None:
            worker.kill()
        self._all.discard(worker)
        await worker.wait()

    async def stop(self) -> None:
        """End all processes."""
        self._end_idle()
        for worker in tuple(self._all):
            await self._kill(worker)
        if self._ending is not None:
            await self._ending

    def _end_later(self) -> None:
        if self._idle_timer is not None:
            self._idle_timer.cancel()
        loop = asyncio.get_running_loop()
        self._idle_timer = loop.call_later(self._idle_seconds, self._end_idle)

    def _end_idle(self) -> None:
        if self._idle_timer is not None:
            self._idle_timer.cancel()
        if self._idle:
            self._ending = asyncio.gather(*map(self._kill, self._idle))
            self._idle = []


def _has_crashed(worker: asyncio.subprocess.Process) -> bool:
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
