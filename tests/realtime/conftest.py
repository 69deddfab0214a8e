"""The servers most tests talk to, and an HTTP client."""

from __future__ import annotations

import asyncio
import gc
import sys
import warnings
from typing import TYPE_CHECKING

import httpx
import pytest

from .servers import SLOW_RETRIES, echo, serving

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

LOOPS: dict[str, Callable[[], asyncio.AbstractEventLoop]] = {"asyncio": asyncio.new_event_loop}

if sys.platform != "win32":
    import uvloop

    LOOPS["uvloop"] = uvloop.new_event_loop


def pytest_asyncio_loop_factories() -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Every test runs on both loops: their transports differ in buffering and in closing."""
    return LOOPS


@pytest.fixture
def untidy_client() -> Iterator[None]:
    """The Python client drops answers of polls without closing them. What it dropped is collected
    here, where no one minds, and not in some later test.
    """
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Unclosed connection", ResourceWarning)
        yield
        gc.collect()


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(timeout=20) as client:
        yield client


@pytest.fixture
async def engine_url() -> AsyncIterator[str]:
    """The Engine.IO echo of the example, without pings in between."""
    async with serving(echo.engineio_server(SLOW_RETRIES, ping_interval=SLOW_RETRIES)) as url:
        yield url + "/engine.io/"


@pytest.fixture
async def pinging_engine_url() -> AsyncIterator[str]:
    """The Engine.IO echo with a ping every 300 ms, patient with slow clients."""
    async with serving(echo.engineio_server(SLOW_RETRIES)) as url:
        yield url + "/engine.io/"


@pytest.fixture
async def echo_url() -> AsyncIterator[str]:
    """The Socket.IO echo of the example, patient with slow clients."""
    async with serving(echo.socketio_server(SLOW_RETRIES)) as url:
        yield url + "/socket.io/"


@pytest.fixture
async def strict_engine_url() -> AsyncIterator[str]:
    """The Engine.IO echo with the intervals of the conformance suite: 300 and 200 ms."""
    async with serving(echo.engineio_server()) as url:
        yield url + "/engine.io/"
