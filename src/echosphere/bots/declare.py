"""Declares the commands of bots, and lists those of a conversation."""

from typing import NamedTuple

from echosphere.accounts import Bot, active_bots_by_id, find_bot
from echosphere.bots import store
from echosphere.bots.bot import UNKNOWN
from echosphere.bots.command import BotCommand, clean_commands
from echosphere.conversations import access_conversation, bot_members
from echosphere.core.caller import Caller
from echosphere.core.errors import NotFound
from echosphere.database import Command, Snapshot, Transaction


class CommandOfBot(NamedTuple):
    """A command, and the bot that does it."""

    command: BotCommand
    bot: Bot


class DeclareCommands(Command[list[BotCommand]]):
    """Store all commands of a bot, in the place of those that it had; return them.

    Raises:
        NotFound: The caller is neither the bot nor its owner.
        Invalid: A command breaks a rule.
    """

    caller: Caller
    bot: str
    commands: list[BotCommand]

    def run(self, transaction: Transaction) -> list[BotCommand]:
        """Store them."""
        bot = find_bot(transaction, self.bot)
        if bot is None or self.caller.user_id not in (bot.id, bot.owner):
            raise NotFound(UNKNOWN)
        cleaned = clean_commands(self.commands)
        store.set_commands(transaction, bot.id, cleaned)
        return cleaned


def list_commands(snapshot: Snapshot, viewer: str, conversation: str) -> list[CommandOfBot]:
    """Return the commands of a conversation's bots that may answer now, by their names.

    Raises:
        NotFound: The viewer is not a member.
    """
    if not access_conversation(snapshot, viewer, conversation).conversation.bots:
        return []
    here = [one.member.user for one in bot_members(snapshot, conversation)]
    bots = active_bots_by_id(snapshot, here)
    declared = store.commands_of(snapshot, list(bots))
    found = [CommandOfBot(one, bots[bot]) for bot, commands in declared for one in commands]
    return sorted(found, key=lambda one: (one.command.name, one.bot.name, one.bot.id))
