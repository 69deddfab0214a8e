"""An instance with rows and files on each database, and a place to restore it to."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from echosphere.settings import Settings
from tests.backup.instances import fill, settings_of
from tests.conftest import new_database
from tests.databases import DATABASES


@pytest.fixture
def instance(tmp_path: Path, database_url: str) -> Settings:
    """A filled instance, once on each database."""
    settings = settings_of(tmp_path / "data", database_url)
    fill(settings)
    return settings


@pytest.fixture
def small_instance(tmp_path: Path, sqlite_url: str) -> Settings:
    """A filled instance on SQLite."""
    settings = settings_of(tmp_path / "data", sqlite_url)
    fill(settings)
    return settings


@pytest.fixture(params=DATABASES)
def elsewhere(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """The settings of an empty place, once on each database."""
    with ExitStack() as stack:
        url = None
        if request.param == "postgresql":
            server = request.getfixturevalue("postgresql_server")
            url = stack.enter_context(new_database(server))
        yield settings_of(tmp_path / "elsewhere", url)
