"""Runs the fake server in a thread, and a bot in another one."""

import asyncio
import concurrent.futures
import secrets
import threading
import time
from collections.abc import Callable, Coroutine, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Literal, Self, TypeVar

from aiohttp import web

from echosphere_bot.bot import Bot
from echosphere_bot.configuration import Configuration
from echosphere_bot.retry import Retry
from echosphere_bot.running import Running
from echosphere_bot.signed import sign
from echosphere_bot.state import MemoryStorage, Storage
from echosphere_bot.testing.routes import Fault, Routes
from echosphere_bot.testing.world import Done, Group, Person, World

Result = TypeVar("Result")

QUICKLY = Retry(first=0.01, longest=0.1)
"""Tests need not wait as long as bots do."""

TIMEOUT = 20.0
"""Seconds to wait for what must come: many, because a busy machine is slow and not wrong."""


class FakeServer:
    """A server with one bot, a person and a group, to which more can be added.

    Its methods may be called from any thread. Those that say what people do return when the bot can hear
    of it; `next_message` and the like wait for what the bot does.

    Args:
        bot: The name of the bot.
        person: The name of the person who does what nobody else is named for.
        group: The title of the group in which things happen that name none.
        sees: Whether the bot sees `all` messages there, or those that are `addressed` to it.

    Attributes:
        url: Where it is served.
        key: Of the bot.
        person: Who does what nobody else is named for.
        group: Where things happen that name no group.
    """

    url: str
    key: str
    person: Person
    group: Group

    def __init__(
        self,
        *,
        bot: str = "Echo",
        person: str = "Ada",
        group: str = "Garden",
        sees: Literal["all", "addressed"] = "all",
    ) -> None:
        self._names = bot, person, group
        self._sees: Literal["all", "addressed"] = sees
        self._taken: dict[str, int] = {}

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._call(self._start())
        return self

    def __exit__(self, *_: object) -> None:
        self._call(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _start(self) -> None:
        bot, person, group = self._names
        self.world = World(bot)
        self._routes = Routes(self.world)
        self.key = self.world.key
        self.person = self.world.add_person(person)
        self.group = self.world.add_group(group, [self.person], self._sees)
        self._runner = web.AppRunner(self._routes.application(), shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"

    async def _stop(self) -> None:
        for task in self._routes.pushing.values():
            task.cancel()
        await self._routes.sockets.shutdown()
        await self._runner.cleanup()
        # What python-engineio leaves behind of connections.
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for one in left:
            one.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    def _call(self, work: Coroutine[Any, Any, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(TIMEOUT)

    # What people do

    def add_person(self, name: str, *, kind: str = "person") -> Person:
        """Add somebody, or with `kind="bot"` another program."""

        async def add() -> Person:
            return self.world.add_person(name, kind)

        return self._call(add())

    def add_group(
        self, title: str, *members: Person, sees: Literal["all", "addressed"] = "all"
    ) -> Group:
        """Add a group of the bot and some people."""

        async def add() -> Group:
            return self.world.add_group(title, list(members) or [self.person], sees)

        return self._call(add())

    def say(
        self,
        text: str,
        *,
        by: Person | None = None,
        group: Group | None = None,
        reply_to: Done | dict[str, Any] | None = None,
        files: Iterable[tuple[str, bytes]] = (),
    ) -> dict[str, Any]:
        """Post a message of somebody; return it."""

        async def say() -> dict[str, Any]:
            ids = [self.world.upload(None, name, content)[0] for name, content in files]
            seq = None if reply_to is None else _message_in(reply_to)["seq"]
            author = by or self.person
            return await self.world.say(group or self.group, author, text, seq, ids)

        return self._call(say())

    def edit(self, message: dict[str, Any], text: str) -> None:
        """Have its author edit a message."""
        self._call(self.world.edit_as(self._group_of(message), message, text))

    def delete(self, message: dict[str, Any]) -> None:
        """Have its author delete a message."""
        self._call(self.world.delete_as(self._group_of(message), message))

    def react(
        self,
        message: Done | dict[str, Any],
        emoji: str,
        *,
        by: Person | None = None,
        on: bool = True,
    ) -> None:
        """Have somebody react, or take the reaction away."""
        found = _message_in(message)
        group = self._group_of(found)
        self._call(self.world.react_as(group, found, by or self.person, emoji, on=on))

    def join(self, person: Person, *, group: Group | None = None) -> None:
        """Have somebody join a group."""
        self._call(self.world.set_member(group or self.group, person, joins=True))

    def leave(self, person: Person, *, group: Group | None = None) -> None:
        """Have somebody leave a group."""
        self._call(self.world.set_member(group or self.group, person, joins=False))

    def command(
        self, name: str, text: str = "", *, by: Person | None = None, group: Group | None = None
    ) -> dict[str, Any]:
        """Have somebody use a command of the bot, once the bot has told of it; return the event."""
        self._wait(lambda: any(one["name"] == name for one in self.world.commands), f"/{name}")
        where, user = group or self.group, by or self.person
        return self._call(self.world.use_command(where, user, name, text, self.url))

    def press(
        self, message: Done | dict[str, Any], button: str, *, by: Person | None = None
    ) -> dict[str, Any]:
        """Have somebody press a button, by its id; return the event."""
        found = _message_in(message)
        group = self._group_of(found)
        return self._call(self.world.press(group, by or self.person, found, button, self.url))

    def _group_of(self, message: dict[str, Any]) -> Group:
        return self.world.groups[message["conversation"]]

    # What the bot does

    @property
    def done(self) -> list[Done]:
        """All that the bot did so far."""
        return list(self.world.done)

    @property
    def messages(self) -> list[Done]:
        """What the bot posted so far."""
        return [one for one in self.done if one.kind == "message"]

    @property
    def commands(self) -> list[dict[str, str]]:
        """The commands that the bot told of."""
        return list(self.world.commands)

    def next_message(self) -> Done:
        """Return the next message that the bot posted, waiting for it."""
        return self._next("message")

    def next_edit(self) -> Done:
        """Return the next change of a message of the bot, by itself or in answer to a button."""
        return self._next("edit")

    def next_reaction(self) -> Done:
        """Return the next reaction of the bot; its `text` is the emoji."""
        return self._next("reaction")

    def next_private(self) -> Done:
        """Return the next answer that only one person sees."""
        return self._next("private")

    def next_notice(self) -> Done:
        """Return the next passing notice."""
        return self._next("notice")

    def _next(self, kind: str) -> Done:
        number = self._taken.get(kind, 0)

        def found() -> list[Done]:
            return [one for one in self.world.done if one.kind == kind][number:]

        self._wait(lambda: bool(found()), kind)
        self._taken[kind] = number + 1
        return found()[0]

    def _wait(self, is_there: Any, what: str) -> None:
        ends = time.monotonic() + TIMEOUT
        while not is_there():
            if time.monotonic() > ends:
                did = [f"{one.kind}: {one.text}" for one in self.done] or "nothing"
                raise AssertionError(f"Waited for {what}. The bot did: {did}")
            time.sleep(0.01)

    # What goes wrong

    def fail(
        self,
        status: int = 500,
        *,
        times: int = 1,
        path: str = "",
        method: str = "",
        retry_after: float | None = None,
    ) -> None:
        """Answer the next requests, whose path contains `path`, with this status."""
        self._routes.faults.append(Fault(status, times, path, method, retry_after, False))

    def break_off(self, *, times: int = 1, path: str = "", method: str = "") -> None:
        """Break the connections of the next requests, before anything is done."""
        self._routes.faults.append(Fault(None, times, path, method, None, False))

    def lose_answers(self, *, times: int = 1, path: str = "", method: str = "") -> None:
        """Do what the next requests ask for, and break their connections before the answer."""
        self._routes.faults.append(Fault(None, times, path, method, None, True))

    def drop_sockets(self) -> None:
        """Close all sockets."""
        self._call(self._routes.drop_sockets())

    def refuse_sockets(self) -> None:
        """Let no sockets through from now on, as some proxies do not."""
        self._routes.takes_sockets = False

    def forget_events(self) -> None:
        """Forget what happened so far: cursors that are kept are too old from now on."""

        async def forget() -> None:
            async with self.world.changed:
                self.world.events.clear()
                self.world.log = secrets.token_hex(4)
                self.world.changed.notify_all()

        self._call(forget())

    def end_answers(self) -> None:
        """Let the time pass in which commands and presses so far can be answered."""
        for one in self.world.answerables.values():
            one.is_over = True

    def end_key(self) -> None:
        """Revoke the key of the bot."""
        self.world.key = f"esb_{secrets.token_urlsafe(32)}"
        self.drop_sockets()

    # The bot

    @contextmanager
    def running(self, bot: Bot, *, storage: Storage | None = None) -> "Iterator[BotRun]":
        """Run a bot against this server, whatever it is configured for.

        Args:
            bot: The bot.
            storage: Where it keeps its progress; in memory if none is given.
        """
        where = Configuration(
            self.url,
            self.key,
            storage or MemoryStorage(),
            bot.configuration.secret,
            bot.configuration.transport,
        )
        run = BotRun(bot, where, self.world)
        run.start()
        try:
            yield run
        finally:
            run.stop()


class BotRun:
    """A bot that runs in a thread of its own.

    Args:
        bot: The bot.
        where: Where it connects to.
        world: Of the server.

    Attributes:
        error: Why it ended, if it was not asked to.
    """

    def __init__(self, bot: Bot, where: Configuration, world: World) -> None:
        self._bot = bot
        self._where = where
        self._world = world
        self._begun: concurrent.futures.Future[None] = concurrent.futures.Future()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._running: Running | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[Any] | None = None
        self.error: BaseException | None = None

    def start(self) -> None:
        """Start it, and wait until it listens."""
        self._thread.start()
        self._begun.result(TIMEOUT)

    def stop(self) -> None:
        """Ask it to end, as SIGTERM does, and wait for that."""
        self.call_soon(self.ask_to_end)
        self._thread.join(TIMEOUT)

    def ask_to_end(self) -> None:
        """Ask it to end; to be called on its own loop."""
        if self._task is not None:
            self._task.cancel()

    def call_soon(self, work: Callable[[], object]) -> None:
        """Have something done on the bot's loop, such as setting an event that a handler waits for."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(work)

    def wait(self) -> BaseException | None:
        """Wait until it ends by itself; return why."""
        self._thread.join(TIMEOUT)
        return self.error

    def settle(self) -> None:
        """Wait until the bot has handled all that has happened."""
        ends = time.monotonic() + TIMEOUT
        while self._running is None or self._running.cursor != self._world.cursor():
            if time.monotonic() > ends:
                raise AssertionError("The bot does not come to an end with what has happened.")
            time.sleep(0.01)

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except asyncio.CancelledError:
            pass
        except BaseException as error:
            self.error = error
        if not self._begun.done():
            self._begun.set_exception(self.error or AssertionError("The bot was stopped."))

    async def _serve(self) -> None:
        self._loop, self._task = asyncio.get_running_loop(), asyncio.current_task()
        async with self._bot.started(self._where, self._bot.retry or QUICKLY) as running:
            self._running = running
            listening = asyncio.create_task(running.listen())
            begun = asyncio.create_task(running.listening.wait())
            try:
                await asyncio.wait({listening, begun}, return_when=asyncio.FIRST_COMPLETED)
                if begun.done():
                    self._begun.set_result(None)
                await listening
            finally:
                begun.cancel()
                listening.cancel()


def _message_in(given: Done | dict[str, Any]) -> dict[str, Any]:
    return given.message if isinstance(given, Done) else given


def signed_headers(secret: str, body: bytes, *, delivery: str | None = None) -> dict[str, str]:
    """Return the headers with which a server would deliver a body to a signed endpoint.

    Args:
        secret: Of the endpoint.
        body: The event as JSON.
        delivery: The id of the delivery, the same when it is repeated.
    """
    delivery = delivery or secrets.token_hex(10)
    timestamp = int(time.time())
    return {
        "content-type": "application/json",
        "webhook-id": delivery,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": sign(secret, delivery, timestamp, body),
    }
