"""Shapes of commands, presses of buttons, and what bots answer."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from echosphere.bots.command import MAX_ABOUT, MAX_COMMANDS, MAX_NAME, MAX_USAGE, BotCommand
from echosphere.bots.declare import CommandOfBot
from echosphere.bots.interaction import MAX_NOTICE, ONE_ANSWER
from echosphere.bots.respond import Answer, Answered, Responded
from echosphere.core.errors import Invalid
from echosphere.core.text import strip_invisible
from echosphere.messages import (
    Action,
    Body,
    HeldShape,
    MessageShape,
    SentActions,
    clean_actions,
    held_shape,
    message_shape,
)
from echosphere.wire import Id, Key, Request, Seq, Shape


class DeclaredCommand(Request, frozen=True, kw_only=True):
    """A command that a bot declares."""

    name: Annotated[str, Meta(max_length=MAX_NAME)]
    about: Annotated[str, Meta(max_length=4 * MAX_ABOUT)]
    usage: Annotated[str, Meta(max_length=4 * MAX_USAGE)] = ""


class DeclareCommandsCall(Request, frozen=True, kw_only=True):
    """All commands of a bot."""

    bot: Id
    commands: Annotated[list[DeclaredCommand], Meta(max_length=MAX_COMMANDS)]

    def declared(self) -> list[BotCommand]:
        """Return the commands."""
        return [BotCommand(one.name, one.about, one.usage) for one in self.commands]


class SendCommandCall(Request, frozen=True, kw_only=True):
    """A command for a bot, and what follows its name."""

    conversation: Id
    key: Key
    bot: Id
    command: Annotated[str, Meta(max_length=MAX_NAME)]
    text: Body = ""


class PressCall(Request, frozen=True, kw_only=True):
    """A button of a message."""

    conversation: Id
    seq: Seq
    key: Key
    action: Id


class CardUpdate(Request, frozen=True, kw_only=True):
    """What the message of a pressed button says from now on; absent fields stay."""

    text: Body | UnsetType = UNSET
    actions: SentActions | UnsetType = UNSET


class RespondBody(Request, frozen=True, kw_only=True):
    """An answer of a bot: `text` for all or only the asking person, an `update`, or a `notice`."""

    key: Key
    text: Body | UnsetType = UNSET
    actions: SentActions | UnsetType = UNSET
    only: Literal["user"] | UnsetType = UNSET
    update: CardUpdate | UnsetType = UNSET
    notice: Annotated[str, Meta(min_length=1, max_length=MAX_NOTICE)] | UnsetType = UNSET

    def answer(self) -> Answer:
        """Return the answer.

        Raises:
            Invalid: There is none, or there are several, or a button breaks a rule.
        """
        shown = "" if self.notice is UNSET else strip_invisible(self.notice)
        notice = shown or UNSET
        given = [one for one in (self.text, self.update, notice) if one is not UNSET]
        alone = self.text is not UNSET or (self.actions is UNSET and self.only is UNSET)
        if len(given) != 1 or not alone:
            raise Invalid(f"The answer {ONE_ANSWER}.", fields={"text": ONE_ANSWER})
        if isinstance(self.update, CardUpdate):
            return _answer(self.update.text, self.update.actions, update=True)
        if isinstance(notice, str):
            return Answer(notice=notice)
        return _answer(self.text, self.actions, only=self.only is not UNSET)


class OwnCommand(Shape, frozen=True):
    """A command as a bot declared it."""

    name: str
    about: str
    usage: str


class DeclaredCommands(Shape, frozen=True):
    """All commands of a bot."""

    commands: list[OwnCommand]


class CommandBot(Shape, frozen=True):
    """The bot that does a command."""

    id: str
    name: str


class CommandShape(OwnCommand, frozen=True):
    """A command of a conversation."""

    bot: CommandBot


class Commands(Shape, frozen=True):
    """The commands of a conversation's bots, by their names."""

    commands: list[CommandShape]


class ResponseAnswer(Shape, frozen=True):
    """The message by which a bot answered, or that it changed; nothing of what is not stored."""

    message: MessageShape | UnsetType | None = UNSET
    held: HeldShape | UnsetType = UNSET


class Accepted(Shape, frozen=True):
    """A bot was asked; what it answers comes by itself."""


class AnswerEvent(Shape, frozen=True):
    """The event `answer`: a bot answered what the caller asked by `key`.

    With `seq` by a message, or another card; with `text` for the caller alone; or with a `notice`.
    """

    conversation: str
    bot: str
    key: str
    at: int
    seq: int | UnsetType = UNSET
    text: str | UnsetType = UNSET
    actions: list[list[Action]] | UnsetType = UNSET
    notice: str | UnsetType = UNSET


def commands_shape(found: list[CommandOfBot]) -> Commands:
    """Return the commands of a conversation as they cross the wire."""
    return Commands(
        [
            CommandShape(one.name, one.about, one.usage, CommandBot(bot.id, bot.name))
            for one, bot in found
        ]
    )


def declared_shape(commands: list[BotCommand]) -> DeclaredCommands:
    """Return the commands of one bot as they cross the wire."""
    return DeclaredCommands([OwnCommand(one.name, one.about, one.usage) for one in commands])


def response_answer(done: Responded) -> ResponseAnswer:
    """Return what came of an answer of a bot."""
    if done.held is not None:
        return ResponseAnswer(None, held_shape(done.held))
    if done.message is None:
        return ResponseAnswer()
    return ResponseAnswer(message_shape(done.message, done.attachments))


def answered_shape(event: Answered) -> AnswerEvent:
    """Return an answer as the pages of the person get it."""
    return AnswerEvent(
        event.conversation,
        event.bot,
        event.key,
        event.at,
        UNSET if event.seq is None else event.seq,
        UNSET if event.text is None else event.text,
        UNSET if event.actions is None else event.actions,
        UNSET if event.notice is None else event.notice,
    )


def _answer(
    text: str | UnsetType,
    actions: SentActions | UnsetType,
    *,
    only: bool = False,
    update: bool = False,
) -> Answer:
    rows = None if actions is UNSET else clean_actions(actions)
    return Answer(None if text is UNSET else text, rows, only, update)
