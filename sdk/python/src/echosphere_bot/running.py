"""A bot while it runs."""

import asyncio
import logging
from typing import TYPE_CHECKING

from echosphere_bot.api import Api
from echosphere_bot.cancelling import only_own_cancellation
from echosphere_bot.configuration import Configuration
from echosphere_bot.dispatcher import Dispatcher
from echosphere_bot.errors import EchoSphereError, NotFoundError
from echosphere_bot.listener import Listener
from echosphere_bot.progress import ProgressKeeper
from echosphere_bot.retry import Retry
from echosphere_bot.wire import Event, User

if TYPE_CHECKING:
    from echosphere_bot.bot import Bot, Timer

log = logging.getLogger("echosphere_bot")


class Running:
    """The connection of a bot, and what it is busy with.

    Args:
        bot: Its handlers.
        where: Its server.
        retry: How long to go on after failures.

    Attributes:
        api: Calls the server.
        me: The bot as the server knows it.
        listening: Set once whatever happens from now on is heard.
    """

    def __init__(self, bot: "Bot", where: Configuration, retry: Retry) -> None:
        self._bot = bot
        self.where = where
        self._retry = retry
        self.api = Api(where.url, where.key, retry)
        self._loop = asyncio.get_running_loop()
        self.me = User("")
        self._progress: ProgressKeeper | None = None
        self._dispatcher: Dispatcher | None = None
        self._keeping: asyncio.Task[None] | None = None
        self._timers: list[asyncio.Task[None]] = []
        self.listening = asyncio.Event()

    @property
    def cursor(self) -> str | None:
        """Up to where all is handled."""
        return None if self._progress is None else self._progress.cursor

    def is_here(self) -> bool:
        """Tell whether it runs on the loop that asks."""
        return self._loop is asyncio.get_running_loop()

    async def begin(self) -> None:
        """Find out who the bot is, and tell the server of its commands.

        Raises:
            EchoSphereError: The server refuses the key.
        """
        self.me = await self.api.me()
        if self.me.kind != "bot":
            raise EchoSphereError(
                "This key is a person's. Make a bot in Settings → Bots and keys, and use its key."
            )

    async def listen(self) -> None:
        """Receive events, and handle them, until cancelled."""
        storage = self.where.storage(self.api.url, self.me.id)
        progress = self._progress = ProgressKeeper(storage)
        self._keeping = asyncio.create_task(progress.keep())
        await self.tell_commands()
        self._start_timers()
        self._dispatcher = Dispatcher(self.handle, progress, self._bot.at_once)
        listener = Listener(
            self.api,
            self.where.key,
            progress,
            self._dispatcher,
            self._retry,
            socket=self.where.transport == "auto",
        )
        await listener.begin()
        log.info("%s listens to %s", self.me.name, self.api.url)
        self.listening.set()
        await listener.run()

    async def handle(self, event: Event) -> None:
        """Run the handlers that an event is for."""
        log.debug("Handling %s", event.type, extra={"event": event.id})
        await self._bot.handlers.handle(self.api, self.me, event)

    async def tell_commands(self) -> None:
        """Tell the server of the commands, also that there are none any more."""
        commands = [one.shape() for one in self._bot.handlers.commands.values()]
        told = self._progress is not None and self._progress.has_commands
        if not commands and not told:
            return
        try:
            await self.api.set_commands(self.me.id, commands)
        except NotFoundError:
            log.warning("This server is too old for commands; nobody can use those of this bot.")
            return
        if self._progress is not None:
            self._progress.set_commands(told=bool(commands))

    def _start_timers(self) -> None:
        for seconds, timer in self._bot.timers:
            self._timers.append(asyncio.create_task(_repeat(seconds, timer)))

    async def end(self) -> None:
        """Let handlers end, keep how far the bot came, and disconnect."""
        for task in self._timers:
            task.cancel()
        await asyncio.gather(*self._timers, return_exceptions=True)
        if self._dispatcher is not None:
            await self._dispatcher.drain(self._bot.grace)
        if self._progress is not None and self._keeping is not None:
            self._progress.stop()
            await self._keeping
            self._progress.close()
        await self.api.close()


async def _repeat(seconds: float, timer: "Timer") -> None:
    while True:
        try:
            with only_own_cancellation():
                await timer()
        except Exception:
            log.exception("A timer failed")
        await asyncio.sleep(seconds)
