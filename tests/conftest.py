"""Fixtures that all tests share: databases that are really there, and the cast."""

import os
import secrets
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from echosphere.database import Database

POSTGRESQL = os.environ.get("ECHOSPHERE_TEST_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432/")
IN_CI = os.environ.get("CI") == "true"


def missing(what: str) -> None:
    """Skip with a printed reason; in CI nothing may be missing."""
    if IN_CI:
        pytest.fail(f"{what} is needed in CI", pytrace=False)
    pytest.skip(f"{what} is not there")


@pytest.fixture(scope="session")
def postgresql_server() -> str:
    """The address of a PostgreSQL server in which tests may make databases."""
    try:
        psycopg.connect(POSTGRESQL, connect_timeout=3).close()
    except psycopg.OperationalError:
        missing(f"a PostgreSQL server at {POSTGRESQL} (ECHOSPHERE_TEST_POSTGRESQL)")
    return POSTGRESQL


@pytest.fixture
def postgresql_url(postgresql_server: str) -> Iterator[str]:
    """A new, empty PostgreSQL database."""
    name = f"echosphere_test_{secrets.token_hex(6)}"
    with psycopg.connect(postgresql_server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    yield make_url(postgresql_server).set(database=name).render_as_string(hide_password=False)
    with psycopg.connect(postgresql_server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database, once of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'app.db'}"
    url: str = request.getfixturevalue("postgresql_url")
    return url


class SetClock:
    """A clock that tests set; it ticks a millisecond at each look so that times differ."""

    def __init__(self) -> None:
        self.now = 1_800_000_000_000

    def __call__(self) -> int:
        self.now += 1
        return self.now

    def advance(self, milliseconds: int) -> None:
        """Let time pass."""
        self.now += milliseconds


@pytest.fixture
def clock() -> SetClock:
    """A clock in the test's hands."""
    return SetClock()


@pytest.fixture
async def database(database_url: str, clock: SetClock) -> AsyncIterator[Database]:
    """A started database with all tables."""
    database = Database(database_url, clock)
    await database.start()
    yield database
    await database.stop()
