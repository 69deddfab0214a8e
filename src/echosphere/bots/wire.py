"""Shapes of bots on the wire."""

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from echosphere.accounts import Bot, User
from echosphere.api_keys import KeyShape, key_shape
from echosphere.bots.event import MAX_WAIT, Cursor, encode_cursor
from echosphere.bots.groups import BotsOfGroup, GroupBot
from echosphere.bots.interaction import ResponseTokens
from echosphere.bots.interaction_wire import OwnCommand, declared_shape
from echosphere.bots.manage import OwnBot
from echosphere.bots.read import EventsPage, HeardEvent
from echosphere.core.scopes import Scope
from echosphere.messages import MessageShape
from echosphere.wire import Id, Key, Request, Shape

Line = Annotated[str, Meta(max_length=400)]
Paragraph = Annotated[str, Meta(max_length=2_000)]


class CreateBotCall(Request, frozen=True, kw_only=True):
    """A bot to create."""

    name: Line
    about: Paragraph = ""
    key: Key | None = None


class BotCall(Request, frozen=True):
    """A bot of the caller."""

    bot: Id


class ChangeBotCall(Request, frozen=True):
    """Changes of a bot of the caller; absent fields stay as they are."""

    bot: Id
    name: Line | UnsetType = UNSET
    about: Paragraph | UnsetType = UNSET
    disabled: bool | UnsetType = UNSET
    hear_bots: bool | UnsetType = UNSET


class CreateBotKeyCall(Request, frozen=True, kw_only=True):
    """A key of a bot to create; `expires_at` in milliseconds, null for never."""

    bot: Id
    name: Line
    scopes: Annotated[list[Scope], Meta(min_length=1, max_length=len(Scope))]
    expires_at: Annotated[int, Meta(ge=0, le=2**53)] | None = None
    key: Key | None = None


class BotKeyCall(Request, frozen=True):
    """A key of a bot of the caller."""

    bot: Id
    api_key: Id


class BotSightCall(Request, frozen=True):
    """What a bot of a group sees: all messages, or those that are meant for it."""

    conversation: Id
    bot: Id
    sees: Literal["all", "addressed"]


class EventsCall(Request, frozen=True):
    """Which events a bot asks for; `types` with commas, `wait` in seconds."""

    after: Annotated[str, Meta(min_length=1, max_length=200)] | None = None
    types: Annotated[str, Meta(max_length=400)] = ""
    wait: Annotated[int, Meta(ge=0, le=MAX_WAIT)] = 0


class CommandData(Shape, frozen=True):
    """A command that was sent; `text` follows its name."""

    name: str
    text: str


class ActionData(Shape, frozen=True):
    """A button that was pressed."""

    id: str
    value: str | None


class EventData(Shape, frozen=True):
    """What an event is about: a message as it is now, a number of one, somebody.

    Of a command or a press `user` is the whole profile, and `respond` where it is answered.
    """

    message: MessageShape | UnsetType = UNSET
    seq: int | UnsetType = UNSET
    user: str | User | UnsetType = UNSET
    emoji: str | UnsetType = UNSET
    command: CommandData | UnsetType = UNSET
    action: ActionData | UnsetType = UNSET
    respond: str | UnsetType = UNSET


class EventShape(Shape, frozen=True):
    """An event for a bot; the id is the same whenever it is sent."""

    id: str
    type: str
    at: int
    conversation: str
    data: EventData


class EventsAnswer(Shape, frozen=True):
    """Events in their order, and what to send as `after` the next time."""

    events: list[EventShape]
    cursor: str


class PushedEvent(EventShape, frozen=True):
    """The event `event`; after it a program goes on at `cursor`."""

    cursor: str


class ListeningEvent(Shape, frozen=True):
    """The event `listening`: from where a socket gets events; `gone` if not from where it asked."""

    cursor: str
    gone: bool


