"""Starts a server as a user would, with a data folder of its own, and ends it again."""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from bench import processes
from bench.progress import say

ROOT = Path(__file__).resolve().parent.parent
BIN_SERVE = ROOT / "bin" / "serve"
BUILD = ROOT / "build"
"""Where data folders are made: /tmp may be memory, where a commit costs nothing."""

PATIENCE = 60.0
"""Seconds a server may take to start or to stop."""

SETTINGS = {
    "ECHOSPHERE_RATE_LIMITS": "off",
    "ECHOSPHERE_PASSWORD_METHOD": "scrypt:1024:8:1",
    "ECHOSPHERE_LOG_LEVEL": "WARNING",
}
KEPT_FROM_HERE = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV", "PYTHONPATH")


class Measured(Protocol):
    """What a workload is run against: EchoSphere, or a reference."""

    name: str

    @property
    def port(self) -> int:
        """Where it listens."""

    @property
    def pid(self) -> int:
        """The process that was started."""

    def cpu_seconds(self) -> float:
        """Return the processor time used so far."""

    def cpu_of_each(self) -> dict[int, int]:
        """Return how many nanoseconds each process has run so far."""

    def resident_bytes(self) -> int:
        """Return the memory held at the moment."""


class Program:
    """A server program that listens on a port of this machine."""

    name = ""

    def __init__(self) -> None:
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process that was started."""
        assert self._process is not None
        return self._process.pid

    def cpu_seconds(self) -> float:
        """Return user and system time of all its processes so far."""
        return processes.cpu_seconds(self.pid)

    def cpu_of_each(self) -> dict[int, int]:
        """Return how many nanoseconds each of its processes has run, without those that ended."""
        return processes.cpu_of_each(self.pid)

    def resident_bytes(self) -> int:
        """Return the resident memory of all its processes."""
        return processes.resident_bytes(self.pid)

    def begin(self, command: list[str], environment: dict[str, str], folder: Path) -> None:
        """Start the program and return at once."""
        kept = {name: os.environ[name] for name in KEPT_FROM_HERE if name in os.environ}
        self._process = subprocess.Popen(
            command, env=kept | environment, cwd=folder, stdout=sys.stderr
        )

    def wait_for(self, path: str) -> float:
        """Wait until a page is served; return the time (as of `perf_counter`) at which it was."""
        deadline = time.monotonic() + PATIENCE
        while not self._serves(path):
            self._require_alive()
            if time.monotonic() > deadline:
                raise RuntimeError(f"{self.name} did not serve {path} within {PATIENCE:.0f} s")
            time.sleep(0.005)
        return time.perf_counter()

    def stop(self) -> None:
        """End the program as an operator would, by SIGTERM."""
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            say(f"{self.name} did not stop within {PATIENCE:.0f} s and was killed")

    def _require_alive(self) -> None:
        assert self._process is not None
        code = self._process.poll()
        if code is not None:
            raise RuntimeError(f"{self.name} ended while it started, with code {code}")

    def _serves(self, path: str) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status == 200 and bool(response.read())
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


class EchoSphere(Program):
    """The product, from the command to the last connection.

    Args:
        through_setup: Start by `bin/serve`, which looks first whether everything is set up;
            else by the Python that runs this.
        workers: How many processes serve.
        more: Settings besides those of all workloads, or in place of them.
    """

    name = "echosphere"

    def __init__(
        self,
        *,
        through_setup: bool = False,
        workers: int = 1,
        more: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__()
        self._workers = workers
        self._through_setup = through_setup
        self._settings = {**SETTINGS, **(more or {})}
        BUILD.mkdir(exist_ok=True)
        self.folder = Path(tempfile.mkdtemp(prefix="bench-", dir=BUILD))

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
        self.forget()

    def start(self) -> None:
        """Start and wait until it is ready."""
        self.launch()
        self.wait_for("/readyz")

    def launch(self) -> None:
        """Start and return at once."""
        command = [sys.executable, "-m", "echosphere", "serve", "--workers", str(self._workers)]
        if self._through_setup:
            command = [str(BIN_SERVE)]
        place = {"ECHOSPHERE_DATA": str(self.folder), "ECHOSPHERE_PORT": str(self.port)}
        self.begin(command, self._settings | place, self.folder)

    def restart(self) -> None:
        """Begin again with the same data and a fresh process."""
        self.stop()
        self.start()

    def forget(self) -> None:
        """Remove the data folder."""
        with suppress(OSError):
            shutil.rmtree(self.folder)


def free_port() -> int:
    """Return a port on which no one listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
