"""The product's fixtures, a group, and bots in it."""

from collections.abc import AsyncIterator

import pytest

from tests.product.conftest import more_settings, running, server
from tests.product.groups import Group, group_on

__all__ = ["more_settings", "running", "server"]


@pytest.fixture
async def group(server: str) -> AsyncIterator[Group]:
    """The group and the people around it."""
    async with group_on(server) as group:
        yield group
