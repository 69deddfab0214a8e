"""Which users are programs, which messages they wrote, and incoming webhooks."""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"


def upgrade() -> None:
    op.add_column("users", sa.Column("kind", sa.String(8), nullable=False, server_default="person"))
    op.add_column(
        "messages",
        sa.Column("automated", sa.Boolean, nullable=False, server_default=sa.false()),
    )
    op.create_table(
        "webhooks",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("conversation_id", sa.String(64), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("created_by", sa.String(64), nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("last_used_at", sa.BigInteger),
        sa.Column("revoked_at", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name="pk_webhooks"),
        sa.ForeignKeyConstraint(["id"], ["users.id"], name="fk_webhooks_id_users"),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name="fk_webhooks_conversation_id_conversations",
        ),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name="fk_webhooks_created_by_users"),
        sa.UniqueConstraint("token_hash", name="uq_webhooks_token_hash"),
    )
    op.create_index("ix_webhooks_conversation_id", "webhooks", ["conversation_id"])
    op.create_index("ix_webhooks_created_by", "webhooks", ["created_by"])
