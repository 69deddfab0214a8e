"""Addresses to which the events of bots are posted, and what was posted."""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"
rolling = True


def upgrade() -> None:
    op.create_table(
        "bot_endpoints",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("bot_id", sa.String(64), nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("types", sa.String(400), nullable=False),
        sa.Column("conversations", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("secret", sa.Text, nullable=False),
        sa.Column("previous_secret", sa.Text),
        sa.Column("previous_until", sa.BigInteger),
        sa.Column("log", sa.String(64), nullable=False),
        sa.Column("txid", sa.BigInteger, nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("failing_since", sa.BigInteger),
        sa.Column("paused_until", sa.BigInteger),
        sa.Column("disabled_at", sa.BigInteger),
        sa.Column("disabled_why", sa.String(20)),
        sa.Column("due_at", sa.BigInteger),
        sa.Column("turn", sa.Integer, nullable=False),
        sa.Column("held", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_bot_endpoints"),
        sa.ForeignKeyConstraint(["bot_id"], ["users.id"], name="fk_bot_endpoints_bot_id_users"),
    )
    op.create_index("ix_bot_endpoints_bot_id", "bot_endpoints", ["bot_id"])
    op.create_index("ix_bot_endpoints_due_at", "bot_endpoints", ["due_at"])
    op.create_table(
        "endpoint_deliveries",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("endpoint_id", sa.String(64), nullable=False),
        sa.Column("event_id", sa.String(64), nullable=False),
        sa.Column("txid", sa.BigInteger, nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("type", sa.String(20), nullable=False),
        sa.Column("conversation_id", sa.String(64)),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("tried_at", sa.BigInteger),
        sa.Column("status", sa.Integer),
        sa.Column("error", sa.String(400), nullable=False),
        sa.Column("answer", sa.String(400), nullable=False),
        sa.Column("duration", sa.Integer),
        sa.Column("next_at", sa.BigInteger),
        sa.Column("reply_seq", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name="pk_endpoint_deliveries"),
    )
    op.create_index("ix_endpoint_deliveries_created_at", "endpoint_deliveries", ["created_at"])
    op.create_index("ix_endpoint_deliveries_next_at", "endpoint_deliveries", ["next_at"])
    op.create_index(
        "ix_endpoint_deliveries_event",
        "endpoint_deliveries",
        ["endpoint_id", "event_id"],
        unique=True,
    )
    op.create_index(
        "ix_endpoint_deliveries_page",
        "endpoint_deliveries",
        ["endpoint_id", "created_at", "id"],
    )
    op.create_index(
        "ix_endpoint_deliveries_waiting", "endpoint_deliveries", ["endpoint_id", "next_at"]
    )
