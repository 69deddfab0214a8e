"""A group with a bot, on the product or on the SDK's fake server, seen and used in the same way."""

import asyncio
import re
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import httpx

from echosphere_bot import Bot, MemoryStorage, Retry
from echosphere_bot.configuration import Configuration
from echosphere_bot.testing import FakeServer
from tests.product.groups import Group, group_on
from tests.product.people import client_of, new_key

SOON = 60.0
"""Seconds within which what must come has come."""

NUMBERS = {"seq", "version", "reply_to", "created_at", "edited_at", "at", "read_seq"}
IDS = {"id", "conversation", "author", "user", "users", "key", "url", "respond", "cursor"}


class World(ABC):
    """A group of Ada, Ben and the bot Echo, which sees all that is said there.

    Attributes:
        url: Of the server.
        key: Of the bot.
        bot: The id of the bot.
        group: The id of the group.
    """

    url: str
    key: str
    bot: str
    group: str
    http: httpx.AsyncClient

    @abstractmethod
    async def say(self, text: str, reply_to: int | None = None, file: bytes | None = None) -> int:
        """Have Ada post; return the number of the message."""

    @abstractmethod
    async def edit(self, seq: int, text: str) -> None:
        """Have Ada edit her message."""

    @abstractmethod
    async def delete(self, seq: int) -> None:
        """Have Ada delete her message."""

    @abstractmethod
    async def react(self, seq: int, emoji: str, *, on: bool = True) -> None:
        """Have Ada react."""

    @abstractmethod
    async def set_member(self, *, joins: bool) -> None:
        """Have Ben leave, or come back."""

    @abstractmethod
    async def command(self, name: str, text: str) -> None:
        """Have Ada use a command of the bot."""

    @abstractmethod
    async def press(self, seq: int, button: str) -> None:
        """Have Ada press a button."""

    async def messages(self) -> list[dict[str, Any]]:
        """Return what was said, as the bot sees it."""
        answer = await self.http.get(f"/conversations/{self.group}/messages")
        return [one for one in answer.json()["messages"] if one["system"] is None]

    async def wait_for(self, is_there: Callable[[list[dict[str, Any]]], Any]) -> Any:
        """Return the messages once something is true of them."""
        async with asyncio.timeout(SOON):
            while not is_there(found := await self.messages()):
                await asyncio.sleep(0.02)
        return found

    @asynccontextmanager
    async def runs(self, bot: Bot, storage: MemoryStorage | None = None) -> AsyncIterator[None]:
        """Run a bot."""
        transport = bot.configuration.transport
        where = Configuration(self.url, self.key, storage or MemoryStorage(), "", transport)
        async with bot.started(where, Retry(first=0.02, longest=0.5)) as running:
            task = asyncio.create_task(running.listen())
            waiting = asyncio.create_task(running.listening.wait())
            await asyncio.wait({task, waiting}, return_when=asyncio.FIRST_COMPLETED)
            waiting.cancel()
            try:
                yield
            finally:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task


class RealWorld(World):
    """The product."""

    def __init__(
        self, group: Group, bot: dict[str, Any], key: str, http: httpx.AsyncClient
    ) -> None:
        self.url, self.key, self.bot, self.group = group.owner.base, key, bot["id"], group.id
        self.http = http
        self._people = group

    async def say(self, text: str, reply_to: int | None = None, file: bytes | None = None) -> int:
        ada = self._people.owner
        more: dict[str, Any] = {} if reply_to is None else {"reply_to": reply_to}
        if file is not None:
            more["attachments"] = [(await ada.upload("log.bin", file))["id"]]
        return int((await ada.say(self.group, text, **more))["seq"])

    def _message(self, seq: int, rest: str = "") -> str:
        return self._people.path(f"/messages/{seq}{rest}")

    async def edit(self, seq: int, text: str) -> None:
        await self._people.owner.patch(self._message(seq), {"body": text})

    async def delete(self, seq: int) -> None:
        await self._people.owner.delete(self._message(seq), 200)

    async def react(self, seq: int, emoji: str, *, on: bool = True) -> None:
        path = self._message(seq, f"/reactions/{emoji}")
        answer = await self._people.owner.http.request("PUT" if on else "DELETE", path)
        assert answer.status_code == 200, answer.text

    async def set_member(self, *, joins: bool) -> None:
        people = self._people
        if joins:
            await people.owner.post(people.path("/members"), {"user": people.admin.id})
        else:
            await people.owner.delete(people.of(people.admin))

    async def command(self, name: str, text: str) -> None:
        path = self._people.path("/commands")
        sent = {"key": new_key(), "bot": self.bot, "command": name, "text": text}
        async with asyncio.timeout(SOON):
            while name not in str(await self._people.owner.get(path)):
                await asyncio.sleep(0.02)
        await self._people.owner.post(path, sent, 202)

    async def press(self, seq: int, button: str) -> None:
        pressed = {"key": new_key(), "action": button}
        await self._people.owner.post(self._message(seq, "/actions"), pressed, 202)


