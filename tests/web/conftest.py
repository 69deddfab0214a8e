"""What is special about the tests of pages."""

import pytest


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Pages are the same on every database: one kind is enough."""
    return sqlite_url
