"""A NATS server of the tests' own, which can be stopped and started again."""

import atexit
import shutil
import socket
import subprocess
import time
from contextlib import closing, suppress
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

SECONDS_TO_START = 10.0


class NatsServer:
    """A server on a port of its own.

    Args:
        folder: Where it writes its log.
        listen: The address on which it listens.
    """

    def __init__(self, folder: Path, listen: str = "127.0.0.1") -> None:
        self._folder = folder
        self._listen = listen
        self._process: subprocess.Popen[bytes] | None = None
        with closing(socket.socket()) as found:
            found.bind(("127.0.0.1", 0))
            self.port = found.getsockname()[1]

    @staticmethod
    def is_there() -> bool:
        """Whether this machine has one."""
        return shutil.which("nats-server") is not None

    @property
    def url(self) -> str:
        """Its address."""
        return f"nats://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start, and wait until it answers."""
        with (self._folder / "nats.log").open("ab") as log:
            self._process = subprocess.Popen(
                ["nats-server", "--addr", self._listen, "--port", str(self.port)],
                stdout=log,
                stderr=log,
            )
        until = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < until:
            with suppress(OSError):
                socket.create_connection(("127.0.0.1", self.port)).close()
                return
            time.sleep(0.02)
        raise AssertionError("the NATS server did not start")

    def stop(self) -> None:
        """Stop at once."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()


@cache
def shared_nats() -> NatsServer:
    """The server that all products of this process of the tests share; each one's subjects are its own."""
    server = NatsServer(Path(mkdtemp()))
    server.start()
    atexit.register(server.stop)
    return server
