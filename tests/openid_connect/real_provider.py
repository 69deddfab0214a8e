"""A real OpenID Connect provider, npm's `oidc-provider`, in a process of its own."""

import os
import subprocess
import time
from pathlib import Path

import httpx

from tests.conftest import missing
from tests.realtime.test_example_and_official_clients import find_node

FOLDER = Path(__file__).parent / "provider"
LABEL = "Company account"
FILE = """
[company]
label = "{label}"
issuer = "{issuer}"
client_id = "echosphere"
client_secret = "a-secret-between-the-two"
private_address = true
role_claim = "groups"
roles = {{ chat-admin = "administrator" }}
"""


class RealProvider:
    """The provider, on a host of its own, so that browsers see two sites.

    Args:
        folder: Where the file of the setting and the log go.
        port: The provider's port.
        server_port: The port of the product.
    """

    def __init__(self, folder: Path, port: int, server_port: int) -> None:
        self.server_port = server_port
        self.issuer = f"http://localhost:{port}"
        self.file = folder / "openid.toml"
        self.file.write_text(FILE.format(label=LABEL, issuer=self.issuer))
        self._log = folder / "provider.log"
        self._port = port
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it answers."""
        node = find_node()
        if node is None or not (FOLDER / "node_modules").is_dir():
            missing("Node.js with the packages of tests/openid_connect/provider (bin/setup)")
        given = [str(self._port), f"http://127.0.0.1:{self.server_port}"]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [str(node), str(FOLDER / "provider.mjs"), *given],
                stdout=log,
                stderr=subprocess.STDOUT,
                env={"PATH": os.environ["PATH"]},
            )
        until = time.monotonic() + 30
        while not self._answers():
            assert self._process.poll() is None, self._log.read_text()
            assert time.monotonic() < until, self._log.read_text()
            time.sleep(0.05)

    def stop(self) -> None:
        """End it."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=20)

    def _answers(self) -> bool:
        where = f"{self.issuer}/.well-known/openid-configuration"
        try:
            return httpx.get(where, trust_env=False).status_code == 200
        except httpx.TransportError:
            return False
