"""A fake server, and how bots are connected to it."""

from collections.abc import Iterator

import pytest

from echosphere_bot import Bot
from echosphere_bot.testing import FakeServer


@pytest.fixture
def server() -> Iterator[FakeServer]:
    """A fake server with the bot Echo, Ada, and the group Garden."""
    with FakeServer() as server:
        yield server


@pytest.fixture
def bot() -> Bot:
    """A bot without handlers."""
    return Bot()


@pytest.fixture(params=["auto", "poll"])
def either(request: pytest.FixtureRequest) -> Bot:
    """A bot without handlers, once over a socket and once by long polls."""
    return Bot(transport=request.param)
