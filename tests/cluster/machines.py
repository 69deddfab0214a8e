"""Processes of one instance on separate machines: network namespaces that can be disconnected."""

import os
import secrets
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import httpx

from tests import launcher
from tests.conftest import missing
from tests.house.serving import free_port, wait_until
from tests.served import QUICK

CLIENTS, BUS, DATABASE = "clients", "bus", "database"
"""What a machine has a cable to."""

CABLES = (CLIENTS, BUS, DATABASE)


@cache
def why_no_namespaces() -> str:
    """Return why machines of one's own cannot be made here; empty if they can.

    A container may forbid that, as `.ci/run` says; a program that is not there is another thing.
    """
    if os.getuid() != 0:
        return "only root may make network namespaces"
    for words in (["unshare", "--net", "true"], ["ip", "netns"]):
        if shutil.which(words[0]) is None:
            missing(words[0])
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        if done.returncode:
            return f"this machine allows no network namespaces: {done.stderr.strip()}"
    return ""


class Network:
    """The cables between this machine and one of the tests' own.

    Attributes:
        name: That of the namespace.
    """

    def __init__(self) -> None:
        number = secrets.randbelow(1 << 16)
        self.name = f"echo{number:04x}"
        self._net = f"10.{100 + number % 100}.{number >> 8}"

    def here(self, cable: str) -> str:
        """Return the address of our end."""
        return f"{self._net}.{4 * CABLES.index(cable) + 1}"

    def there(self, cable: str) -> str:
        """Return the address of the other end."""
        return f"{self._net}.{4 * CABLES.index(cable) + 2}"

    def make(self) -> None:
        """Make the namespace, and lay the cables."""
        _ip("netns", "add", self.name)
        inside = ("-n", self.name)
        _ip(*inside, "link", "set", "lo", "up")
        for number, cable in enumerate(CABLES):
            ours, theirs = self._end(cable), f"eth{number}"
            _ip("link", "add", ours, "type", "veth", "peer", "name", theirs, "netns", self.name)
            _ip("addr", "add", f"{self.here(cable)}/30", "dev", ours)
            _ip(*inside, "addr", "add", f"{self.there(cable)}/30", "dev", theirs)
            _ip("link", "set", ours, "up")
            _ip(*inside, "link", "set", theirs, "up")

    def pull(self, cable: str) -> None:
        """Pull a cable: what is sent gets lost, and no one is told."""
        _ip("link", "set", self._end(cable), "down")

    def plug(self, cable: str) -> None:
        """Put it back."""
        _ip("link", "set", self._end(cable), "up")

    def remove(self) -> None:
        """Leave nothing of it."""
        for cable in CABLES:
            subprocess.run(
                ["ip", "link", "del", self._end(cable)], capture_output=True, check=False
            )
        subprocess.run(["ip", "netns", "del", self.name], capture_output=True, check=False)

    def _end(self, cable: str) -> str:
        return f"{self.name}{cable[0]}"


class Machine:
    """A process that serves, on this machine or on one of its own.

    Args:
        folder: For its data and its log.
        settings: Those of all processes; `{bus}` and `{database}` stand for addresses.
        network: The cables to its machine; None for this one.
    """

    def __init__(
        self, folder: Path, settings: Mapping[str, str], network: Network | None = None
    ) -> None:
        folder.mkdir()
        self._folder = folder
        self.network = network
        places = {one: network.here(one) if network else "127.0.0.1" for one in CABLES}
        host = network.there(CLIENTS) if network else "127.0.0.1"
        port = free_port()
        self.address = f"http://{host}:{port}"
        self._settings = {
            **{name: value.format(**places) for name, value in settings.items()},
            "ECHOSPHERE_DATA": str(folder / "data"),
            "ECHOSPHERE_HOST": host,
            "ECHOSPHERE_PORT": str(port),
            "ECHOSPHERE_INSECURE_HTTP": "on",
            "ECHOSPHERE_LOG_LEVEL": "WARNING",
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and wait until it answers."""
        inside = ["ip", "netns", "exec", self.network.name] if self.network else []
        with (self._folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                [*inside, sys.executable, "-m", "echosphere", "serve"],
                env=launcher.without_settings() | QUICK | self._settings,
                stdout=log,
                stderr=log,
            )
        wait_until(self._answers, lambda: self.log[-3000:])

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal."""
        assert self._process is not None
        self._process.send_signal(number)

    def kill(self) -> None:
        """End it as a power cut would."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        """End it, if it runs."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGCONT)
            self._process.terminate()
            try:
                self._process.wait(40)
            except subprocess.TimeoutExpired:
                self.kill()

    @property
    def log(self) -> str:
        """What it wrote to its log."""
        return (self._folder / "server.log").read_text()

    def _answers(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, self.log[-3000:]
        try:
            httpx.get(f"{self.address}/healthz", timeout=2)
        except httpx.TransportError:
            return False
        return True


@contextmanager
def network() -> Iterator[Network]:
    """A machine of the tests' own, for the time of a block."""
    made = Network()
    try:
        made.make()
        yield made
    finally:
        made.remove()


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)
