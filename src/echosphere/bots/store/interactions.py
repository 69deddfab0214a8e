"""Queries of declared commands, and of what people asked of bots."""

import msgspec
from sqlalchemy import bindparam, delete, literal_column, select, update

from echosphere.bots.command import BotCommand
from echosphere.bots.interaction import OPEN_FOR, Interaction
from echosphere.bots.store.tables import bot_commands, bot_interactions
from echosphere.database import (
    Command,
    Prepared,
    Row,
    Snapshot,
    Transaction,
    as_list,
    in_list,
    insert,
)

DELETE_BATCH = 1_000

_COLUMNS = (
    bot_interactions.c.id,
    bot_interactions.c.bot_id,
    bot_interactions.c.conversation_id,
    bot_interactions.c.user_id,
    bot_interactions.c.name,
    bot_interactions.c.text,
    bot_interactions.c.seq,
    bot_interactions.c.key,
    bot_interactions.c.at,
    bot_interactions.c.answers,
)
_this = bot_interactions.c.id == bindparam("interaction")
_set_commands = insert(bot_commands).values(bot_id=bindparam("bot"), commands=bindparam("commands"))

COMMANDS = Prepared(
    select(bot_commands.c.bot_id, bot_commands.c.commands).where(
        in_list(bot_commands.c.bot_id, "ids")
    )
)
SET_COMMANDS = Prepared(
    _set_commands.on_conflict_do_update(
        index_elements=["bot_id"], set_={"commands": _set_commands.excluded.commands}
    )
)
DELETE_COMMANDS = Prepared(delete(bot_commands).where(bot_commands.c.bot_id == bindparam("bot")))
INSERT = Prepared(
    insert(bot_interactions).values({c.name: bindparam(c.name) for c in bot_interactions.c})
)
FIND = Prepared(select(*_COLUMNS).where(_this))
FIND_BY_TOKEN = Prepared(
    select(*_COLUMNS).where(bot_interactions.c.token_hash == bindparam("token_hash"))
)
COUNT_ANSWER = Prepared(
    update(bot_interactions)
    .where(_this)
    .values(answers=bot_interactions.c.answers + literal_column("1"))
)
_of_bot = bot_interactions.c.bot_id == bindparam("bot")
DELETE_OF_BOT = Prepared(delete(bot_interactions).where(_of_bot))
DELETE_IN_CONVERSATION = Prepared(
    delete(bot_interactions).where(
        _of_bot, bot_interactions.c.conversation_id == bindparam("conversation")
    )
)
_old = (
    select(bot_interactions.c.id)
    .where(bot_interactions.c.at < bindparam("before"))
    .limit(DELETE_BATCH)
)
DELETE_OLD = Prepared(delete(bot_interactions).where(bot_interactions.c.id.in_(_old)))

_decode = msgspec.json.Decoder(list[BotCommand]).decode


def set_commands(transaction: Transaction, bot: str, commands: list[BotCommand]) -> None:
    """Store all commands of a bot."""
    stored = msgspec.json.encode(commands).decode()
    transaction.run(SET_COMMANDS, bot=bot, commands=stored)


def commands_of(snapshot: Snapshot, bots: list[str]) -> list[tuple[str, list[BotCommand]]]:
    """Return the commands of those of these bots that have declared some."""
    found = snapshot.all(COMMANDS, ids=as_list(bots)) if bots else []
    return [(bot, _decode(commands)) for bot, commands in found]


def delete_commands(transaction: Transaction, bot: str) -> None:
    """Delete the commands of a bot that is being deleted."""
    transaction.run(DELETE_COMMANDS, bot=bot)


def insert_interaction(transaction: Transaction, asked: Interaction, hashed: str) -> None:
    """Store what was asked, with the hash of the token by which it is answered."""
    transaction.run(
        INSERT,
        id=asked.id,
        bot_id=asked.bot,
        conversation_id=asked.conversation,
        user_id=asked.user_id,
        name=asked.name,
        text=asked.text,
        seq=asked.seq,
        key=asked.key,
        token_hash=hashed,
        at=asked.at,
        answers=asked.answers,
    )


def find_interaction(snapshot: Snapshot, token_hash: str) -> Interaction | None:
    """Return what is answered by the token with this hash, or None."""
    return _interaction(snapshot.first(FIND_BY_TOKEN, token_hash=token_hash))


def interaction_of(snapshot: Snapshot, interaction: str) -> Interaction | None:
    """Return an interaction by its id, or None."""
    return _interaction(snapshot.first(FIND, interaction=interaction))


def count_answer(transaction: Transaction, interaction: str) -> bool:
    """Count one more answer; return False if the interaction has been deleted meanwhile."""
    return transaction.run(COUNT_ANSWER, interaction=interaction) > 0


def delete_interactions(
    transaction: Transaction, bot: str, conversation: str | None = None
) -> None:
    """Delete what was asked of a bot, everywhere or in one conversation: its addresses end."""
    if conversation is None:
        transaction.run(DELETE_OF_BOT, bot=bot)
    else:
        transaction.run(DELETE_IN_CONVERSATION, bot=bot, conversation=conversation)


def shift_interactions(transaction: Transaction, by: int) -> None:
    """Have what was asked be as old as before a leap of the clock."""
    transaction.execute(update(bot_interactions).values(at=bot_interactions.c.at + by))


class DeleteOldInteractions(Command[bool]):
    """Delete a batch of what can be answered no more; return whether there may be more."""

    def run(self, transaction: Transaction) -> bool:
        """Delete them."""
        return transaction.run(DELETE_OLD, before=transaction.now - OPEN_FOR) >= DELETE_BATCH


def _interaction(row: Row | None) -> Interaction | None:
    return None if row is None else Interaction(*row)
