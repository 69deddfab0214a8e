"""The tables of events for bots."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table, Text

from echosphere.database import Identifier, Milliseconds, RowNumber, metadata

# Rows are only added, and deleted once they are old. They say what happened, not what a message says:
# that is read with them.
bot_events = Table(
    "bot_events",
    metadata,
    Column("id", RowNumber, primary_key=True, autoincrement=True),
    Column("txid", BigInteger, nullable=False),  # PostgreSQL's number of the transaction; else 0
    Column("bot_id", ForeignKey("users.id"), nullable=False),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False),
    Column("type", String(20), nullable=False),
    Column("at", Milliseconds, nullable=False, index=True),
    Column("seq", BigInteger),
    Column("user_id", Identifier),
    Column("emoji", String(32)),
    Column("chain", Integer, nullable=False),
    Column("interaction_id", Identifier),  # of a command or a press, which may be deleted before
    Index("ix_bot_events_bot_id", "bot_id", "txid", "id"),
    Index("ix_bot_events_last", "bot_id", "conversation_id", "type", "id"),
)

# One row. Neither table is part of a backup, so that after a restore old cursors are refused.
bot_events_log = Table(
    "bot_events_log",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("name", String(64), nullable=False),
)

# What bots declare; a list is always read and replaced whole.
bot_commands = Table(
    "bot_commands",
    metadata,
    Column("bot_id", ForeignKey("users.id"), primary_key=True),
    Column("commands", Text, nullable=False),
)

# What people asked of bots in the last half an hour; not part of a backup either.
bot_interactions = Table(
    "bot_interactions",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("bot_id", ForeignKey("users.id"), nullable=False),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    Column("name", String(64), nullable=False),
    Column("text", Text),
    Column("seq", BigInteger),
    Column("key", String(64), nullable=False),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("at", Milliseconds, nullable=False, index=True),
    Column("answers", Integer, nullable=False),
)
