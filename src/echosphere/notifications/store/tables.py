"""The tables of push subscriptions and notices."""

from sqlalchemy import BigInteger, Column, ForeignKey, String, Table

from echosphere.database import Identifier, Milliseconds, metadata

push_subscriptions = Table(
    "push_subscriptions",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("session_id", ForeignKey("sessions.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("endpoint", String(1000), nullable=False, unique=True),
    Column("p256dh", String(200), nullable=False),
    Column("auth", String(100), nullable=False),
    Column("created_at", Milliseconds, nullable=False),
)

notices = Table(
    "notices",
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("conversation_id", Identifier, primary_key=True),
    Column("seq", BigInteger, primary_key=True),
    Column("outcome", String(32), nullable=False),
    Column("created_at", Milliseconds, nullable=False, index=True),
    sqlite_with_rowid=False,
)
