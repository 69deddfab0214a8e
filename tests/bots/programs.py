"""Bots as their programs see them: what they can ask, post and hear."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from tests.product.groups import Group
from tests.product.people import Person, client_of, new_key

BEGIN = "Listen from here on!"
SOON = 30.0
"""Seconds within which what was said is heard."""


@dataclass
class Bot:
    """A bot with its key, and its program's connection."""

    id: str
    key: str
    owner: Person
    http: httpx.AsyncClient
    cursor: str | None = None

    async def get(self, path: str, expected: int = 200, **query: Any) -> Any:
        """Ask for something."""
        answer = await self.http.get(path, params=query)
        assert answer.status_code == expected, (path, answer.text)
        return answer.json()

    async def say(self, conversation: str, body: str, expected: int = 201, **more: Any) -> Any:
        """Post a message and return it."""
        posted = {"key": new_key(), "body": body, **more}
        path = f"/conversations/{conversation}/messages"
        answer = await self.http.post(path, json=posted)
        assert answer.status_code == expected, answer.text
        return answer.json()["message"] if expected == 201 else answer.json()

    async def hears(self, **query: Any) -> list[dict[str, Any]]:
        """Return the events since the last time; at the first time none, and begin to listen."""
        given: dict[str, Any] = {} if self.cursor is None else {"after": self.cursor}
        page = await self.get("/events", **given, **query)
        self.cursor = page["cursor"]
        events: list[dict[str, Any]] = page["events"]
        return events

    async def begins(self, conversation: str) -> None:
        """Listen from now on.

        PostgreSQL begins before all transactions that are running, so what was committed a moment ago
        may come once more.
        """
        await self.hears()
        await self.owner.say(conversation, f"{BEGIN} @Echo @Other")
        await self.settles()

    async def settles(self) -> None:
        """Hear with what others began to listen."""
        async with asyncio.timeout(SOON):
            while BEGIN not in str(await self.hears(wait=5)):
                pass

    async def hears_up_to(self, count: int, **query: Any) -> list[dict[str, Any]]:
        """Return so many events since the last time, however many answers they come in."""
        found: list[dict[str, Any]] = []
        async with asyncio.timeout(SOON):
            while len(found) < count:
                found += await self.hears(wait=5, **query)
        return found

    async def heard(self, **query: Any) -> list[str]:
        """Return what the messages say of which the bot heard since the last time."""
        found = await self.hears(**query)
        return [one["data"]["message"]["body"] for one in found if "message" in one["data"]]


@asynccontextmanager
async def bot_of(owner: Person, name: str = "Echo") -> AsyncIterator[Bot]:
    """Create a bot and connect its program."""
    made = await owner.post("/bots", {"name": name})
    async with client_of(owner.base) as http:
        http.headers["Authorization"] = f"Bearer {made['key']}"
        yield Bot(made["bot"]["id"], made["key"], owner, http)


async def let_in(group: Group, bot: Bot, *, sees: str = "addressed") -> None:
    """Add a bot to a group, and say what it sees there."""
    await group.owner.post(group.path("/members"), {"user": bot.id})
    if sees != "addressed":
        await group.owner.put(group.path(f"/bots/{bot.id}"), {"sees": sees}, 200)
