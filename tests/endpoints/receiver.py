"""A program that receives events, and answers as a test wants it to."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Self

from standardwebhooks.webhooks import Webhook

from tests.bots.programs import Bot
from tests.product.local_server import HttpServer, Received
from tests.product.people import Person, new_key

SOON = 30.0
"""Seconds within which an event is received."""

ALL_TYPES = ["message.posted", "message.edited", "message.deleted", "member.left"]


class Event(Received):
    """A request with an event."""

    @property
    def id(self) -> str:
        """That of the event."""
        return self.headers["webhook-id"]

    @property
    def event(self) -> dict[str, Any]:
        """What was sent."""
        event: dict[str, Any] = json.loads(self.body)
        return event

    @property
    def text(self) -> str:
        """What the message says that was sent."""
        return str(self.event["data"]["message"]["body"])

    def verified_by(self, secret: str) -> Any:
        """Return the event, whose signature was verified by another implementation than the server's."""
        return Webhook(secret).verify(self.body, self.headers)


@dataclass
class Answer:
    """What is answered, after an action that may take its time."""

    status: int = 204
    body: bytes = b""
    headers: str = ""
    before: Callable[[], Awaitable[object]] | None = None

    @classmethod
    def of(cls, value: object) -> "Answer":
        """Return a success with a JSON body."""
        return cls(200, json.dumps(value).encode())


class Receiver(HttpServer):
    """Receives events on a port of its own.

    Attributes:
        received: What came, in its order.
        answers: What is answered, one after the other; then `default`.
    """

    def __init__(self) -> None:
        super().__init__()
        self.received: list[Event] = []
        self.answers: list[Answer] = []
        self.default = Answer()
        self._came = asyncio.Condition()

    async def __aenter__(self) -> Self:
        """Begin to listen."""
        await super().__aenter__()
        self.address += "/events"
        return self

    async def gets(self, count: int) -> list[Event]:
        """Return what came, once it is so much."""
        async with asyncio.timeout(SOON), self._came:
            await self._came.wait_for(lambda: len(self.received) >= count)
        return list(self.received)

    async def gets_until(self, text: str) -> list[Event]:
        """Return what came, once a message with this text is among it."""
        async with asyncio.timeout(SOON), self._came:
            await self._came.wait_for(lambda: any(text in str(one.event) for one in self.received))
        return list(self.received)

    async def answer(self, writer: asyncio.StreamWriter, received: Received) -> None:
        """Answer an event."""
        answer = self.answers.pop(0) if self.answers else self.default
        async with self._came:
            self.received.append(Event(received.path, received.headers, received.body))
            self._came.notify_all()
        if answer.before is not None:
            await answer.before()
        await self.respond(writer, answer.status, answer.body, answer.headers)


@dataclass
class Endpoint:
    """An endpoint as its owner sees it."""

    owner: Person
    bot: str
    id: str
    secret: str

    @property
    def path(self) -> str:
        """Where it is."""
        return f"/bots/{self.bot}/endpoints/{self.id}"

    async def shown(self) -> dict[str, Any]:
        """Return the endpoint."""
        found = (await self.owner.get(f"/bots/{self.bot}/endpoints"))["endpoints"]
        return next(one for one in found if one["id"] == self.id)

    async def until(self, **fields: Any) -> dict[str, Any]:
        """Return the endpoint once it is like this."""
        async with asyncio.timeout(SOON):
            while not _is_like(shown := await self.shown(), fields):
                await asyncio.sleep(0.05)
        return shown

    async def deliveries(self) -> list[dict[str, Any]]:
        """Return what was sent, the newest first."""
        found: list[dict[str, Any]] = (await self.owner.get(f"{self.path}/deliveries"))[
            "deliveries"
        ]
        return found

    async def delivery(self, number: int = 0, **fields: Any) -> dict[str, Any]:
        """Return a delivery once it is like this, counted from the newest."""
        async with asyncio.timeout(SOON):
            while True:
                found = await self.deliveries()
                if len(found) > number and _is_like(found[number], fields):
                    return found[number]
                await asyncio.sleep(0.05)

    async def tests(self) -> dict[str, Any]:
        """Send a test and return its delivery."""
        made = await self.owner.post(f"{self.path}/test", {"key": new_key()})
        delivery: dict[str, Any] = made["delivery"]
        return delivery


def _is_like(shown: dict[str, Any], fields: dict[str, Any]) -> bool:
    return all(shown[name] == value for name, value in fields.items())


async def endpoint_of(bot: Bot, url: str, **more: Any) -> Endpoint:
    """Create an endpoint of a bot."""
    wish = {"url": url, "types": ALL_TYPES, **more}
    made = await bot.owner.post(f"/bots/{bot.id}/endpoints", wish)
    return Endpoint(bot.owner, bot.id, made["endpoint"]["id"], made["secret"])
