"""A product that many tests use one after the other, each with people of its own."""

import asyncio
import threading
from concurrent.futures import Future
from contextlib import ExitStack
from pathlib import Path
from typing import Self

import pytest

from echosphere.settings import Settings
from tests.conftest import new_database, with_tables
from tests.owners import add_owner
from tests.product.conftest import Running, settings_for


class SharedProduct:
    """A product on a loop of its own, because each test has another one.

    Its owner is no one's: whoever registers there is an ordinary member.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._address: Future[str] = Future()
        self._loop = asyncio.new_event_loop()
        self._ending = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="shared product")

    def start(self) -> str:
        """Serve it; return the address."""
        self._thread.start()
        return self._address.result()

    def stop(self) -> None:
        """End it."""
        self._loop.call_soon_threadsafe(self._ending.set)
        self._thread.join()

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        running = Running(self._settings)
        try:
            address = await running.start()
            await add_owner(running.application.database)
        except BaseException as error:
            self._address.set_exception(error)
            raise
        self._address.set_result(address)
        await self._ending.wait()
        await running.stop()


class SharedProducts:
    """One on each kind of database, started when the first test asks for it.

    Args:
        request: That of the session.
        folders: Where they keep their data.
    """

    def __init__(self, request: pytest.FixtureRequest, folders: pytest.TempPathFactory) -> None:
        self._request = request
        self._folders = folders
        self._open = ExitStack()
        self._addresses: dict[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def address(self, kind: str) -> str:
        """Return where the one on this kind of database is reached."""
        if kind not in self._addresses:
            folder = self._folders.mktemp(f"shared-{kind}")
            product = SharedProduct(settings_for(folder / "data", self._database(kind, folder)))
            self._addresses[kind] = product.start()
            self._open.callback(product.stop)
        return self._addresses[kind]

    def _database(self, kind: str, folder: Path) -> str:
        url = f"sqlite:///{folder / 'app.db'}"
        if kind == "postgresql":
            server: str = self._request.getfixturevalue("postgresql_server")
            url = self._open.enter_context(new_database(server))
        with_tables(url)
        return url
