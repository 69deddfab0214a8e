"""What bots are to hear of, and what tells one log of it from another."""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.create_table(
        "bot_events",
        sa.Column("id", number, nullable=False, autoincrement=True),
        sa.Column("txid", sa.BigInteger, nullable=False),
        sa.Column("bot_id", sa.String(64), nullable=False),
        sa.Column("conversation_id", sa.String(64), nullable=False),
        sa.Column("type", sa.String(20), nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("seq", sa.BigInteger),
        sa.Column("user_id", sa.String(64)),
        sa.Column("emoji", sa.String(32)),
        sa.Column("chain", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_bot_events"),
        sa.ForeignKeyConstraint(["bot_id"], ["users.id"], name="fk_bot_events_bot_id_users"),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name="fk_bot_events_conversation_id_conversations",
        ),
    )
    op.create_index("ix_bot_events_bot_id", "bot_events", ["bot_id", "txid", "id"])
    op.create_index("ix_bot_events_last", "bot_events", ["bot_id", "conversation_id", "type", "id"])
    op.create_index("ix_bot_events_at", "bot_events", ["at"])
    op.create_table(
        "bot_events_log",
        sa.Column("id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_bot_events_log"),
    )
