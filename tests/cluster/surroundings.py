"""What stands around one server process when the tests run over several: `TEST_PROCESSES=2`.

A PostgreSQL database, a NATS server, the other processes, and nginx with TLS in front of all, which spreads
requests over them. Tests that drive the product from outside notice nothing but another address.
"""

import secrets
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

from tests.cluster.front import Front
from tests.cluster.nats_server import shared_nats
from tests.conftest import POSTGRESQL, new_database


class Surroundings:
    """A database, a bus, and nginx in front of all processes.

    Args:
        folder: For their data.
        given: The settings of the test.

    Attributes:
        front: nginx.
    """

    def __init__(self, folder: Path, given: Mapping[str, str]) -> None:
        self._stack = ExitStack()
        around = folder / "around"
        files = around / "files"
        files.mkdir(parents=True)
        # Who names the address says by which scheme it is reached.
        secure = "ECHOSPHERE_BASE_URL" not in given
        self.front = Front(around, given.get("ECHOSPHERE_PORT"), secure=secure)
        self._shared = {
            "SECRET_KEY": secrets.token_urlsafe(48),
            "ECHOSPHERE_VAPID_KEY": urlsafe_b64encode(secrets.token_bytes(32)).decode(),
            "ECHOSPHERE_DATABASE_URL": self._stack.enter_context(new_database(POSTGRESQL)),
            "ECHOSPHERE_STORAGE_URL": files.as_uri(),
            "ECHOSPHERE_STORAGE_SHARED": "on",
            "ECHOSPHERE_BUS_URL": shared_nats().url,
            "ECHOSPHERE_TRUSTED_PROXIES": "127.0.0.1",
            "ECHOSPHERE_BASE_URL": self.address,
        }

    @property
    def address(self) -> str:
        """Where people reach the product."""
        return self.front.address

    def settings(self) -> Iterator[dict[str, str]]:
        """Those of each process."""
        for name, port in zip(self.front.names, self.front.ports, strict=True):
            own = {"ECHOSPHERE_PROCESS_NAME": name, "ECHOSPHERE_PORT": str(port)}
            yield self._shared | own

    def open(self) -> None:
        """Let people in, once all processes run."""
        self._stack.callback(self.front.close)
        self.front.open()

    def close(self) -> None:
        """End all of it."""
        self._stack.close()
