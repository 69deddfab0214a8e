"""A bot of the SDK as a signed endpoint of the product: what is delivered is handled once."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import uvicorn

from echosphere_bot import Bot, Message
from echosphere_bot.signed import SignedEndpoint
from tests.bots.programs import SOON, bot_of, let_in
from tests.product.groups import group_on
from tests.product.once import on_one_database
from tests.product.people import new_key


@pytest.fixture
def more_settings() -> dict[str, str]:
    """What the server is set to besides: programs on this machine may receive events."""
    return {"ECHOSPHERE_ENDPOINT_NETWORKS": "127.0.0.1"}


@asynccontextmanager
async def served(endpoint: SignedEndpoint, listening: socket.socket) -> AsyncIterator[None]:
    """Serve an application on a socket that listens already."""
    config = uvicorn.Config(endpoint, log_level="warning", lifespan="on")
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    task = asyncio.create_task(server.serve([listening]))
    try:
        yield
    finally:
        server.should_exit = True
        await task


@on_one_database
async def test_what_is_delivered_is_answered_once(server: str) -> None:
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listening.getsockname()[1]}/events"
    async with group_on(server) as group, bot_of(group.member) as made:
        await let_in(group, made, sees="all")
        path = f"/bots/{made.id}/endpoints"
        asked = {"key": new_key(), "url": url, "types": ["message.posted"]}
        secret = (await group.member.post(path, asked))["secret"]
        bot = Bot(server, made.key, secret=secret)
        failures = [RuntimeError("the first time fails")]

        @bot.on_message
        async def echo(message: Message) -> None:
            await message.reply(f"{message.author.name}: {message.text}")
            if failures:
                raise failures.pop()

        async with served(bot.asgi(), listening):
            await group.owner.say(group.id, "@Echo hello")
            await group.owner.say(group.id, "again")
            async with asyncio.timeout(SOON):
                while len(said := await group.said(group.owner)) < 4 or failures:
                    await asyncio.sleep(0.05)
            # The first was delivered twice, as its handler failed after it had answered.
            assert sorted(said) == ["@Echo hello", "Ada: again", "Ada: hello", "again"]
