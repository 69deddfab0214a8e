"""The tables of endpoints and of what was sent to them."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, String, Table

from echosphere.database import Identifier, Milliseconds, Text, metadata

endpoints = Table(
    "bot_endpoints",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("bot_id", ForeignKey("users.id"), nullable=False, index=True),
    Column("url", Text, nullable=False),
    Column("types", String(400), nullable=False),  # separated by spaces
    Column("conversations", Text, nullable=False),  # separated by spaces; empty for all
    Column("created_at", Milliseconds, nullable=False),
    Column("secret", Text, nullable=False),  # sealed
    Column("previous_secret", Text),
    Column("previous_until", Milliseconds),
    Column("log", String(64), nullable=False),
    Column("txid", BigInteger, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("failing_since", Milliseconds),
    Column("paused_until", Milliseconds),
    Column("disabled_at", Milliseconds),
    Column("disabled_why", String(20)),
    Column("due_at", Milliseconds, index=True),
    Column("turn", Integer, nullable=False),
    Column("held", Boolean, nullable=False),
)

# One row for each event that was tried at an endpoint. It refers to the event by its place in the log,
# which no backup contains: `event_id` is made of the name of the log, too, and tells whether it is the
# same. Endpoints that are deleted leave their rows to the sweep.
deliveries = Table(
    "endpoint_deliveries",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("endpoint_id", Identifier, nullable=False),
    Column("event_id", Identifier, nullable=False),
    Column("txid", BigInteger, nullable=False),  # 0 for a test, as the number
    Column("number", BigInteger, nullable=False),
    Column("type", String(20), nullable=False),
    Column("conversation_id", Identifier),
    Column("created_at", Milliseconds, nullable=False, index=True),
    Column("state", String(12), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("tried_at", Milliseconds),
    Column("status", Integer),
    Column("error", String(400), nullable=False),
    Column("answer", String(400), nullable=False),
    Column("duration", Integer),
    Column("next_at", Milliseconds, index=True),
    Column("reply_seq", BigInteger),
    Index("ix_endpoint_deliveries_event", "endpoint_id", "event_id", unique=True),
    Index("ix_endpoint_deliveries_page", "endpoint_id", "created_at", "id"),
    Index("ix_endpoint_deliveries_waiting", "endpoint_id", "next_at"),
)
