"""The whole product on a port of its own, on both databases, with the cast."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import uvicorn
from aiosmtpd.smtp import SMTP

from echosphere.app import Application
from echosphere.bus import WorkerIdentity
from echosphere.commands.serve import uvicorn_settings
from echosphere.core.clock import Clock
from echosphere.settings import Settings, load_settings
from tests.cluster.together import Together
from tests.mail_server import MailServer
from tests.owners import add_owner
from tests.product.people import Person, people_on
from tests.product.push_service import PushService

if TYPE_CHECKING:
    from tests.product.shared import SharedProducts

FAST_PASSWORDS = "scrypt:1024:8:1"


class Running:
    """A server that runs on the test's own event loop; with `worker`, one of several.

    When `TEST_PROCESSES` says so, it is several, see tests/processes.py.

    Attributes:
        applications: That of each process.
        addresses: Where each process is reached by itself.
    """

    def __init__(
        self,
        settings: Settings,
        port: int = 0,
        clock: Clock | None = None,
        worker: WorkerIdentity | None = None,
    ) -> None:
        self._ports, each = [port], [settings]
        self._together = Together.of(settings) if worker is None else None
        if self._together is not None:
            self._ports, each = self._together.ports, self._together.settings_of_each(settings)
        self.applications = [Application(one, clock, worker) for one in each]
        self.addresses: list[str] = []
        self._servers: list[uvicorn.Server] = []
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def application(self) -> Application:
        """That of the process, or of the first one."""
        return self.applications[0]

    def put_forward(self, passed: Callable[[], int]) -> None:
        """Have the database of each process take it to be so many milliseconds later, or earlier."""
        for application in self.applications:
            clock = application.database.clock
            application.database.clock = lambda clock=clock: clock() + passed()  # type: ignore[misc]

    def forget_callers(self) -> None:
        """Have each process look up again who calls, as they do after some seconds."""
        for application in self.applications:
            application.callers.clear()

    async def start(self) -> str:
        """Start and return the address."""
        for application, port in zip(self.applications, self._ports, strict=True):
            config = uvicorn.Config(application, port=port, **uvicorn_settings(application))  # type: ignore[arg-type]
            self.addresses.append(await self._serve(uvicorn.Server(config)))
        if self._together is None:
            return self.addresses[0]
        return await self._together.open(self.applications)

    async def _serve(self, server: uvicorn.Server) -> str:
        server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
        task = asyncio.create_task(server.serve())
        self._servers.append(server)
        self._tasks.append(task)
        while not server.started:
            assert not task.done(), "the server did not start"
            await asyncio.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        return f"http://127.0.0.1:{port}"

    async def stop(self) -> None:
        await asyncio.gather(*(one.drain() for one in self.applications))
        # Each server puts back how signals were handled when it started.
        for server, task in reversed(list(zip(self._servers, self._tasks, strict=True))):
            server.should_exit = True
            await task
        if self._together is not None:
            self._together.close()


def settings_for(data: Path, database_url: str, **more: str) -> Settings:
    """Return the settings of a test server: real, but with cheap passwords and no rates."""
    return load_settings(
        {
            "ECHOSPHERE_DATA": str(data),
            "ECHOSPHERE_DATABASE_URL": database_url,
            "ECHOSPHERE_PASSWORD_METHOD": FAST_PASSWORDS,
            "ECHOSPHERE_RATE_LIMITS": "off",
            "ECHOSPHERE_REGISTRATION": "open",
            **more,
        }
    )


@pytest.fixture
def more_settings() -> dict[str, str]:
    """What the server is set to besides; a module with other wishes has its own fixture of it."""
    return {}


@pytest.fixture
async def running(
    tmp_path: Path, database_url: str, more_settings: dict[str, str]
) -> AsyncIterator[Running]:
    """A running server on an empty database."""
    running = Running(settings_for(tmp_path / "data", database_url, **more_settings))
    yield running
    await running.stop()


@pytest.fixture
def server(
    request: pytest.FixtureRequest,
    database_kind: str,
    more_settings: dict[str, str],
    shared_products: "SharedProducts",
) -> str:
    """The address of a running server.

    It is the test's own if the test looks inside (`running`), sets it up in its own way, or is marked
    `own_product`; otherwise many tests use it, whose people do not know each other.
    """
    own = "running" in request.fixturenames or more_settings
    if own or request.node.get_closest_marker("own_product") is not None:
        address: str = request.getfixturevalue("own_server")
        return address
    return shared_products.address(database_kind)


@pytest.fixture
async def another_owner(running: Running, server: str) -> str:
    """The id of an owner who was there first, so that everyone in the cast may close their account."""
    return await add_owner(running.application.database)


@pytest.fixture
async def cast(server: str) -> AsyncIterator[tuple[Person, Person, Person]]:
    """Two people who will talk, and an outsider who must learn nothing."""
    async with people_on(server, "Ada Example", "Ben Example", "Oscar Outsider") as people:
        yield people[0], people[1], people[2]


@pytest.fixture
async def service() -> AsyncIterator[PushService]:
    """A push service."""
    async with PushService() as service:
        yield service


@pytest.fixture
async def post() -> AsyncIterator[MailServer]:
    """A mail server."""
    post = MailServer()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(post, hostname="mail.test"), "127.0.0.1", 0)
    post.port = server.sockets[0].getsockname()[1]
    yield post
    server.close()
