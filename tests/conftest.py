"""Fixtures that all tests share: databases that are really there, and the cast."""

import os
import secrets
import shutil
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from hypothesis import settings
from sqlalchemy import make_url

from tests.cluster.certificate import trust_it
from tests.processes import PROCESSES

if PROCESSES > 1:
    trust_it()  # before anything is loaded that makes up its mind whom to trust

import echosphere.app  # noqa: F401 - so that the tables of all features are known
from echosphere.database import Database, dialect_for, metadata, migrate
from tests import one_process
from tests.databases import DATABASES
from tests.doors import House, open_house, settings_in
from tests.shortcuts import take_shortcuts
from tests.travelling import let_commands_travel

if TYPE_CHECKING:
    from tests.product.conftest import Running
    from tests.product.shared import SharedProducts

take_shortcuts()
let_commands_travel()

pytest_plugins = ["tests.collected_whole"]

POSTGRESQL = os.environ.get("ECHOSPHERE_TEST_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432/")
IN_CI = os.environ.get("CI") == "true"
IS_LONG = os.environ.get("ECHOSPHERE_TEST_LONG") == "true"
"""Whether `bin/long` runs the tests."""

EXAMPLES = int(os.environ.get("ECHOSPHERE_TEST_EXAMPLES", "0"))
"""How many examples a property is tried with, if more than usual: see bin/long."""

if EXAMPLES:
    settings.register_profile("long", max_examples=EXAMPLES, deadline=None)
    settings.load_profile("long")


def pytest_configure(config: pytest.Config) -> None:
    """Bear with connections that clients leave open over TLS: over one process there is none.

    aiohttp waits for the other side's farewell, which may come after the loop of a test has ended.
    """
    if PROCESSES > 1:
        for what in ("unclosed <socket", "unclosed transport"):
            config.addinivalue_line("filterwarnings", f"ignore:{what}:ResourceWarning")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what runs in its long form only, and what is not for several processes."""
    if not IS_LONG:
        long = [item for item in items if item.get_closest_marker("long_form")]
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in long]
    if PROCESSES > 1:
        one_process.leave_out(config, items)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Let the process that reports know what was left out: each of those that run tests has chosen alike."""
    told: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
    if told is not None:
        told["left_out"] = dict(session.config.stash.get(one_process.LEFT_OUT, {}))


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Hear of it."""
    told = getattr(node, "workeroutput", {})
    node.config.stash[one_process.LEFT_OUT] = Counter(told.get("left_out", {}))


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say what was left out, and why."""
    if PROCESSES > 1:
        terminalreporter.section(f"over {PROCESSES} processes")
        for line in one_process.report(config):
            terminalreporter.write_line(line)


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


@pytest.fixture(scope="session")
def upgraded_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite database with all tables and no rows, to be copied."""
    path = tmp_path_factory.mktemp("upgraded") / "app.db"
    with_tables(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def upgraded_database(postgresql_server: str) -> Iterator[str]:
    """A PostgreSQL database with all tables; each test leaves it without rows."""
    with new_database(postgresql_server) as url:
        with_tables(url)
        yield url


@pytest.fixture
def postgresql_url(upgraded_database: str, postgresql_server: str) -> Iterator[str]:
    """A PostgreSQL database with all tables and no rows."""
    yield upgraded_database
    name = make_url(upgraded_database).database
    with psycopg.connect(postgresql_server, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        )
    empty = [f"DELETE FROM {table.name}" for table in metadata.sorted_tables]
    in_any_order = "SET session_replication_role = replica"
    with psycopg.connect(upgraded_database) as connection:
        connection.execute(";".join([in_any_order, *empty]))


@pytest.fixture
def sqlite_url(upgraded_file: Path, tmp_path: Path) -> str:
    """An SQLite database with all tables and no rows."""
    shutil.copy(upgraded_file, tmp_path / "app.db")
    return f"sqlite:///{tmp_path / 'app.db'}"


@pytest.fixture(params=DATABASES)
def database_kind(request: pytest.FixtureRequest) -> str:
    """The name of a kind of database, once of each kind."""
    kind: str = request.param
    return kind


@pytest.fixture
def database_url(request: pytest.FixtureRequest, database_kind: str) -> str:
    """A database with all tables and no rows, once of each kind."""
    url: str = request.getfixturevalue(f"{database_kind}_url")
    return url


@pytest.fixture(scope="session")
def shared_products(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator["SharedProducts"]:
    """The products that tests share, one on each kind of database."""
    from tests.product.shared import SharedProducts  # noqa: PLC0415 - needs the fixtures of this file

    with SharedProducts(request, tmp_path_factory) as products:
        yield products


@pytest.fixture
async def own_server(running: "Running") -> str:
    """The address of a product that no one else uses."""
    return await running.start()


@pytest.fixture(params=DATABASES)
def bare_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without any tables, once of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'app.db'}"
    else:
        with new_database(request.getfixturevalue("postgresql_server")) as url:
            yield url


@contextmanager
def new_database(server: str) -> Iterator[str]:
    """Make a PostgreSQL database and remove it afterwards."""
    name = f"echosphere_test_{secrets.token_hex(6)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        # No one cuts the power of a test's database: its commits need not wait for the disk.
        connection.execute(f'ALTER DATABASE "{name}" SET synchronous_commit = off')
    yield make_url(server).set(database=name).render_as_string(hide_password=False)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def with_tables(url: str) -> None:
    """Make all tables in a database."""
    engine = dialect_for(url).writing_engine()
    try:
        migrate(engine)
    finally:
        engine.dispose()


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


@pytest.fixture
async def house(database: Database, tmp_path: Path) -> AsyncIterator[House]:
    """The doors of accounts and contacts, without rates."""
    async with open_house(database, settings_in(tmp_path)) as house:
        yield house


@pytest.fixture
async def strict_house(database: Database, tmp_path: Path) -> AsyncIterator[House]:
    """The same doors, with rates as in production."""
    async with open_house(database, settings_in(tmp_path, RATE_LIMITS="on")) as house:
        yield house
