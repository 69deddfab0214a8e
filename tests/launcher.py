"""Starts `python -m echosphere` without loading it each time: a process that has it loaded forks.

Hundreds of tests run commands and servers in processes of their own. Loading the modules costs each of
them more than a second of processor time, of which the test sees nothing. What is forked is a process
like any other: with its own environment, folder, files and exit code, and it can be killed. Tests that
ask how long a start takes, or how much memory a process holds, start Python themselves.
"""

import atexit
import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import IO, Any

LAST_WORDS = 4096
"""Bytes that are read at once from the pipe on which a process's end is told."""


class Started:
    """A process that was forked, as `subprocess.Popen` shows it.

    Args:
        args: What it runs.
        ending: The reading end of the pipe on which its id and, later, its exit code are told.
        stdout: What it prints, if someone reads that.
    """

    def __init__(self, args: list[str], ending: int, stdout: IO[str] | None) -> None:
        self.args = args
        self.stdout = stdout
        self.returncode: int | None = None
        self._ending: IO[bytes] = os.fdopen(ending, "rb", buffering=0)
        self._lock = threading.Lock()
        told = self._ending.read(LAST_WORDS)
        assert told, "the process that forks has ended"
        first, _, rest = told.partition(b"\n")
        self.pid = int(first)
        if rest:
            self.returncode = int(rest)

    def poll(self) -> int | None:
        """Return the exit code, None while it runs."""
        return self._look(0)

    def wait(self, timeout: float | None = None) -> int:
        """Wait until it ends; return the exit code.

        Raises:
            subprocess.TimeoutExpired: It has not ended by then.
        """
        code = self._look(timeout)
        if code is None:
            raise subprocess.TimeoutExpired(self.args, timeout or 0)
        return code

    def send_signal(self, number: int) -> None:
        """Send a signal, if it still runs."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        """End it without a chance to tidy up."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def _look(self, seconds: float | None) -> int | None:
        with self._lock:
            if self.returncode is None:
                ready, _, _ = select.select([self._ending], [], [], seconds)
                if ready:
                    self.returncode = int(self._ending.read(LAST_WORDS) or -signal.SIGKILL)
            if self.returncode is not None:
                self._ending.close()
            return self.returncode


def without_settings() -> dict[str, str]:
    """Return this environment without what sets the product."""
    return {name: value for name, value in os.environ.items() if "ECHOSPHERE_" not in name}


Running = Started | subprocess.Popen[str]


def start(
    words: list[str],
    environment: Mapping[str, str],
    *,
    cwd: Path | None = None,
    stdin: Any = subprocess.DEVNULL,
    stdout: Any = subprocess.DEVNULL,
    stderr: Any = subprocess.DEVNULL,
    forked: bool = True,
) -> Running:
    """Start the program with these words.

    Args:
        words: What follows `echosphere` on the command line.
        environment: All of its environment.
        cwd: Its folder; that of the caller if left out.
        stdin: An open file.
        stdout: An open file, or `subprocess.PIPE`.
        stderr: An open file.
        forked: False starts Python itself, where the memory of the process matters.
    """
    other_modules = environment.get("PYTHONPATH") != os.environ.get("PYTHONPATH")
    if not forked or other_modules or sys.platform != "linux":
        args = [sys.executable, "-m", "echosphere", *words]
        return subprocess.Popen(
            args, env=environment, cwd=cwd, stdin=stdin, stdout=stdout, stderr=stderr, text=True
        )
    with contextlib.ExitStack() as ours:
        printed: IO[str] | None = None
        if stdout == subprocess.PIPE:
            reading, writing = os.pipe()
            printed = os.fdopen(reading)
            stdout = ours.enter_context(os.fdopen(writing, "wb"))
        ending, telling = os.pipe()
        ours.callback(os.close, telling)
        files = [_number(file, ours) for file in (stdin, stdout, stderr)]
        request = {"words": words, "environment": dict(environment), "cwd": str(cwd or Path.cwd())}
        _forking().send(request, [*files, telling])
    return Started(["echosphere", *words], ending, printed)


def run(
    words: list[str],
    environment: Mapping[str, str],
    *,
    given: str = "",
    timeout: float = 120,
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, with something on its standard input.

    Raises:
        subprocess.TimeoutExpired: It took longer than so many seconds.
    """
    with (
        tempfile.TemporaryFile("w+") as stdin,
        tempfile.TemporaryFile("w+") as stdout,
        tempfile.TemporaryFile("w+") as stderr,
    ):
        stdin.write(given)
        stdin.seek(0)
        process = start(words, environment, stdin=stdin, stdout=stdout, stderr=stderr)
        try:
            code = process.wait(timeout)
        finally:
            process.kill()
            process.wait()
        for file in (stdout, stderr):
            file.seek(0)
        return subprocess.CompletedProcess(words, code, stdout.read(), stderr.read())


def _number(file: Any, ours: contextlib.ExitStack) -> int:
    if file == subprocess.DEVNULL:
        nowhere = os.open(os.devnull, os.O_RDWR)
        ours.callback(os.close, nowhere)
        return nowhere
    number: int = file.fileno()
    return number


class _Forking:
    """The process that has everything loaded."""

    def __init__(self) -> None:
        self._ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.forking", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                cwd=Path(__file__).parents[1],
            )
        atexit.register(self._end)

    def _end(self) -> None:
        self._ours.close()
        self._process.wait()

    def send(self, request: dict[str, Any], files: list[int]) -> None:
        socket.send_fds(self._ours, [json.dumps(request).encode()], files)


@cache
def _forking() -> _Forking:
    return _Forking()
