"""Fixtures of these tests: a house with open doors."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from echosphere.database import Database
from tests.doors import House, open_house, settings_in


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
