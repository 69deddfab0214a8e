"""The product's fixtures, and the worlds in which a bot can run."""

from collections.abc import AsyncIterator

import pytest

from tests.product.conftest import more_settings, running, server
from tests.sdk.worlds import World, fake_world, real_world

__all__ = ["more_settings", "running", "server"]


@pytest.fixture
async def real(server: str) -> AsyncIterator[World]:
    """A group of the product with a bot."""
    async with real_world(server) as world:
        yield world


@pytest.fixture
async def fake() -> AsyncIterator[World]:
    """The same on the SDK's fake server."""
    async with fake_world() as world:
        yield world
