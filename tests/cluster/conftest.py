"""Two processes of one instance."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cluster.nats_server import NatsServer
from tests.cluster.processes import Processes
from tests.conftest import missing
from tests.served import Served


@pytest.fixture
def nats(tmp_path: Path) -> Iterator[NatsServer]:
    """A NATS server."""
    if not NatsServer.is_there():
        missing("nats-server")
    server = NatsServer(tmp_path)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def processes(tmp_path: Path, postgresql_url: str, nats: NatsServer) -> Iterator[Processes]:
    """Processes of one instance, none of which is started yet."""
    processes = Processes(tmp_path, postgresql_url, nats.url)
    yield processes
    processes.stop()


@pytest.fixture
def two(processes: Processes) -> tuple[Served, Served]:
    """Two processes that run."""
    return processes.add(), processes.add()