class FakeWorld(World):
    """The fake server."""

    def __init__(self, server: FakeServer, http: httpx.AsyncClient) -> None:
        self._server, self.http = server, http
        self.url, self.key = server.url, server.key
        self.bot, self.group = server.world.bot.id, server.group.id
        self._ben = server.add_person("Ben")
        server.join(self._ben)

    async def _do(self, work: Callable[..., Any], *given: Any, **named: Any) -> Any:
        return await asyncio.to_thread(work, *given, **named)

    def _message(self, seq: int) -> dict[str, Any]:
        return next(one for one in self._server.group.messages if one["seq"] == seq)

    async def say(self, text: str, reply_to: int | None = None, file: bytes | None = None) -> int:
        answered = None if reply_to is None else self._message(reply_to)
        files = [] if file is None else [("log.bin", file)]
        said = await self._do(self._server.say, text, reply_to=answered, files=files)
        return int(said["seq"])

    async def edit(self, seq: int, text: str) -> None:
        await self._do(self._server.edit, self._message(seq), text)

    async def delete(self, seq: int) -> None:
        await self._do(self._server.delete, self._message(seq))

    async def react(self, seq: int, emoji: str, *, on: bool = True) -> None:
        await self._do(self._server.react, self._message(seq), emoji, on=on)

    async def set_member(self, *, joins: bool) -> None:
        await self._do(self._server.join if joins else self._server.leave, self._ben)

    async def command(self, name: str, text: str) -> None:
        await self._do(self._server.command, name, text)

    async def press(self, seq: int, button: str) -> None:
        await self._do(self._server.press, self._message(seq), button)


@asynccontextmanager
async def real_world(base: str) -> AsyncIterator[World]:
    """A group on the product, and a bot in it that sees all."""
    async with group_on(base) as group, client_of(base) as http:
        made = await group.owner.post("/bots", {"name": "Echo"})
        bot = made["bot"]
        await group.owner.post(group.path("/members"), {"user": bot["id"]})
        await group.owner.put(group.path(f"/bots/{bot['id']}"), {"sees": "all"}, 200)
        await group.owner.delete(group.of(group.member))
        http.headers["Authorization"] = f"Bearer {made['key']}"
        yield RealWorld(group, bot, made["key"], http)


@asynccontextmanager
async def fake_world() -> AsyncIterator[World]:
    """A group on the fake server."""
    with FakeServer() as server:
        async with httpx.AsyncClient(base_url=f"{server.url}/api/v1", timeout=SOON) as http:
            http.headers["Authorization"] = f"Bearer {server.key}"
            yield FakeWorld(server, http)


Scenario = Callable[[World], Awaitable[Any]]


class Normalizer:
    """Puts words in the place of what differs from server to server: ids, times and numbers.

    The same id always becomes the same word, so that what belongs together still does.
    """

    def __init__(self) -> None:
        self._words: dict[Any, str] = {}

    def of(self, value: Any, name: str = "") -> Any:
        """Return a value for comparison; `name` is the field in which it stands."""
        match value:
            case dict():
                return {key: self.of(one, key) for key, one in value.items()}
            case list() | tuple():
                return [self.of(one, name) for one in value]
            case str() if name in IDS:
                return self._word(value)
            case int() if name in NUMBERS and not isinstance(value, bool):
                return "a number"
            case str():
                return re.sub(r"^Expected.*|The field '\w+' was refused.*|was refused", "…", value)
        return value

    def _word(self, value: str) -> str:
        return self._words.setdefault(value, f"id {len(self._words)}")
