"""What stands around one server process when the tests run over several: `TEST_PROCESSES=2`.

A PostgreSQL database, a NATS server, the other processes, and nginx with TLS in front of all, which spreads
requests over them. Tests that drive the product from outside notice nothing but another address.
"""

import re
import secrets
import socket
import subprocess
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, suppress
from functools import cache
from pathlib import Path
from string import ascii_lowercase
from tempfile import mkdtemp

from tests.cluster.nats_server import NatsServer
from tests.conftest import POSTGRESQL, new_database
from tests.deploy.checks import find
from tests.house.repository import ROOT
from tests.house.serving import NGINX, free_port, wait_until
from tests.processes import PROCESSES

INSIDE = {
    "ECHOSPHERE_DATABASE_URL": "the test is about this database",
    "ECHOSPHERE_BUS_URL": "the test starts its processes itself",
    "ECHOSPHERE_TRUSTED_PROXIES": "the test speaks as a proxy does, and ours drops what clients claim",
}
"""Settings with which a product stays one process, and why."""


@cache
def certificate() -> Path:
    """A certificate for this machine's own addresses, and its key, in one file."""
    made = Path(mkdtemp()) / "certificate.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost"),
            *("-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"),
            *("-keyout", made, "-out", made),
        ],
        check=True,
        capture_output=True,
    )
    return made


class Surroundings:
    """A database, a bus, further processes, and nginx in front of all.

    Args:
        folder: For their data.
        given: The settings of the test.
    """

    def __init__(self, folder: Path, given: Mapping[str, str]) -> None:
        self._stack = ExitStack()
        self._folder = folder / "around"
        self._folder.mkdir(parents=True)
        self._files = self._folder / "files"
        self._files.mkdir()
        # Who names the address says by which scheme it is reached.
        self._secure = "ECHOSPHERE_BASE_URL" not in given
        self._port = given.get("ECHOSPHERE_PORT") or str(free_port())
        self._ports = [str(free_port()) for _ in range(PROCESSES)]
        self._nginx: subprocess.Popen[bytes] | None = None
        nats = NatsServer(self._folder)
        nats.start()
        self._stack.callback(nats.stop)
        self._shared = {
            "SECRET_KEY": secrets.token_urlsafe(48),
            "ECHOSPHERE_VAPID_KEY": urlsafe_b64encode(secrets.token_bytes(32)).decode(),
            "ECHOSPHERE_DATABASE_URL": self._stack.enter_context(new_database(POSTGRESQL)),
            "ECHOSPHERE_STORAGE_URL": self._files.as_uri(),
            "ECHOSPHERE_STORAGE_SHARED": "on",
            "ECHOSPHERE_BUS_URL": nats.url,
            "ECHOSPHERE_TRUSTED_PROXIES": "127.0.0.1",
            "ECHOSPHERE_BASE_URL": self.address,
        }

    @property
    def address(self) -> str:
        """Where people reach the product."""
        return f"http{'s' if self._secure else ''}://127.0.0.1:{self._port}"

    def settings(self) -> Iterator[dict[str, str]]:
        """Those of each process."""
        for name, port in zip(ascii_lowercase, self._ports, strict=False):
            own = {"ECHOSPHERE_PROCESS_NAME": name, "ECHOSPHERE_PORT": port}
            yield self._shared | own

    def open(self) -> None:
        """Let people in, once all processes run."""
        if self._nginx is not None:
            return
        (self._folder / "site.conf").write_text(self._site())
        configuration = self._folder / "nginx.conf"
        configuration.write_text(NGINX.format(folder=self._folder))
        self._nginx = subprocess.Popen([find("nginx"), "-c", configuration, "-p", self._folder])
        self._stack.callback(self._nginx.wait)
        self._stack.callback(self._nginx.terminate)
        wait_until(self._is_open, lambda: "nginx did not start")

    def _is_open(self) -> bool:
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", int(self._port))).close()
            return True
        return False

    def close(self) -> None:
        """End all of it."""
        self._stack.close()

    def _site(self) -> str:
        """deploy/nginx-several.conf with the addresses of these processes, and of people."""
        deploy = ROOT / "deploy"
        site = (deploy / "nginx-several.conf").read_text()
        site = site[: site.index("server {\n    listen 80;")]
        (self._folder / "echosphere.inc").write_text((deploy / "nginx-echosphere.inc").read_text())
        for name, port in zip(ascii_lowercase, self._ports, strict=False):
            site, found = re.subn(
                rf"server echosphere-{name}:5000", f"server 127.0.0.1:{port}", site
            )
            assert found == 2, name
        protocol = " ssl http2" if self._secure else ""
        for what, becomes in (
            (r"listen 443 ssl http2;", f"listen 127.0.0.1:{self._port}{protocol};"),
            (r"^ +listen \[::\].*", ""),
            (r"/etc/nginx/certificates/fullchain.pem", str(certificate())),
            (r"/etc/nginx/certificates/privkey.pem", str(certificate())),
        ):
            site, found = re.subn(what, becomes, site, flags=re.MULTILINE)
            assert found == 1, what
        return site