class BotShape(Shape, frozen=True):
    """A bot, as its owner sees it with `keys` and `commands`."""

    id: str
    name: str
    about: str
    kind: str
    owner: str
    disabled: bool
    created_at: int
    hear_bots: bool
    keys: list[KeyShape] | UnsetType = UNSET
    commands: list[OwnCommand] | UnsetType = UNSET


class OneBot(Shape, frozen=True):
    """An answer with one bot."""

    bot: BotShape


class CreatedBot(Shape, frozen=True):
    """A new bot and its first key: it is told in this answer only."""

    bot: BotShape
    key: str


class Bots(Shape, frozen=True):
    """The caller's bots, the newest first."""

    bots: list[BotShape]


class GroupBotShape(Shape, frozen=True):
    """A bot of a group; `sees` is `all` or `addressed`."""

    bot: BotShape
    sees: str


class GroupBots(Shape, frozen=True):
    """The bots of a group, and the caller's that are not in it and can be added."""

    bots: list[GroupBotShape]
    own: list[BotShape]


def bot_shape(
    bot: Bot,
    keys: list[KeyShape] | UnsetType = UNSET,
    commands: list[OwnCommand] | UnsetType = UNSET,
) -> BotShape:
    """Return a bot as it crosses the wire."""
    return BotShape(
        bot.id,
        bot.name,
        bot.about,
        "bot",
        bot.owner,
        bot.disabled_at is not None,
        bot.created_at,
        bot.hear_bots,
        keys,
        commands,
    )


def own_bot_shape(own: OwnBot) -> BotShape:
    """Return a bot as its owner sees it."""
    commands = declared_shape(own.commands).commands
    return bot_shape(own.bot, [key_shape(key) for key in own.keys], commands)


def group_bots_shape(found: BotsOfGroup) -> GroupBots:
    """Return the bots of a group as they cross the wire."""
    return GroupBots([_in_group(one) for one in found.bots], [bot_shape(one) for one in found.own])


def _in_group(one: GroupBot) -> GroupBotShape:
    return GroupBotShape(bot_shape(one.bot), "all" if one.sees_all else "addressed")


def events_answer(page: EventsPage, tokens: ResponseTokens) -> EventsAnswer:
    """Return a page of events as it crosses the wire; tokens say where commands are answered."""
    events = [event_shape(one, tokens) for one in page.events]
    return EventsAnswer(events, encode_cursor(page.cursor))


def pushed_shape(heard: HeardEvent, read: Cursor, tokens: ResponseTokens) -> PushedEvent:
    """Return an event as sockets get it, with the cursor after this one of those that were read."""
    one, event = event_shape(heard, tokens), heard.event
    here = msgspec.structs.replace(read, txid=event.txid, number=event.number)
    return PushedEvent(one.id, one.type, one.at, one.conversation, one.data, encode_cursor(here))


def event_shape(heard: HeardEvent, tokens: ResponseTokens) -> EventShape:
    """Return an event as it crosses the wire, whichever way it takes.

    Args:
        heard: The event.
        tokens: Say where a command or a press is answered.
    """
    event, message = heard.event, heard.message
    if heard.asked is not None:
        data = _asked_data(heard, tokens)
    elif message is not None:
        data = EventData(message)
    else:
        data = EventData(
            UNSET,
            UNSET if event.seq is None else event.seq,
            UNSET if event.user_id is None else event.user_id,
            UNSET if event.emoji is None else event.emoji,
        )
    return EventShape(heard.id, event.type, event.at, event.conversation, data)


def _asked_data(heard: HeardEvent, tokens: ResponseTokens) -> EventData:
    asked, message = heard.asked, heard.message
    assert asked is not None and heard.user is not None  # noqa: S101, PT018 - the caller looked
    respond = tokens.url_of(asked.id)
    if message is None:
        command = CommandData(asked.name, asked.text or "")
        return EventData(user=heard.user, command=command, respond=respond)
    pressed = ActionData(asked.name, asked.text)
    return EventData(message, user=heard.user, action=pressed, respond=respond)
