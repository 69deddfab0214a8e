"""The tables of conversations and their members."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    false,
    text,
)

from echosphere.database import Identifier, Milliseconds, Text, metadata

conversations = Table(
    "conversations",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("kind", String(8), nullable=False),  # direct, group
    Column("title", String(100)),
    Column("avatar", String(200)),
    Column("pair", String(130), unique=True),  # of a direct one: both people's ids, sorted
    Column("version", BigInteger, nullable=False),
    Column("members_version", BigInteger, nullable=False),
    Column("last_seq", BigInteger, nullable=False),
    Column("created_at", Milliseconds, nullable=False),
    Column("changed_at", Milliseconds, nullable=False),
    Column("history", String(8), nullable=False, server_default="all"),  # all, joined
    Column("description", String(500)),
    Column("posting", String(8), nullable=False, server_default="all"),  # all, admins
    Column("reacting", String(8), nullable=False, server_default="all"),  # all, admins
    Column("slow_seconds", Integer, nullable=False, server_default="0"),
    Column("retention_days", Integer, nullable=False, server_default="0"),
    Column("expire_seconds", Integer, nullable=False, server_default="0"),
    Column("filter_words", Text),  # JSON: a list
    # Up to this message retention has deleted everything.
    Column("retained_seq", BigInteger, nullable=False, server_default="0"),
    # The last epoch in which it changed, its version before that, and the epoch of the change before.
    Column("epoch", BigInteger, nullable=False, server_default="0"),
    Column("epoch_base", BigInteger, nullable=False, server_default="0"),
    Column("earlier_epoch", BigInteger, nullable=False, server_default="0"),
    # Rises from change to change of all conversations, so that the latest ones are found by an index,
    # whatever the clocks say. A new message does not raise it: those are found by their ids.
    Column("change_number", BigInteger, nullable=False, server_default="0"),
    Column("bots", Integer, nullable=False, server_default="0"),  # how many are members
    # The condition holds on PostgreSQL, too, as its migration says.
    Index(
        "ix_conversations_change_number",
        "change_number",
        sqlite_where=text("change_number > 0"),
    ),
    sqlite_with_rowid=False,
)

members = Table(
    "members",
    metadata,
    Column("conversation_id", ForeignKey("conversations.id"), primary_key=True),
    Column("user_id", ForeignKey("users.id"), primary_key=True, index=True),
    Column("role", String(8), nullable=False),  # owner, admin, member
    Column("left", Boolean, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("joined_seq", BigInteger, nullable=False),
    Column("read_seq", BigInteger, nullable=False),
    Column("delivered_seq", BigInteger, nullable=False),
    Column("muted", Boolean, nullable=False),
    Column("pinned", Boolean, nullable=False),
    Column("archived", Boolean, nullable=False),
    Column("draft", Text),
    Column("seen_seq", BigInteger, nullable=False, server_default="0"),
    Column("notify", String(8), nullable=False, server_default="default"),
    Column("muted_until", Milliseconds),
    Column("marked_unread", Boolean, nullable=False, server_default=false()),
    Column("longer_draft", Boolean, nullable=False, server_default=false()),
    Column("joined_at", Milliseconds, nullable=False, server_default="0"),  # the eldest is heir
    # What the member cleared for themselves, what that was before, and when; null if there is
    # nothing to be undone. The version counts all changes of it.
    Column("cleared_seq", BigInteger, nullable=False, server_default="0"),
    Column("cleared_before", BigInteger, nullable=False, server_default="0"),
    Column("cleared_at", Milliseconds),
    Column("clear_version", BigInteger, nullable=False, server_default="0"),
    Column("dropped", Boolean, nullable=False, server_default=false()),
    Column("posted_at", Milliseconds),  # the last message in slow mode
    Column("bot", Boolean, nullable=False, server_default=false()),
    sqlite_with_rowid=False,
)

# What a bot may see that sees only what is meant for it: its own messages, mentions, and replies to it.
addressed_messages = Table(
    "addressed_messages",
    metadata,
    Column("user_id", ForeignKey("users.id"), primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id"), primary_key=True),
    Column("seq", BigInteger, primary_key=True),
    Index(None, "conversation_id", "seq"),
    sqlite_with_rowid=False,
)
