"""The handlers of a bot, and which of them an event is for."""

import functools
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import msgspec

from echosphere_bot.api import Api
from echosphere_bot.arguments import CommandHandler, Signature
from echosphere_bot.cancelling import only_own_cancellation
from echosphere_bot.cause import because_of
from echosphere_bot.errors import EchoSphereError, UsageError
from echosphere_bot.things import (
    Action,
    CommandCall,
    Membership,
    Message,
    Reaction,
    message_of,
)
from echosphere_bot.wire import Event, MessageData, User

log = logging.getLogger("echosphere_bot")

Handler = Callable[[Any], Awaitable[Any]]
Run = Callable[[], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Command:
    """A command that people can use."""

    name: str
    about: str
    usage: str
    signature: Signature
    handler: CommandHandler

    def shape(self) -> dict[str, str]:
        """Return it as the server is told of it."""
        return {"name": self.name, "about": self.about, "usage": self.usage}

    async def run(self, call: CommandCall) -> None:
        """Run it, or tell who typed what does not fit how it is used."""
        try:
            words, named = self.signature.parse(call.text)
        except UsageError as error:
            usage = f"/{self.name} {self.usage}".rstrip()
            await call.reply(f"{error}\n`{usage}`", only="user")
            return
        await self.handler(call, *words, **named)


class Handlers:
    """What a bot does, by what happens.

    Attributes:
        hear_bots: Whether messages of other programs are handled.
    """

    def __init__(self, *, hear_bots: bool) -> None:
        self.hear_bots = hear_bots
        self.mentions: list[Handler] = []
        self.messages: list[Handler] = []
        self.reactions: list[Handler] = []
        self.members: list[Handler] = []
        self.actions: list[tuple[str | None, Handler]] = []
        self.commands: dict[str, Command] = {}
        self.events: list[tuple[str, Handler]] = []

    async def handle(self, api: Api, bot: User, event: Event) -> None:
        """Run all handlers that an event is for.

        Raises:
            Exception: What a handler raised, after all have run.
        """
        failures: list[Exception] = []
        for number, run in enumerate(await self._for(api, bot, event)):
            with because_of(event.id, number):
                try:
                    with only_own_cancellation():
                        await run()
                except Exception as error:
                    failures.append(error)
        if failures:
            raise failures[0]

    async def _for(self, api: Api, bot: User, event: Event) -> list[Run]:
        runs: list[Run] = [
            functools.partial(handler, event) for kind, handler in self.events if kind == event.type
        ]
        try:
            match event.type:
                case "message.posted":
                    runs += await self._for_message(api, bot, event)
                case "reaction.added" | "reaction.removed" if self.reactions:
                    runs += _each(self.reactions, await _reaction(api, event))
                case "member.joined" | "member.left" if self.members:
                    runs += _each(self.members, await _membership(api, bot, event))
                case "command":
                    runs += self._for_command(_call(api, event))
                case "action":
                    action = await _action(api, event)
                    fitting = [one for button, one in self.actions if button in (None, action.id)]
                    if not fitting and not runs:
                        log.warning("Nobody handles presses of the button %r", action.id)
                    runs += _each(fitting, action)
        except (msgspec.ValidationError, KeyError) as error:
            raise EchoSphereError(f"An event {event.type} cannot be read: {error}") from error
        return runs

    async def _for_message(self, api: Api, bot: User, event: Event) -> list[Run]:
        data = msgspec.convert(event.data["message"], MessageData)
        if data.author == bot.id or (data.automated and not self.hear_bots):
            return []
        is_mention = any(one.user == bot.id for one in data.mentions)
        handlers = self.mentions if is_mention and self.mentions else self.messages
        if not handlers:
            return []
        message: Message = await message_of(api, data, bot, event.id)
        return _each(handlers, message)

    def _for_command(self, call: CommandCall) -> list[Run]:
        command = self.commands.get(call.name)
        if command is None:
            log.warning("Nobody handles the command /%s", call.name)
            return []
        return [functools.partial(command.run, call)]


def _each(handlers: list[Handler], thing: Any) -> list[Run]:
    return [functools.partial(handler, thing) for handler in handlers]


async def _reaction(api: Api, event: Event) -> Reaction:
    data = event.data
    return Reaction(
        event.conversation,
        data["seq"],
        data["emoji"],
        await api.user(data["user"], event.conversation),
        event.type == "reaction.added",
        api,
    )


async def _membership(api: Api, bot: User, event: Event) -> Membership:
    user = event.data["user"]
    found = await api.user(user, event.conversation)
    return Membership(event.conversation, found, event.type == "member.joined", user == bot.id)


def _user(api: Api, event: Event) -> User:
    user = msgspec.convert(event.data["user"], User)
    api.remember(user)
    return user


def _call(api: Api, event: Event) -> CommandCall:
    given = event.data["command"]
    return CommandCall(
        event.conversation,
        _user(api, event),
        event.id,
        event.data["respond"],
        api,
        given["name"],
        given.get("text", ""),
    )


async def _action(api: Api, event: Event) -> Action:
    given = event.data["action"]
    message = msgspec.convert(event.data["message"], MessageData)
    return Action(
        event.conversation,
        _user(api, event),
        event.id,
        event.data["respond"],
        api,
        given["id"],
        given.get("value"),
        await message_of(api, message, None, event.id),
    )
