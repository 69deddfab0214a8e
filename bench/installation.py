"""Installations to compare: processes of EchoSphere, their database, and the bus between them."""

import re
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from contextlib import ExitStack
from types import TracebackType
from typing import Self
from urllib.request import Request, urlopen

from bench.backends import Nats, PostgreSQL
from bench.server import EchoSphere

COUNTERS = (
    "cluster_published_total",
    "cluster_received_total",
    "deliveries_total",
    "deliveries_unreceived_total",
)


class Installation:
    """So many processes of one instance, which is measured as if it were one server.

    Args:
        name: What it is called in what is printed.
        count: How many processes.
        postgresql: Where its database is made; without it, SQLite.
        nats: Its bus; None for a single process.
    """

    def __init__(
        self, name: str, count: int, postgresql: PostgreSQL | None = None, nats: Nats | None = None
    ) -> None:
        self.name = name
        self._postgresql = postgresql
        self._nats = nats
        self._database = f"bench_{secrets.token_hex(4)}"
        self._stack = ExitStack()
        self._token = secrets.token_hex(16)
        self.servers = [EchoSphere(more=self._settings(number)) for number in range(count)]

    def _settings(self, number: int) -> Mapping[str, str]:
        """Return the settings of a process; those of all are made with the first one."""
        if number == 0:
            self._common = {"ECHOSPHERE_METRICS_TOKEN": self._token}
            if self._postgresql is not None:
                url = self._postgresql.add_database(self._database)
                self._common["ECHOSPHERE_DATABASE_URL"] = url
            if self._nats is not None:
                self._common |= {
                    "ECHOSPHERE_BUS_URL": self._nats.url,
                    "SECRET_KEY": secrets.token_urlsafe(48),
                    "ECHOSPHERE_VAPID_KEY": urlsafe_b64encode(secrets.token_bytes(32)).decode(),
                    "ECHOSPHERE_STORAGE_SHARED": "on",
                }
        return self._common | ({"ECHOSPHERE_PROCESS_NAME": f"p{number}"} if self._nats else {})

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            for server in self.servers:
                stack.enter_context(server)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    @property
    def database_url(self) -> str:
        """Where its database is."""
        file = self.servers[0].folder / "app.db"
        return self._common.get("ECHOSPHERE_DATABASE_URL", f"sqlite:///{file}")

    @property
    def port(self) -> int:
        """Where the first process listens."""
        return self.servers[0].port

    @property
    def pid(self) -> int:
        """The first process."""
        return self.servers[0].pid

    def port_of(self, number: int) -> int:
        """Return the port of one of the processes, for the client with this number."""
        return self.servers[number % len(self.servers)].port

    def cpu_seconds(self) -> float:
        """Return the processor time of EchoSphere's processes so far."""
        return sum(server.cpu_seconds() for server in self.servers)

    def cpu_of_each(self) -> dict[int, int]:
        """Return how many nanoseconds each of EchoSphere's processes has run so far."""
        return {pid: used for server in self.servers for pid, used in server.cpu_of_each().items()}

    def resident_bytes(self) -> int:
        """Return the memory of EchoSphere's processes."""
        return sum(server.resident_bytes() for server in self.servers)

    def beside(self) -> dict[str, float]:
        """Return the processor time, in seconds, of what is used besides."""
        found = {}
        if self._postgresql is not None:
            found["postgresql"] = self._postgresql.cpu_seconds(self._database)
        if self._nats is not None:
            found["nats"] = self._nats.cpu_seconds()
        return found

    def counted(self) -> dict[str, float]:
        """Return the counters of all processes, added up."""
        found = dict.fromkeys(COUNTERS, 0.0)
        for server in self.servers:
            shown = self._metrics(server.port)
            for name in COUNTERS:
                line = re.search(rf"^echosphere_{name} (\S+)$", shown, re.MULTILINE)
                found[name] += float(line[1]) if line else 0.0
        return found

    def _metrics(self, port: int) -> str:
        asked = Request(
            f"http://127.0.0.1:{port}/metrics", headers={"Authorization": f"Bearer {self._token}"}
        )
        with urlopen(asked) as answer:
            return str(answer.read().decode())
