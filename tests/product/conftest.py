"""The whole product on a port of its own, on both databases, with the cast."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import uvicorn
from aiosmtpd.smtp import SMTP

from echosphere.app import Application
from echosphere.bus import WorkerIdentity
from echosphere.commands.serve import uvicorn_settings
from echosphere.core.clock import Clock
from echosphere.settings import Settings, load_settings
from tests.mail_server import MailServer
from tests.owners import add_owner
from tests.product.people import Person, people_on
from tests.product.push_service import PushService

FAST_PASSWORDS = "scrypt:1024:8:1"


class Running:
    """A server that runs on the test's own event loop; with `worker`, one of several."""

    def __init__(
        self,
        settings: Settings,
        port: int = 0,
        clock: Clock | None = None,
        worker: WorkerIdentity | None = None,
    ) -> None:
        self.application = Application(settings, clock, worker)
        config = uvicorn.Config(
            self.application,
            port=port,
            **uvicorn_settings(self.application),  # type: ignore[arg-type]
        )
        self._server = uvicorn.Server(config)
        self._server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> str:
        """Start and return the address."""
        self._task = asyncio.create_task(self._server.serve())
        while not self._server.started:
            assert not self._task.done(), "the server did not start"
            await asyncio.sleep(0.01)
        port = self._server.servers[0].sockets[0].getsockname()[1]
        return f"http://127.0.0.1:{port}"

    async def stop(self) -> None:
        await self.application.drain()
        self._server.should_exit = True
        if self._task is not None:
            await self._task


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
async def server(running: Running) -> str:
    """The address of a running server."""
    return await running.start()


@pytest.fixture
async def another_owner(running: Running, server: str) -> str:
    """The id of an owner who was there first, so that everybody in the cast may close their account."""
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
