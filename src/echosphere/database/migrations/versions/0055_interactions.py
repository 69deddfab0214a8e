"""The commands of bots, and what people ask of them."""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"
rolling = True


def upgrade() -> None:
    op.add_column("bot_events", sa.Column("interaction_id", sa.String(64)))
    op.create_table(
        "bot_commands",
        sa.Column("bot_id", sa.String(64), nullable=False),
        sa.Column("commands", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("bot_id", name="pk_bot_commands"),
        _foreign("bot_commands", "bot_id", "users"),
    )
    op.create_table(
        "bot_interactions",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("bot_id", sa.String(64), nullable=False),
        sa.Column("conversation_id", sa.String(64), nullable=False),
        sa.Column("user_id", sa.String(64), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("text", sa.Text),
        sa.Column("seq", sa.BigInteger),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("answers", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_bot_interactions"),
        sa.UniqueConstraint("token_hash", name="uq_bot_interactions_token_hash"),
        _foreign("bot_interactions", "bot_id", "users"),
        _foreign("bot_interactions", "conversation_id", "conversations"),
        _foreign("bot_interactions", "user_id", "users"),
    )
    op.create_index("ix_bot_interactions_at", "bot_interactions", ["at"])


def _foreign(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{table}_{column}_{to}")
