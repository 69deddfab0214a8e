"""The tables of messages."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    false,
    text,
)

from echosphere.database import Identifier, Milliseconds, RowNumber, Text, metadata

messages = Table(
    "messages",
    metadata,
    Column("id", RowNumber, primary_key=True, autoincrement=True),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("author_id", ForeignKey("users.id"), nullable=False),
    Column("key", String(64), nullable=False),
    Column("body", Text, nullable=False),
    Column("created_at", Milliseconds, nullable=False),
    Column("edited_at", Milliseconds),
    Column("deleted", Boolean, nullable=False),
    Column("reply_to", BigInteger),
    Column("system", Text),  # JSON: what a system line says
    Column("files", Integer, nullable=False),  # how many attachments it has
    Column("forwarded", Boolean, nullable=False, server_default=false()),
    Column("mentions", Text),  # JSON: [{user, text}]
    Column("mentions_all", Boolean, nullable=False, server_default=false()),
    Column("reactions", Text),  # JSON: [{emoji, users}]
    Column("pinned_at", Milliseconds),
    Column("pinned_by", Identifier),
    Column("preview", Text),  # JSON: what the first link leads to
    Column("expires_at", Milliseconds),  # 0 once it was deleted for its age
    Column("automated", Boolean, nullable=False, server_default=false()),
    Column("parts", Text),  # JSON: {name: content}
    UniqueConstraint("conversation_id", "seq"),
    UniqueConstraint("author_id", "conversation_id", "key"),
    # The conditions hold on PostgreSQL, too, as its migrations say. To repeat them here would load its
    # dialect at every start. Few messages change after they were posted: the others need no place in
    # this index.
    Index(
        "ix_messages_changed",
        "conversation_id",
        "version",
        sqlite_where=text("version <> seq"),
    ),
    Index(
        "ix_messages_pinned",
        "conversation_id",
        "pinned_at",
        sqlite_where=text("pinned_at IS NOT NULL"),
    ),
    Index(
        "ix_messages_expiring",
        "expires_at",
        sqlite_where=text("expires_at > 0"),
    ),
    Index(
        "ix_messages_for_everybody",
        "conversation_id",
        "seq",
        sqlite_where=text("mentions_all"),
    ),
)

# Leaps of the machine's clock: messages up to this id are as old as if it had not leapt.
clock_shifts = Table(
    "clock_shifts",
    metadata,
    Column("up_to", BigInteger, nullable=False),
    Column("shifted_by", BigInteger, nullable=False),
)

# Who is mentioned by name: the words stand in the message, this is for counting.
mentions = Table(
    "mentions",
    metadata,
    Column("conversation_id", ForeignKey("conversations.id"), primary_key=True),
    Column("seq", BigInteger, primary_key=True),
    Column("user_id", ForeignKey("users.id"), primary_key=True),
    Index(None, "user_id", "conversation_id", "seq"),
    sqlite_with_rowid=False,
)

message_versions = Table(
    "message_versions",
    metadata,
    Column("conversation_id", ForeignKey("conversations.id"), primary_key=True),
    Column("seq", BigInteger, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("body", Text, nullable=False),
    Column("created_at", Milliseconds, nullable=False),
)

hidden_messages = Table(
    "hidden_messages",
    metadata,
    Column("id", RowNumber, primary_key=True, autoincrement=True),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("hidden_at", Milliseconds, nullable=False, server_default="0"),
    # The person took it back: the row stays, so that devices that were away learn of it.
    Column("restored", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("user_id", "conversation_id", "seq"),
)

saved_messages = Table(
    "saved_messages",
    metadata,
    Column("user_id", ForeignKey("users.id"), primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id"), primary_key=True),
    Column("seq", BigInteger, primary_key=True),
    Column("saved_at", Milliseconds, nullable=False),
    Index(None, "conversation_id", "seq"),
    Index(None, "user_id", "saved_at"),
    sqlite_with_rowid=False,
)
