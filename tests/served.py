"""The product in a process of its own, as an operator starts it."""

import contextlib
import re
import signal
import subprocess
import weakref
from pathlib import Path

from tests import launcher
from tests.cluster.front import Front
from tests.cluster.surroundings import Surroundings
from tests.one_process import SETTINGS
from tests.processes import PROCESSES

QUICK = {"ECHOSPHERE_PASSWORD_METHOD": "scrypt:1024:8:1", "ECHOSPHERE_RATE_LIMITS": "off"}


class Served:
    """The product with a data folder; it can be killed and started again.

    It is one process, or several when `TEST_PROCESSES` says so (see tests/processes.py).

    Args:
        data: The data folder.
        workers: How many processes serve.
        more: Further settings.
    """

    forked = True
    """False starts Python itself, where the memory of the process matters; see `launcher.start`."""

    def __init__(self, data: Path, workers: int = 1, /, **more: str) -> None:
        self.data = data
        self._workers = workers
        self._more = more
        self._port = more.get("ECHOSPHERE_PORT", "0")
        self._process: launcher.Running | None = None
        self._around: Surroundings | None = None
        self._others: list[Served] = []
        self.address = ""

    def start(self, **more: str) -> str:
        """Start, with further settings, and return the address; later starts take the same port."""
        self._more |= more
        if PROCESSES > self._workers == 1 and not SETTINGS.keys() & self._more.keys():
            self.address = self._start_several()
        else:
            self.address = self._start({"ECHOSPHERE_PORT": self._port})
            self._port = self.address.rpartition(":")[2]
        return self.address

    def _start(self, own: dict[str, str]) -> str:
        clean = launcher.without_settings()
        with (self.data.parent / "server.log").open("a") as log:
            self._process = launcher.start(
                ["serve", "--workers", str(self._workers)],
                clean | QUICK | {"ECHOSPHERE_DATA": str(self.data)} | self._more | own,
                stdout=subprocess.PIPE,
                stderr=log,
                forked=self.forked,
            )
        said = self.read_line()
        found = re.search(r"https?://[^ ]+:\d+", said)
        if found is None:
            self.kill()
            raise AssertionError(f"the server said {said!r}; see its log")
        return found[0]

    def _start_several(self) -> str:
        if self._around is None:
            self._around = Surroundings(self.data.parent, self._more)
            # Not when the processes stop: they may be started again.
            weakref.finalize(self, self._around.close)
        first, *others = self._around.settings()
        self._start(first)
        self._others = [
            Served(self.data.parent / f"process-{number}" / "data", **self._more | settings)
            for number, settings in enumerate(others, 2)
        ]
        for other in self._others:
            other.data.parent.mkdir(exist_ok=True)
            other.start()
        self._around.open()
        return self._around.address

    @property
    def front(self) -> Front:
        """What stands in front of it, if it is several processes."""
        assert self._around is not None
        return self._around.front

    def read_line(self) -> str:
        """Wait for the next line that it prints."""
        assert self._process is not None
        assert self._process.stdout is not None
        return self._process.stdout.readline()

    def kill(self) -> None:
        """End it as a power cut would."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """End it as an operator does; return the exit code."""
        return self._end(signal.SIGTERM)

    def wait(self, seconds: float) -> int:
        """Wait until it ends by itself; return the exit code."""
        assert self._process is not None
        return self._process.wait(timeout=seconds)

    @property
    def pid(self) -> int:
        """Its process."""
        assert self._process is not None
        return self._process.pid

    @property
    def log(self) -> str:
        """What it wrote to its log."""
        own = (self.data.parent / "server.log").read_text()
        return own + "".join(other.log for other in self._others)

    def _end(self, how: signal.Signals) -> int:
        for other in self._others:
            other._end(how)
        process = self._process
        assert process is not None
        assert process.stdout is not None
        with contextlib.closing(process.stdout):
            if process.poll() is None:
                process.send_signal(how)
            try:
                return process.wait(timeout=40)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()  # so that no pipe stays open, which a later test would be blamed for
                raise
