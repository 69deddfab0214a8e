"""A bot: its handlers, and what it can do."""

import asyncio
import contextlib
import logging
import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, overload

from echosphere_bot.api import Api, File
from echosphere_bot.arguments import CommandHandler, Signature
from echosphere_bot.buttons import Actions, Button, Style, rows_of
from echosphere_bot.configuration import Configuration
from echosphere_bot.errors import EchoSphereError
from echosphere_bot.handlers import Command, Handler, Handlers
from echosphere_bot.logs import set_up
from echosphere_bot.retry import Retry
from echosphere_bot.running import Running
from echosphere_bot.state import Storage
from echosphere_bot.things import Message, message_of

if TYPE_CHECKING:
    from echosphere_bot.signed import SignedEndpoint

log = logging.getLogger("echosphere_bot")

AnyHandler = TypeVar("AnyHandler", bound=Handler)
AnyCommand = TypeVar("AnyCommand", bound=CommandHandler)
Timer = Callable[[], Awaitable[Any]]
AnyTimer = TypeVar("AnyTimer", bound=Timer)

_COMMAND = re.compile(r"[a-z0-9_-]{1,32}")

SCRIPT_PATIENCE = 60.0
"""Seconds after which a call outside of `run` gives up."""


class Bot:
    """A bot.

    Args:
        url: Of the server, such as `https://chat.example.org`.
        key: Of the bot, shown once when it was made.
        state: The file in which it keeps how far it has read, or another `Storage`. Without one the
            file is named after the bot, in the folder for such files of this user.
        secret: Of a signed endpoint, for `asgi`.
        hear_bots: Whether messages of other programs are handled too. The server sends them only if the
            bot's owner set `hear_bots` there.
        transport: `auto` for a socket, and long polls where that does not get through; or `poll`.
        retry: How long to go on after broken connections, 5xx and 429. In `run` it never gives up
            unless this says so; elsewhere after a minute.
        at_once: How many conversations are handled at the same time. Within one, events are handled one
            after the other.
        grace: Seconds that handlers have to end when the bot is stopped. What takes longer is handled
            after the next start.
    """

    def __init__(
        self,
        url: str = "",
        key: str = "",
        *,
        state: Path | str | Storage | None = None,
        secret: str = "",
        hear_bots: bool = False,
        transport: str = "auto",
        retry: Retry | None = None,
        at_once: int = 16,
        grace: float = 10.0,
    ) -> None:
        self.configuration = Configuration(url, key, state, secret, transport)
        self.handlers = Handlers(hear_bots=hear_bots)
        self.timers: list[tuple[float, Timer]] = []
        self.retry = retry
        self.at_once = at_once
        self.grace = grace
        self._uses_environment = False
        self._running: Running | None = None

    @classmethod
    def from_env(cls, **options: Any) -> "Bot":
        """Return a bot that takes what is not given here from the environment, once it is needed.

        `ECHOSPHERE_URL`, `ECHOSPHERE_KEY`; if need be `ECHOSPHERE_STATE`, `ECHOSPHERE_SECRET` and
        `ECHOSPHERE_TRANSPORT`.
        """
        bot = cls(**options)
        bot._uses_environment = True
        return bot

    def configured(self) -> Configuration:
        """Return where it connects to.

        Raises:
            ConfigurationError: Something is missing.
        """
        given = self.configuration
        return (given.with_environment() if self._uses_environment else given).checked()

    # What it hears

    def on_mention(self, handler: AnyHandler) -> AnyHandler:
        """Handle messages that mention the bot by name."""
        self.handlers.mentions.append(handler)
        return handler

    def on_message(self, handler: AnyHandler) -> AnyHandler:
        """Handle messages; those that mention the bot only if there is no `on_mention`.

        It hears replies to what it wrote, and all messages of groups that let it see all.
        """
        self.handlers.messages.append(handler)
        return handler

    def on_reaction(self, handler: AnyHandler) -> AnyHandler:
        """Handle reactions that are set or taken away."""
        self.handlers.reactions.append(handler)
        return handler

    def on_member(self, handler: AnyHandler) -> AnyHandler:
        """Handle who joins and leaves, the bot itself too."""
        self.handlers.members.append(handler)
        return handler

    def on_event(self, kind: str) -> Callable[[AnyHandler], AnyHandler]:
        """Handle events of one kind as they were sent, such as `message.edited`."""

        def add(handler: AnyHandler) -> AnyHandler:
            self.handlers.events.append((kind, handler))
            return handler

        return add

    @overload
    def on_action(self, button: AnyHandler) -> AnyHandler: ...

    @overload
    def on_action(self, button: str | None = None) -> Callable[[AnyHandler], AnyHandler]: ...

    def on_action(self, button: Any = None) -> Any:
        """Handle presses of buttons: of all, or of those with one id."""
        if callable(button):
            self.handlers.actions.append((None, button))
            return button

        def add(handler: AnyHandler) -> AnyHandler:
            self.handlers.actions.append((button, handler))
            return handler

        return add

    def command(
        self, name: str, *, about: str, usage: str | None = None
    ) -> Callable[[AnyCommand], AnyCommand]:
        """Handle a command, such as `deploy` for what is typed as `/deploy main`.

        What follows it becomes the arguments of the handler, by their types: `str`, `int`, `float`,
        `bool` or a `Literal` is one word, or several in quotes; `*names: str` takes all words that are
        left, `*, text: str` the rest of the line. If it does not fit, whoever typed it is told how the
        command is used.

        Args:
            name: 1 to 32 of `a-z`, `0-9`, `_` and `-`.
            about: What it does, for the list of commands, in up to 200 characters.
            usage: What follows it; made of the handler's parameters if it is not given.
        """
        name = name.removeprefix("/")
        if not _COMMAND.fullmatch(name) or not about.strip():
            raise ValueError(
                f"/{name} needs a name of 1 to 32 of a-z, 0-9, _ and -, and says what it does in 'about'."
            )

        def add(handler: AnyCommand) -> AnyCommand:
            if name in self.handlers.commands:
                raise ValueError(f"There are two handlers of /{name}.")
            signature = Signature(handler)
            shown = signature.usage() if usage is None else usage
            self.handlers.commands[name] = Command(name, about, shown, signature, handler)
            return handler

        return add

    def every(self, seconds: float) -> Callable[[AnyTimer], AnyTimer]:
        """Call a function again and again while the bot runs, so long after it has ended."""

        def add(timer: AnyTimer) -> AnyTimer:
            self.timers.append((seconds, timer))
            return timer

        return add

    # What it does

    def button(
        self,
        label: str,
        *,
        id: str | None = None,  # noqa: A002 - that is what it is
        value: str | None = None,
        url: str | None = None,
        style: Style | None = None,
        confirm: str | None = None,
    ) -> Button:
        """Return a button for `actions`; see `Button`."""
        return Button(label, id, value, url, style, confirm)

    async def post(
        self,
        conversation: str,
        text: str = "",
        *,
        files: Iterable[File] = (),
        actions: Actions | None = None,
        reply_to: int | None = None,
        key: str | None = None,
    ) -> Message:
        """Post a message.

        Args:
            conversation: The id of the group, which is in its address.
            text: Markdown.
            files: Paths, or names with their content.
            actions: Buttons.
            reply_to: The number of the message that it answers.
            key: A second message with the same key is not posted. Without one it is made of the event
                that is being handled, so that no event is answered twice.
        """
        rows = rows_of(actions)
        async with self.api() as api:
            data = await api.post(
                conversation, text, files=files, actions=rows, reply_to=reply_to, key=key
            )
            return await message_of(api, data)

    def post_sync(self, conversation: str, text: str = "", **options: Any) -> Message:
        """Post a message from a script that has no event loop; takes what `post` takes."""
        return asyncio.run(self.post(conversation, text, **options))

    @asynccontextmanager
    async def api(self) -> AsyncIterator[Api]:
        """Yield what calls the server: that of the running bot, or a connection of its own."""
        running = self._running
        if running is not None and running.is_here():
            yield running.api
            return
        where = self.configured() if running is None else running.where
        retry = self.retry or Retry(give_up_after=SCRIPT_PATIENCE)
        async with Api(where.url, where.key, retry) as api:
            yield api

    # How it runs

    def run(self) -> None:
        """Run until the process is asked to end; does not return before.

        Writes its log to standard error, as JSON with `ECHOSPHERE_LOG=json`, unless the program has set
        up logging itself. Ends the process with 1 and a sentence if it cannot go on.
        """
        set_up(os.environ.get("ECHOSPHERE_LOG", ""))
        try:
            asyncio.run(self._run_until_asked())
        except EchoSphereError as error:
            log.critical("%s", error)
            sys.exit(1)
        except KeyboardInterrupt:
            pass

    async def _run_until_asked(self) -> None:
        loop = asyncio.get_running_loop()
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - this is one
        for name in (signal.SIGTERM, signal.SIGINT):
            with contextlib.suppress(NotImplementedError):  # on Windows Ctrl+C raises by itself
                loop.add_signal_handler(name, task.cancel)
        with contextlib.suppress(asyncio.CancelledError):
            await self.serve()

    async def serve(self) -> None:
        """Run on the event loop that there is, until cancelled.

        Raises:
            ConfigurationError: Something is missing, or another copy of this bot runs.
            UnauthorizedError: The key has ended.
        """
        async with self.started() as running:
            await running.listen()

    @asynccontextmanager
    async def started(
        self, where: Configuration | None = None, retry: Retry | None = None
    ) -> AsyncIterator[Running]:
        """Connect, and end in good order: what is being handled has `grace` seconds for it.

        Args:
            where: Another server than the one that it is configured for.
            retry: Likewise.
        """
        if self._running is not None:
            raise EchoSphereError("This bot is running already.")
        running = Running(self, where or self.configured(), retry or self.retry or Retry())
        try:
            await running.begin()
            self._running = running
            yield running
        finally:
            self._running = None
            await running.end()

    def asgi(self) -> "SignedEndpoint":
        """Return an ASGI application for a signed endpoint: the same handlers, without a connection.

        Serve it with any ASGI server, or mount it in an application, and create an endpoint of the bot
        with its address.
        """
        from echosphere_bot.signed import SignedEndpoint  # noqa: PLC0415 - it needs what is above

        return SignedEndpoint(self)
