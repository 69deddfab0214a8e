"""A server whose database is put back as it was, by no command of ours."""

import shutil
import sqlite3
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from tests.conftest import missing, new_database
from tests.house.serving import free_port
from tests.product.conftest import Running, settings_for


class Restorable:
    """A server whose database can be copied while it runs, and put back while it does not.

    Args:
        data: The data folder.
        url: The database.
    """

    def __init__(self, data: Path, url: str) -> None:
        self.data = data
        self.url = url
        self._port = free_port()
        self.base = ""
        self._running: Running | None = None

    def copy(self) -> None:
        """Make a copy of this moment."""
        raise NotImplementedError

    def put_back(self) -> None:
        """Replace the database of a stopped server by the copy."""
        raise NotImplementedError

    async def start(self) -> None:
        """Start, always on the same port."""
        self._running = Running(settings_for(self.data, self.url), self._port)
        self.base = await self._running.start()

    async def stop(self) -> None:
        """Stop in good order."""
        assert self._running is not None
        await self._running.stop()

    async def restart(self) -> None:
        """Stop in good order and start again."""
        await self.stop()
        await self.start()

    async def restore(self) -> None:
        """Stop, put the copy back, start."""
        await self.stop()
        self.put_back()
        await self.start()


class OnSQLite(Restorable):
    """The file is copied, with what SQLite keeps beside it."""

    def copy(self) -> None:
        """Copy as an operator's `.backup` does."""
        with (
            closing(sqlite3.connect(self._file)) as source,
            closing(sqlite3.connect(self._kept)) as target,
        ):
            source.backup(target)

    def put_back(self) -> None:
        """Leave nothing of the other file."""
        for beside in self._file.parent.glob("app.db*"):
            beside.unlink()
        shutil.copy(self._kept, self._file)

    @property
    def _file(self) -> Path:
        return self.data / "app.db"

    @property
    def _kept(self) -> Path:
        return self.data.parent / "kept.db"


class OnPostgreSQL(Restorable):
    """Dumped into a database that serves as the template of the restored one."""

    def __init__(self, data: Path, url: str, server: str, kept: str) -> None:
        super().__init__(data, url)
        self._server = server
        self._kept = kept

    def copy(self) -> None:
        """Copy as an operator's `pg_dump` does."""
        if shutil.which("pg_dump") is None:
            missing("pg_dump")
        dump = subprocess.run(["pg_dump", self.url], check=True, capture_output=True)
        subprocess.run(
            ["psql", "--quiet", self._kept],
            input=dump.stdout,
            check=True,
            capture_output=True,
        )

    def put_back(self) -> None:
        """Make the database again from the copy."""
        name, template = (make_url(one).database for one in (self.url, self._kept))
        with psycopg.connect(self._server, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')


@asynccontextmanager
async def restorable(kind: str, folder: Path, server: str) -> AsyncIterator[Restorable]:
    """Serve a new database of a kind until the block ends."""
    data = folder / "data"
    data.mkdir()
    if kind == "sqlite":
        async with _serving(OnSQLite(data, f"sqlite:///{data / 'app.db'}")) as found:
            yield found
        return
    with new_database(server) as url, new_database(server) as kept:
        async with _serving(OnPostgreSQL(data, url, server, kept)) as found:
            yield found


@asynccontextmanager
async def _serving(found: Restorable) -> AsyncIterator[Restorable]:
    await found.start()
    try:
        yield found
    finally:
        await found.stop()
