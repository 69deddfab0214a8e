"""The product in a process of its own, as an operator starts it."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

QUICK = {"ECHOSPHERE_PASSWORD_METHOD": "scrypt:1024:8:1", "ECHOSPHERE_RATE_LIMITS": "off"}


class Served:
    """A server process with a data folder; it can be killed and started again.

    Args:
        data: The data folder.
        more: Further settings.
    """

    def __init__(self, data: Path, **more: str) -> None:
        self.data = data
        self._more = more
        self._port = "0"
        self._process: subprocess.Popen[str] | None = None
        self.address = ""

    def start(self, **more: str) -> str:
        """Start, with further settings, and return the address; later starts take the same port."""
        self._more |= more
        clean = {name: value for name, value in os.environ.items() if "ECHOSPHERE_" not in name}
        own = {"ECHOSPHERE_DATA": str(self.data), "ECHOSPHERE_PORT": self._port}
        with (self.data.parent / "server.log").open("a") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "echosphere", "serve"],
                env=clean | QUICK | own | self._more,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self._process.stdout is not None
        said = self._process.stdout.readline()
        found = re.search(r"http://[^ ]+:(\d+)", said)
        assert found is not None, f"the server said {said!r}; see its log"
        self.address, self._port = found[0], found[1]
        return self.address

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
        return (self.data.parent / "server.log").read_text()

    def _end(self, how: signal.Signals) -> int:
        assert self._process is not None
        if self._process.poll() is None:
            self._process.send_signal(how)
        code = self._process.wait(timeout=40)
        assert self._process.stdout is not None
        self._process.stdout.close()
        return code
