"""nginx with TLS in front of several processes, with the site that deploy/ has for it."""

import atexit
import re
import socket
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from string import ascii_lowercase

from tests.cluster.certificate import certificate
from tests.deploy.checks import find
from tests.house.repository import ROOT
from tests.house.serving import NGINX, free_port, wait_until
from tests.processes import PROCESSES

NO_ANSWER = 444
"""With it nginx closes a connection without a word."""


class Front:
    """nginx, which spreads requests over processes and keeps a polling session at its own.

    Args:
        folder: For its files.
        port: Where people reach it; a free one if left out.
        secure: Whether by TLS.
        processes: How many there are.

    Attributes:
        ports: Where it expects the processes.
        names: What they have to be called.
    """

    def __init__(
        self,
        folder: Path,
        port: str | None = None,
        *,
        secure: bool = True,
        processes: int = PROCESSES,
    ) -> None:
        self._folder = folder
        self._port = port or str(free_port())
        self._secure = secure
        self._polling_port = str(free_port())
        self.ports = [free_port() for _ in range(processes)]
        self.names: Sequence[str] = ascii_lowercase[:processes]
        self._nginx: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Where people reach the product."""
        return f"http{'s' if self._secure else ''}://127.0.0.1:{self._port}"

    @property
    def polling_address(self) -> str:
        """Where they reach it and no WebSocket gets through."""
        return f"{self.address.rpartition(':')[0]}:{self._polling_port}"

    @property
    def refused(self) -> int:
        """How many WebSockets did not get through there."""
        return (self._folder / "polling.log").read_text().count(f" {NO_ANSWER} ")

    def open(self) -> None:
        """Let people in, if they are not yet."""
        if self._nginx is not None:
            return
        (self._folder / "site.conf").write_text(self._site())
        configuration = self._folder / "nginx.conf"
        configuration.write_text(NGINX.format(folder=self._folder))
        self._nginx = subprocess.Popen([find("nginx"), "-c", configuration, "-p", self._folder])
        atexit.register(self.close)
        wait_until(self._is_open, lambda: "nginx did not start")

    def close(self) -> None:
        """End nginx."""
        nginx, self._nginx = self._nginx, None
        if nginx is not None:
            atexit.unregister(self.close)
            nginx.terminate()
            nginx.wait()

    def _is_open(self) -> bool:
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", int(self._port))).close()
            return True
        return False

    def _site(self) -> str:
        """deploy/nginx-several.conf with the addresses of these processes, and of people."""
        deploy = ROOT / "deploy"
        site = (deploy / "nginx-several.conf").read_text()
        site = site[: site.index("server {\n    listen 80;")]
        (self._folder / "echosphere.inc").write_text((deploy / "nginx-echosphere.inc").read_text())
        for name, port in zip(self.names, self.ports, strict=True):
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
        return site + self._polling(site[site.index("server {") :])

    def _polling(self, server: str) -> str:
        """The same site on another port, without WebSockets; its pages are taken for those of the first."""
        refuse = (
            f'map $http_origin $first_origin {{ default $http_origin; "{self.polling_address}" '
            f'"{self.address}"; }}\n'
            f"server {{\n    access_log {self._folder}/polling.log;\n"
            f"    if ($http_upgrade) {{ return {NO_ANSWER}; }}\n"
            "    proxy_set_header Origin $first_origin;"
        )
        port = f"127.0.0.1:{self._polling_port}"
        return server.replace(f"127.0.0.1:{self._port}", port).replace("server {", refuse, 1)
